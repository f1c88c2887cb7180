/* Where a person types: messages, and `/mediatask …` with the prepared commands as hints. */

import { useId, useState } from "react";

const COMMAND = "/mediatask";
const USAGE = {
  command: `${COMMAND} `,
  label: `${COMMAND} [provider] id …`,
  title: "Is my recording done?",
};

/** What to offer for a draft that begins a command; never what is already there. */
export function hintsFor(draft, stories) {
  if (!draft.startsWith("/")) return [];
  const known = [USAGE, { command: `${COMMAND} help`, title: "What it can do" }, ...stories];
  const begun = draft.toLowerCase();
  return known
    .filter(({ command }) => command.toLowerCase().startsWith(begun) && command !== draft)
    .slice(0, 8);
}

function Hints({ id, hints, chosen, onChoose }) {
  return (
    <ul className="hints" role="listbox" id={id} aria-label="Commands">
      {hints.map((hint, index) => (
        <li
          key={hint.command}
          id={`${id}-${index}`}
          role="option"
          aria-selected={index === chosen}
          onMouseDown={(event) => {
            event.preventDefault();
            onChoose(hint);
          }}
        >
          <code>{hint.label ?? hint.command}</code>
          <span>{hint.title}</span>
        </li>
      ))}
    </ul>
  );
}

/** A text box; Enter sends, Shift+Enter breaks the line, Tab takes the hint in focus. */
export function Composer({ label, stories = [], onSend, autoFocus }) {
  const id = useId();
  const [draft, setDraft] = useState("");
  const [chosen, setChosen] = useState(0);
  const [shut, setShut] = useState(false);
  const hints = shut ? [] : hintsFor(draft, stories);

  const write = (text) => {
    setDraft(text);
    setChosen(0);
    setShut(false);
  };
  const send = () => {
    if (draft.trim()) onSend(draft.trim());
    write("");
  };
  const keys = {
    Enter: () => send(),
    Tab: hints.length > 0 && (() => write(hints[chosen].command)),
    ArrowDown: hints.length > 0 && (() => setChosen((chosen + 1) % hints.length)),
    ArrowUp: hints.length > 0 && (() => setChosen((chosen + hints.length - 1) % hints.length)),
    Escape: hints.length > 0 && (() => setShut(true)),
  };
  const press = (event) => {
    const respond = event.shiftKey || event.nativeEvent.isComposing ? null : keys[event.key];
    if (!respond) return;
    event.preventDefault();
    respond();
  };

  return (
    <div className="composer">
      {hints.length > 0 && (
        <Hints id={id} hints={hints} chosen={chosen} onChoose={({ command }) => write(command)} />
      )}
      <textarea
        rows={Math.min(6, draft.split("\n").length)}
        value={draft}
        placeholder={label}
        aria-label={label}
        aria-autocomplete="list"
        aria-controls={hints.length > 0 ? id : undefined}
        aria-activedescendant={hints.length > 0 ? `${id}-${chosen}` : undefined}
        autoFocus={autoFocus}
        onChange={(event) => write(event.target.value)}
        onKeyDown={press}
      />
      <button
        type="button"
        className="send"
        aria-label="Send"
        disabled={!draft.trim()}
        onClick={send}
      >
        <svg viewBox="0 0 20 20" aria-hidden="true">
          <path d="M2 3.2c0-.9 1-1.5 1.8-1.1l14 6.8c.9.4.9 1.7 0 2.2l-14 6.8c-.8.4-1.8-.2-1.8-1.1l1.5-5.6L11 10 3.5 8.8z" />
        </svg>
      </button>
    </div>
  );
}
