/*
 * What a person fills in: selects, dates, text, boxes. Native controls, because the renderer's
 * own keep their values to themselves. Each kind knows how it is drawn and what Slack calls
 * its value in `state.values`.
 */

import { useId } from "react";

import { drawEmoji, plainText } from "./normalize.js";

const labelOf = (text) => (text ? drawEmoji(plainText(text.text)) : "");
const allOptions = ({ options = [], option_groups: groups = [] }) =>
  options.concat(groups.flatMap((group) => group.options));
const placeholderOf = (element) => labelOf(element.placeholder);

function Options({ options }) {
  return options.map((option) => (
    <option key={option.value} value={option.value}>
      {labelOf(option.text)}
    </option>
  ));
}

function Select({ element, control, value, fill, choices }) {
  const pick = (event) => fill(event.target.value);
  return (
    <select {...control} value={value ?? ""} onChange={pick} className="field">
      <option value="">{placeholderOf(element) || "Choose an option"}</option>
      {choices ? <Options options={choices} /> : <Options options={element.options ?? []} />}
      {(element.option_groups ?? []).map((group, index) => (
        <optgroup key={index} label={labelOf(group.label)}>
          <Options options={group.options} />
        </optgroup>
      ))}
    </select>
  );
}

function Multi({ element, control, value, fill, choices }) {
  const pick = (event) => fill([...event.target.selectedOptions].map((option) => option.value));
  return (
    <select {...control} multiple value={value ?? []} onChange={pick} className="field">
      <Options options={choices ?? allOptions(element)} />
    </select>
  );
}

function Boxes({ element, control, value, fill, kind }) {
  const name = useId();
  const many = kind === "checkbox";
  const picked = many ? (value ?? []) : [value];
  const toggle = (one) => {
    if (!many) return fill(one);
    return fill(picked.includes(one) ? picked.filter((v) => v !== one) : [...picked, one]);
  };
  return (
    <div className="boxes" role={many ? "group" : "radiogroup"} aria-label={control["aria-label"]}>
      {element.options.map((option) => (
        <label key={option.value}>
          <input
            type={kind}
            name={name}
            checked={picked.includes(option.value)}
            onChange={() => toggle(option.value)}
          />
          <span>
            {labelOf(option.text)}
            {option.description && <small>{labelOf(option.description)}</small>}
          </span>
        </label>
      ))}
    </div>
  );
}

function Text({ element, control, value, fill, onEnter, type = "text" }) {
  const shared = {
    ...control,
    className: "field",
    value: value ?? "",
    placeholder: placeholderOf(element),
    minLength: element.min_length,
    maxLength: element.max_length,
    onChange: (event) => fill(event.target.value),
    onKeyDown: (event) => event.key === "Enter" && !event.nativeEvent.isComposing && onEnter?.(),
  };
  if (element.multiline) return <textarea {...shared} rows={4} />;
  const step = element.is_decimal_allowed ? "any" : undefined;
  return (
    <input {...shared} type={type} step={step} min={element.min_value} max={element.max_value} />
  );
}

const text = (type) => ({
  typed: true,
  draw: (props) => <Text {...props} type={type} />,
  initial: (element) => element.initial_value ?? null,
  state: (element, value) => ({ value: value || null }),
});
const instant = (type, key, initialKey = `initial_${key.replace("selected_", "")}`) => ({
  draw: (props) => <Text {...props} type={type} />,
  initial: (element) => element[initialKey] ?? null,
  state: (element, value) => ({ [key]: value || null }),
});
const optionIn = (element, value) =>
  allOptions(element).find((option) => option.value === value) ?? null;
const single = (draw) => ({
  draw,
  initial: (element) => element.initial_option?.value ?? null,
  state: (element, value) => ({ selected_option: optionIn(element, value) }),
});
const several = (draw) => ({
  draw,
  initial: (element) => (element.initial_options ?? []).map((option) => option.value),
  state: (element, value) => ({
    selected_options: value.map((one) => optionIn(element, one)).filter(Boolean),
  }),
});
const peopleIn = (surface) => surface.users.map(({ id, name }) => asChoice(id, name));
const placesIn = (surface) => surface.channels.map(({ id, name }) => asChoice(id, `#${name}`));
const asChoice = (value, label) => ({ value, text: { type: "plain_text", text: label } });
const workspace = (key, choicesIn) => ({
  draw: (props) => <Select {...props} choices={choicesIn(props.surface)} />,
  initial: (element) => element[`initial_${key}`] ?? null,
  state: (element, value) => ({ [`selected_${key}`]: value || null }),
});
const workspaces = (key, choicesIn) => ({
  draw: (props) => <Multi {...props} choices={choicesIn(props.surface)} />,
  initial: (element) => element[`initial_${key}`] ?? [],
  state: (element, value) => ({ [`selected_${key}`]: value }),
});

const KINDS = {
  plain_text_input: text("text"),
  number_input: text("number"),
  email_text_input: text("email"),
  url_text_input: text("url"),
  datepicker: instant("date", "selected_date"),
  timepicker: instant("time", "selected_time"),
  datetimepicker: {
    draw: (props) => <Text {...props} type="datetime-local" />,
    initial: (element) => localMinute(element.initial_date_time),
    state: (element, value) => ({
      selected_date_time: value ? Math.floor(new Date(value).getTime() / 1000) : null,
    }),
  },
  static_select: single((props) => <Select {...props} />),
  external_select: single((props) => <Select {...props} />),
  radio_buttons: single((props) => <Boxes {...props} kind="radio" />),
  checkboxes: several((props) => <Boxes {...props} kind="checkbox" />),
  multi_static_select: several((props) => <Multi {...props} />),
  multi_external_select: several((props) => <Multi {...props} />),
  users_select: workspace("user", peopleIn),
  channels_select: workspace("channel", placesIn),
  conversations_select: workspace("conversation", placesIn),
  multi_users_select: workspaces("users", peopleIn),
  multi_channels_select: workspaces("channels", placesIn),
  multi_conversations_select: workspaces("conversations", placesIn),
};

/** Epoch seconds as the value of a datetime-local control, in the reader's zone. */
function localMinute(seconds) {
  if (!seconds) return null;
  const offset = new Date(seconds * 1000).getTimezoneOffset() * 60;
  return new Date((seconds - offset) * 1000).toISOString().slice(0, 16);
}

/** Whether an element is filled in (fields.jsx draws it) rather than pressed or read. */
export const isField = (element) => Boolean(element && KINDS[element.type]);

/** Whether typing tells the bot at each character or at Enter; Enter where nothing is said. */
const dispatchesOn = (element, trigger) =>
  (element.dispatch_action_config?.trigger_actions_on ?? ["on_enter_pressed"]).includes(trigger);

/** What Slack puts in `state.values` for an element, given the control's value. */
export const stateOf = (element, value) => ({
  type: element.type,
  ...KINDS[element.type].state(element, value),
});

/** `state.values` of a view as it opens: every field with its initial value. */
export function initialValues(blocks) {
  const values = {};
  for (const block of blocks) {
    const elements = [block.element, block.accessory, ...(block.elements ?? [])];
    for (const element of elements.filter(isField)) {
      const initial = KINDS[element.type].initial(element);
      values[block.block_id] ??= {};
      values[block.block_id][element.action_id] = { element, value: initial };
    }
  }
  return values;
}

/**
 * One control. `act` is called with what was chosen where a choice is an action of its own
 * (a select on a card); left out where it only waits for the submit button.
 */
export function Field({ block, element, surface, act, label, describedBy }) {
  const kind = KINDS[element.type];
  const held = surface.values[block.block_id]?.[element.action_id];
  const control = {
    "aria-label": label ?? (placeholderOf(element) || element.action_id),
    "aria-describedby": describedBy,
    "data-action": element.action_id,
    disabled: !kind.typed && surface.busy.has(element.action_id),
    autoFocus: element.focus_on_load,
  };
  const tell = (value) => act?.(block, element, stateOf(element, value));
  const fill = (value) => {
    surface.onFill(block, element, value);
    if (!kind.typed || dispatchesOn(element, "on_character_entered")) tell(value);
  };
  const value = held ? held.value : kind.initial(element);
  const onEnter = () => dispatchesOn(element, "on_enter_pressed") && tell(value);
  return kind.draw({ element, control, value, fill, onEnter, surface });
}

/** A labelled input block, with the hint and whatever error its submission came back with. */
export function InputBlock({ block, surface }) {
  const id = useId();
  const error = surface.errors[block.block_id];
  const act = block.dispatch_action ? surface.onAct : undefined;
  const label = labelOf(block.label);
  return (
    <div className={error ? "input-block wrong" : "input-block"}>
      <span className="input-label">
        {label}
        {block.optional && <i> (optional)</i>}
      </span>
      <Field {...{ block, surface, act, label }} element={block.element} describedBy={id} />
      <span id={id} className={error ? "input-error" : "input-hint"} role={error && "alert"}>
        {error ?? labelOf(block.hint)}
      </span>
    </div>
  );
}
