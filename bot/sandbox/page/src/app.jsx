/* The whole page: what the local Slack says comes in on one side, what a person does goes out. */

import { useEffect, useMemo, useReducer } from "react";

import { act, follow } from "./api.js";
import { Avatar } from "./avatar.jsx";
import { channelTitle, Conversation, Thread } from "./conversation.jsx";
import { Modal } from "./dialogs.jsx";
import { Home, Lost, TopBar } from "./frame.jsx";
import { usePresses } from "./presses.js";
import { Sidebar } from "./sidebar.jsx";
import { EMPTY, openChannel, reduce } from "./store.js";
import { useTheme } from "./theme.js";

const SLACKBOT = { user: "USLACKBOT", username: "Slackbot", is_bot: false, ephemeral: true };

/** What Slack itself tells a person; like every ephemeral message it is gone after a reload. */
const notice = (channel, text, thread) => ({
  type: "notice",
  channel,
  now: Date.now() / 1000,
  message: { ...SLACKBOT, channel, text, thread_ts: thread, blocks: [] },
});

// Where the bot failed to acknowledge (a code, with the time it took), Slackbot says so itself.
const isTold = ({ ok, ack_ms: took, error }) =>
  ok || (took !== undefined && /^[a-z_]+$/.test(error));

/** Send what was typed; what is no command is a message. */
const sendWith = (dispatch) => async (channel, text, thread) => {
  const kind = text.startsWith("/") ? "command" : "message";
  const answer = await act(kind, { channel, text, thread_ts: thread });
  if (!isTold(answer)) dispatch(notice(channel, answer.error, thread));
};

/** What the renderer needs to know of the workspace, the same for every message. */
function useSurface(state, theme) {
  const { users, channels, shortcuts } = state;
  return useMemo(
    () => ({
      theme,
      people: users,
      users: Object.values(users).map(({ id, real_name: name }) => ({ id, name })),
      channels: channels.map(({ id, name }) => ({ id, name })),
      shortcuts: shortcuts.filter((shortcut) => shortcut.type === "message"),
    }),
    [theme, users, channels, shortcuts],
  );
}

/** What can be done with the messages of a channel. */
const actionsIn = (channel, presses, dispatch) => ({
  busyIn: presses.busyIn,
  troubleIn: presses.troubleIn,
  act: (message, block, element, action) =>
    presses.press(message.ts, block, element, action, { channel }),
  reply: (message) => dispatch({ type: "thread", ts: message.thread_ts ?? message.ts }),
  shortcut: (callback_id, message) => act("shortcut", { callback_id, channel, ts: message.ts }),
});

/** The surface of a modal or of Home, and what a press in it does. */
const viewProps = (view, surface, presses) => ({
  view,
  surface: { ...surface, busy: presses.busyIn(view?.id) },
  onAct: (block, element, action) =>
    presses.press(view.id, block, element, action, { view_id: view.id }),
});

function ChannelMain({ state, channel, theme, shared, send }) {
  const away = channel.bot_is_member ? "" : `${state.users[state.bot].real_name} is not in here`;
  return (
    <main>
      {state.lost && <Lost reason={state.lost} />}
      <TopBar title={channelTitle(channel)} subtitle={away} {...theme} />
      <Conversation
        {...shared}
        channel={channel}
        stories={state.stories}
        ack={state.ack}
        onSend={(text) => send(channel.id, text)}
      />
    </main>
  );
}

function HomeMain({ state, theme, ...view }) {
  const name = state.users[state.bot].real_name;
  return (
    <main>
      {state.lost && <Lost reason={state.lost} />}
      <TopBar icon={<Avatar isBot />} title={name} {...theme} />
      <Home name={name} {...view} />
    </main>
  );
}

function Client({ state, dispatch }) {
  const [theme, onTheme] = useTheme();
  const presses = usePresses();
  const surface = useSurface(state, theme);
  const send = sendWith(dispatch);
  const channel = openChannel(state);
  const messages = state.messages[channel?.id] ?? [];
  const shared = { messages, surface, actions: actionsIn(channel?.id, presses, dispatch) };
  const looks = { theme: { theme, onTheme }, state };
  const go = (place) => {
    dispatch({ type: "go", place });
    if (place.home) act("home", {});
  };

  return (
    <div className="client" data-thread={state.thread ? "open" : "closed"}>
      <Sidebar
        state={state}
        onGo={go}
        onShortcut={(callback_id) => act("shortcut", { callback_id })}
      />
      {channel ? (
        <ChannelMain {...looks} {...{ channel, shared, send }} />
      ) : (
        <HomeMain {...looks} {...viewProps(state.home, surface, presses)} />
      )}
      {channel && state.thread && (
        <Thread
          ts={state.thread}
          {...shared}
          onSend={(text) => send(channel.id, text, state.thread)}
          onClose={() => dispatch({ type: "thread", ts: null })}
        />
      )}
      {state.modal && (
        <Modal
          key={state.modal.id}
          {...viewProps(state.modal, surface, presses)}
          onClosed={() => dispatch({ type: "view", kind: "modal", view: null })}
        />
      )}
    </div>
  );
}

/** The client of one person in one workspace. */
export function App() {
  const [state, dispatch] = useReducer(reduce, EMPTY);
  useEffect(() => follow(dispatch), []);
  if (state.loaded) return <Client {...{ state, dispatch }} />;
  return state.lost ? <Lost reason={state.lost} /> : <p className="opening">Opening the demo…</p>;
}
