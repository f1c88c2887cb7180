/* A channel, and a thread beside it: the list of messages and where one types into it. */

import { useEffect, useLayoutEffect, useRef } from "react";

import { Composer } from "./composer.jsx";
import { Message } from "./message.jsx";
import { isReply } from "./store.js";

const TOGETHER_S = 300;
const day = (ts) => new Date(ts * 1000).toDateString();

/** Slack leaves out the author's line for what the same person says soon after. */
const isCompact = (message, before) =>
  Boolean(before) &&
  before.user === message.user &&
  before.username === message.username &&
  !before.ephemeral &&
  !message.ephemeral &&
  message.ts - before.ts < TOGETHER_S &&
  day(message.ts) === day(before.ts);

function dayLabel(ts) {
  if (day(ts) === day(Date.now() / 1000)) return "Today";
  const format = { weekday: "long", month: "long", day: "numeric" };
  return new Date(ts * 1000).toLocaleDateString("en-US", format);
}

function Messages({ messages, label, replies = {}, surface, actions }) {
  const list = useRef(null);
  const inner = useRef(null);
  const seen = useRef({ top: 0, atEnd: true });
  const toEnd = () => {
    if (seen.current.atEnd) list.current.scrollTop = list.current.scrollHeight;
  };
  useLayoutEffect(toEnd, [messages]);
  useEffect(() => {
    const watch = new ResizeObserver(toEnd); // pictures load late
    watch.observe(inner.current);
    watch.observe(list.current);
    return () => watch.disconnect();
  }, []);
  // Only a reader who scrolls up leaves the end; growing content scrolls nothing by itself.
  const noteScroll = () => {
    const { scrollHeight, scrollTop, clientHeight } = list.current;
    const near = scrollHeight - scrollTop - clientHeight < 40;
    const atEnd = near || (seen.current.atEnd && scrollTop >= seen.current.top);
    seen.current = { top: scrollTop, atEnd };
  };

  return (
    <div className="messages" role="log" aria-label={label} ref={list} onScroll={noteScroll}>
      <div className="messages-inner" ref={inner}>
        {messages.map((message, index) => {
          const before = messages[index - 1];
          const newDay = !before || day(before.ts) !== day(message.ts);
          return (
            <div key={message.ts}>
              {newDay && <div className="day-line"><span>{dayLabel(message.ts)}</span></div>}
              <Message
                {...{ message, surface, actions }}
                compact={isCompact(message, before)}
                replies={replies[message.ts] ?? 0}
              />
            </div>
          );
        })}
      </div>
    </div>
  );
}

function countReplies(messages) {
  const counts = {};
  for (const message of messages.filter(isReply)) {
    counts[message.thread_ts] = (counts[message.thread_ts] ?? 0) + 1;
  }
  return counts;
}

function Stories({ stories, onTry }) {
  if (stories.length === 0) return null;
  return (
    <div className="stories" role="group" aria-label="Stories to try">
      <span>Try:</span>
      {stories.map((story) => (
        <button
          key={story.command}
          type="button"
          title={[story.text, story.command].filter(Boolean).join("\n")}
          onClick={() => onTry(story.command)}
        >
          {story.title}
        </button>
      ))}
    </div>
  );
}

/** Milliseconds as a person reads them; the local Slack allows three seconds. */
function Ack({ ack }) {
  if (!ack) return <span className="ack" />;
  const took = ack.ms === null || ack.ms === undefined ? "" : ` in ${Math.round(ack.ms)} ms`;
  return (
    <span className="ack" data-error={ack.error ?? undefined}>
      {ack.error ? `${ack.kind}: ${ack.error}` : `${ack.kind} acknowledged${took}`}
    </span>
  );
}

/** The name as the sidebar and the header write it. */
export const channelTitle = (channel) => (channel.is_im ? channel.name : `#${channel.name}`);

/** One channel with its composer; stories are offered where a person would type them. */
export function Conversation({ channel, messages, stories, ack, surface, actions, onSend }) {
  const title = channelTitle(channel);
  const shown = messages.filter((message) => !isReply(message) || message.reply_broadcast);
  return (
    <section className="conversation" aria-label={title}>
      <Messages
        key={channel.id}
        label={`Messages in ${title}`}
        messages={shown}
        replies={countReplies(messages)}
        {...{ surface, actions }}
      />
      <footer>
        <Stories stories={stories} onTry={(command) => onSend(command)} />
        <Composer
          key={channel.id}
          label={`Message ${title}`}
          stories={stories}
          onSend={onSend}
          autoFocus
        />
        <div className="footnote">
          <span>Enter sends, Shift+Enter starts a new line</span>
          <Ack ack={ack} />
        </div>
      </footer>
    </section>
  );
}

/** The pane of one thread: its first message, then the replies. */
export function Thread({ ts, messages, surface, actions, onSend, onClose }) {
  const inThread = messages.filter((message) => message.ts === ts || message.thread_ts === ts);
  return (
    <aside className="thread" aria-label="Thread">
      <header>
        <h2>Thread</h2>
        <button type="button" className="icon" aria-label="Close thread" onClick={onClose}>
          ✕
        </button>
      </header>
      <Messages
        label="Messages in this thread"
        messages={inThread}
        surface={surface}
        actions={{ ...actions, reply: null }}
      />
      <footer>
        <Composer label="Reply…" onSend={onSend} autoFocus />
      </footer>
    </aside>
  );
}
