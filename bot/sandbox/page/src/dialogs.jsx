/* What opens over the page: confirmations and modals, as native dialogs (focus, Escape). */

import { useEffect, useId, useRef, useState } from "react";

import { act } from "./api.js";
import { Blocks, Surface } from "./blocks.jsx";
import { Boundary } from "./boundary.jsx";
import { initialValues, stateOf } from "./fields.jsx";
import { useFilled } from "./filled.js";
import { plainText } from "./normalize.js";

function Dialog({ label, className, onDismiss, children }) {
  const box = useRef(null);
  useEffect(() => box.current.showModal(), []);
  const dismiss = (event) => {
    event.preventDefault();
    onDismiss();
  };
  return (
    <dialog ref={box} className={className} aria-labelledby={label} onCancel={dismiss}>
      {children}
    </dialog>
  );
}

/** A confirm object; `onDone(true)` only where the person agreed. */
export function Confirm({ dialog, onDone }) {
  const label = useId();
  const tone = dialog.style === "danger" ? "danger" : "primary";
  return (
    <Dialog label={label} className="confirm" onDismiss={() => onDone(false)}>
      <h2 id={label}>{plainText(dialog.title.text)}</h2>
      <div className="confirm-text">
        <Blocks blocks={[{ type: "section", text: dialog.text }]} />
      </div>
      <footer>
        <button type="button" onClick={() => onDone(false)}>
          {plainText(dialog.deny.text)}
        </button>
        <button type="button" className={tone} onClick={() => onDone(true)}>
          {plainText(dialog.confirm.text)}
        </button>
      </footer>
    </Dialog>
  );
}

/** `values` as Slack sends them: {block_id: {action_id: {type, value | selected_…}}}. */
function statesOf(values) {
  const states = {};
  for (const [block, fields] of Object.entries(values)) {
    states[block] = {};
    for (const [action, { element, value }] of Object.entries(fields)) {
      states[block][action] = stateOf(element, value);
    }
  }
  return states;
}

/** What was typed survives an update of the view, as in Slack, where the field is still there. */
function keptValues(view, before) {
  const values = initialValues(view.blocks);
  for (const [block, fields] of Object.entries(values)) {
    for (const action of Object.keys(fields)) {
      if (before[block]?.[action]) values[block][action] = before[block][action];
    }
  }
  return values;
}

/** The open modal. It stays until the bot (or the person) says otherwise. */
export function Modal({ view, surface, onAct, onClosed }) {
  const label = useId();
  const { values, onFill, setValues } = useFilled(() => initialValues(view.blocks));
  const [errors, setErrors] = useState({});
  const [trouble, setTrouble] = useState(null);
  const [sending, setSending] = useState(false);
  useEffect(() => setValues((before) => keptValues(view, before)), [view]);

  const close = () => {
    onClosed();
    act("view_close", { view_id: view.id });
  };
  const submit = async () => {
    setSending(true);
    const answer = await act("view_submit", { view_id: view.id, values: statesOf(values) });
    setSending(false);
    setErrors(answer.errors ?? {});
    setTrouble(answer.ok ? null : answer.error);
  };
  const inside = { ...surface, values, errors, onFill, onAct };

  return (
    <Dialog label={label} className="modal" onDismiss={close}>
      <header>
        <h2 id={label}>{plainText(view.title?.text)}</h2>
        <button type="button" className="icon" aria-label="Close" onClick={close}>
          ✕
        </button>
      </header>
      <div className="modal-body">
        <Boundary retryOn={view} fallback={<p className="undrawn">This modal cannot be drawn.</p>}>
          <Surface.Provider value={inside}>
            <Blocks blocks={view.blocks} />
          </Surface.Provider>
        </Boundary>
      </div>
      <footer>
        {trouble && (
          <span className="trouble" role="alert">
            We had some trouble connecting. Try again? ({trouble})
          </span>
        )}
        <button type="button" onClick={close}>
          {plainText(view.close?.text) || (view.submit ? "Cancel" : "Close")}
        </button>
        {view.submit && (
          <button type="button" className="primary" disabled={sending} onClick={submit}>
            {plainText(view.submit.text)}
          </button>
        )}
      </footer>
    </Dialog>
  );
}
