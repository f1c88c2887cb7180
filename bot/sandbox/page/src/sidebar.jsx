/* The left side: channels, direct messages and the app, each with what is unread. */

import { Avatar } from "./avatar.jsx";

function Place({ place, current, unread = 0, icon, children, onGo }) {
  const here = current?.id === place.id && Boolean(current.home) === Boolean(place.home);
  return (
    <li>
      <button
        type="button"
        className={unread > 0 ? "place unread" : "place"}
        aria-current={here ? "page" : undefined}
        onClick={() => onGo(place)}
      >
        <span className="place-icon" aria-hidden="true">
          {icon}
        </span>
        <span className="place-name">{children}</span>
        {unread > 0 && (
          <span className="count" aria-label={`${unread} unread`}>
            {unread}
          </span>
        )}
      </button>
    </li>
  );
}

function Group({ title, children }) {
  return (
    <section>
      <h2>{title}</h2>
      <ul>{children}</ul>
    </section>
  );
}

const isGlobal = (shortcut) => shortcut.type === "global";
const iconOf = (channel) => (channel.is_private ? "🔒" : "#");

/** Every place one can go, and the app's global shortcuts. */
export function Sidebar({ state, onGo, onShortcut }) {
  const bot = state.users[state.bot];
  const open = state.channels.filter((channel) => !channel.is_archived);
  const rooms = open.filter((channel) => !channel.is_im);
  const direct = open.filter((channel) => channel.is_im);
  const shared = { current: state.place, onGo };
  return (
    <nav className="sidebar" aria-label="Channels">
      <h1>{state.team.name}</h1>
      <Group title="Channels">
        {rooms.map((channel) => (
          <Place
            key={channel.id}
            {...shared}
            place={{ id: channel.id }}
            unread={state.unread[channel.id]}
            icon={iconOf(channel)}
          >
            {channel.name}
          </Place>
        ))}
      </Group>
      {direct.length > 0 && (
        <Group title="Direct messages">
          {direct.map((channel) => (
            <Place
              key={channel.id}
              {...shared}
              place={{ id: channel.id }}
              unread={state.unread[channel.id]}
              icon="●"
            >
              {channel.name}
            </Place>
          ))}
        </Group>
      )}
      <Group title="Apps">
        <Place {...shared} place={{ id: bot.id, home: true }} icon={<Avatar isBot />}>
          {bot.real_name}
        </Place>
        {state.shortcuts.filter(isGlobal).map(({ callback_id, name }) => (
          <li key={callback_id}>
            <button type="button" className="place" onClick={() => onShortcut(callback_id)}>
              <span className="place-icon" aria-hidden="true">
                ⚡
              </span>
              <span className="place-name">{name}</span>
            </button>
          </li>
        ))}
      </Group>
    </nav>
  );
}
