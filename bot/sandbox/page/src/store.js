/* What the page knows, and how each event changes it. Pure: no network, no clock. */

export const EMPTY = {
  loaded: false,
  lost: null,
  team: { name: "" },
  me: null,
  bot: null,
  users: {},
  channels: [],
  messages: {},
  stories: [],
  shortcuts: [],
  home: null,
  modal: null,
  place: null,
  thread: null,
  unread: {},
  ack: null,
};

const byTs = (left, right) => Number(left.ts) - Number(right.ts);

/** A reply hangs on another message; it stands in the channel only where it was sent there too. */
export const isReply = (message) => Boolean(message.thread_ts && message.thread_ts !== message.ts);

/** The channel on screen, or null while an app's Home tab is. */
export const openChannel = (state) =>
  state.channels.find((channel) => channel.id === state.place?.id) ?? null;

function put(state, { channel, message }) {
  const others = (state.messages[channel] ?? []).filter((one) => one.ts !== message.ts);
  const messages = { ...state.messages, [channel]: [...others, message].sort(byTs) };
  return { ...state, messages };
}

function arrive(state, event) {
  const seen = event.channel === state.place?.id || event.message.user === state.me;
  const count = (state.unread[event.channel] ?? 0) + (seen ? 0 : 1);
  return put({ ...state, unread: { ...state.unread, [event.channel]: count } }, event);
}

/** A sentence of Slack's own: it stands below what is there, whatever the clock there says. */
function tell(state, { channel, message, now }) {
  const last = state.messages[channel]?.at(-1)?.ts ?? 0;
  const ts = Math.max(now, Number(last) + 0.001).toFixed(6);
  return put(state, { channel, message: { ...message, ts } });
}

function remove(state, { channel, ts }) {
  const kept = (state.messages[channel] ?? []).filter((one) => one.ts !== ts);
  return { ...state, messages: { ...state.messages, [channel]: kept } };
}

/** A story's command as one would type it. */
const typed = (story) =>
  story.command.startsWith("/") ? story : { ...story, command: `/mediatask ${story.command}` };

/** A fresh snapshot keeps the ephemeral messages on screen: only a reload loses them. */
function load(state, snapshot) {
  const messages = {};
  for (const { id } of snapshot.channels) {
    const mine = (state.messages[id] ?? []).filter((one) => one.ephemeral);
    messages[id] = [...(snapshot.messages[id] ?? []), ...mine].sort(byTs);
  }
  const first = snapshot.channels.find((channel) => channel.is_member) ?? snapshot.channels[0];
  return {
    ...state,
    ...snapshot,
    messages,
    users: Object.fromEntries(snapshot.users.map((user) => [user.id, user])),
    stories: snapshot.stories.map(typed),
    modal: snapshot.view ?? null,
    place: state.place ?? { id: first.id },
    loaded: true,
    lost: null,
  };
}

const TRANSITIONS = {
  loaded: (state, { state: snapshot }) => load(state, snapshot),
  lost: (state, { reason }) => ({ ...state, lost: reason }),
  message: arrive,
  notice: tell,
  message_changed: put,
  message_deleted: remove,
  view: (state, { kind, view }) =>
    kind === "home" ? { ...state, home: view } : { ...state, modal: view },
  ack: (state, { kind, ms, error }) => ({ ...state, ack: { kind, ms, error } }),
  go: (state, { place }) => ({
    ...state,
    place,
    thread: null,
    unread: { ...state.unread, [place.id]: 0 },
  }),
  thread: (state, { ts }) => ({ ...state, thread: ts }),
};

/** Apply one event; an unknown type is a fault of ours and throws. */
export function reduce(state, event) {
  return TRANSITIONS[event.type](state, event);
}
