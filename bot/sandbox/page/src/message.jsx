/* One message as it stands in a channel or a thread. */

import { Avatar } from "./avatar.jsx";
import { Blocks, Surface } from "./blocks.jsx";
import { Boundary } from "./boundary.jsx";
import { useFilled } from "./filled.js";
import { plainText } from "./normalize.js";

const clockTime = (ts) =>
  new Date(ts * 1000).toLocaleTimeString("en-US", { hour: "numeric", minute: "2-digit" });

const asBlock = (text) => ({ type: "section", text: { type: "mrkdwn", text } });

/** The blocks Slack draws: a message without any is its text. */
function blocksOf(message) {
  if (message.blocks?.length) return message.blocks;
  return message.text ? [asBlock(message.text)] : [];
}

function PlainText({ message }) {
  return <p className="plain">{plainText(message.text)}</p>;
}

function Attachment({ attachment }) {
  const color = /^[0-9a-f]{6}$/i.test(attachment.color) ? `#${attachment.color}` : attachment.color;
  const blocks = blocksOf({ ...attachment, text: attachment.text ?? attachment.fallback });
  return (
    <div className="attachment" style={{ borderLeftColor: color }}>
      <Blocks blocks={blocks} />
    </div>
  );
}

function File({ file }) {
  const name = file.title || file.name;
  const isPicture = /\.(png|jpe?g|gif)$/i.test(file.name);
  return (
    <figure className="file">
      <figcaption>{name}</figcaption>
      <a href={file.url} target="_blank" rel="noopener noreferrer">
        {isPicture ? <img src={file.url} alt={file.alt_txt ?? name} /> : "Open file"}
      </a>
    </figure>
  );
}

function Content({ message }) {
  return (
    <Boundary retryOn={message} fallback={<PlainText message={message} />}>
      <Blocks blocks={blocksOf(message)} />
      {(message.attachments ?? []).map((attachment, index) => (
        <Attachment key={index} attachment={attachment} />
      ))}
      {(message.files ?? []).map((file) => (
        <File key={file.id} file={file} />
      ))}
    </Boundary>
  );
}

function Head({ message, user }) {
  return (
    <div className="message-head">
      <b>{message.username ?? user?.real_name ?? message.user}</b>
      {message.is_bot && <span className="badge">APP</span>}
      <time dateTime={new Date(message.ts * 1000).toISOString()}>{clockTime(message.ts)}</time>
    </div>
  );
}

function Toolbar({ message, shortcuts, onReply, onShortcut }) {
  return (
    <div className="toolbar" role="toolbar" aria-label="Message actions">
      {onReply && (
        <button type="button" aria-label="Reply in thread" onClick={onReply}>
          💬
        </button>
      )}
      {shortcuts.map(({ callback_id, name }) => (
        <button
          key={callback_id}
          type="button"
          title={name}
          onClick={() => onShortcut(callback_id, message)}
        >
          {name}
        </button>
      ))}
    </div>
  );
}

/**
 * A message with its author, its cards and what can be done with it.
 *
 * `replies` is how many hang on it; `onReply` is left out inside a thread; `compact` drops
 * the author's line where the message before was theirs too.
 */
export function Message({ message, surface, replies, compact, actions }) {
  const { values, onFill } = useFilled();
  const user = surface.people[message.user];
  const onAct = (block, element, action) => actions.act(message, block, element, action);
  const busy = actions.busyIn(message.ts);
  const onReply = actions.reply && !message.ephemeral ? () => actions.reply(message) : null;
  const shortcuts = message.ephemeral ? [] : surface.shortcuts;
  const className = ["message", message.ephemeral && "ephemeral", compact && "compact"];

  return (
    <article className={className.filter(Boolean).join(" ")} data-ts={message.ts}>
      {message.ephemeral && (
        <p className="only-you">
          <span aria-hidden="true">👁</span> Only visible to you
        </p>
      )}
      <div className="message-side">
        {compact && <time>{clockTime(message.ts)}</time>}
        {!compact && <Avatar user={user} isBot={message.is_bot} />}
      </div>
      <div className="message-main">
        {!compact && <Head message={message} user={user} />}
        <Surface.Provider value={{ ...surface, values, errors: {}, busy, onAct, onFill }}>
          <Content message={message} />
        </Surface.Provider>
        {message.edited && <span className="edited">(edited)</span>}
        {actions.troubleIn(message.ts) && (
          <p className="trouble" role="alert">
            {actions.troubleIn(message.ts)}
          </p>
        )}
        {replies > 0 && (
          <button type="button" className="replies" onClick={onReply}>
            {replies === 1 ? "1 reply" : `${replies} replies`}
          </button>
        )}
      </div>
      <Toolbar {...{ message, shortcuts, onReply }} onShortcut={actions.shortcut} />
    </article>
  );
}
