/*
 * Blocks on a surface (message, modal, Home). The renderer draws what is read and what is
 * pressed, but tells nobody about a press; so presses are caught here, before it sees them.
 * What is filled in (selects, dates, inputs) is drawn by fields.jsx.
 */

import { createContext, useContext, useLayoutEffect, useMemo, useRef, useState } from "react";
import { Message } from "slack-blocks-to-jsx";

import { Confirm } from "./dialogs.jsx";
import { Field, InputBlock, isField } from "./fields.jsx";
import { drawable, drawEmoji } from "./normalize.js";

/**
 * Where the blocks stand: {theme, users, channels, values, errors, busy, onAct, onFill}.
 *
 * `busy` holds the action ids in flight, `values` the state of the fields by block and action.
 */
export const Surface = createContext(null);

const DRAWN = new Set(
  ["divider", "section", "image", "context", "actions", "context_actions", "header", "input"]
    .concat(["video", "rich_text", "table", "data_table", "markdown", "plan", "task_card"])
    .concat(["alert", "card", "carousel", "container", "data_visualization"]),
);

const HOOKS = {
  emoji: ({ name, skin_tone: tone }, draw) => {
    const ours = drawEmoji(`:${name}:`);
    if (ours !== `:${name}:`) return ours;
    const theirs = draw({ name, skin_tone: tone });
    return theirs === name ? ours : theirs;
  },
  link: ({ href, children }) => (
    <a className="slack_link" href={href} target="_blank" rel="noopener noreferrer">
      {children}
    </a>
  ),
};

const PRESSABLE = {
  button: "button.slack_blocks_to_jsx__button_element",
  overflow: "[id^='overflow_menu_popup_'] [tabindex]",
};

/** Every element with an action_id, wherever it stands in the block. */
function actionable(value, found = {}) {
  if (value && typeof value === "object") {
    if (value.action_id) found[value.action_id] = value;
    Object.values(value).forEach((one) => actionable(one, found));
  }
  return found;
}

const openLink = (url) => window.open(url, "_blank", "noopener,noreferrer");

function pressedButton(target, elements) {
  const button = target.closest(PRESSABLE.button);
  const element = button && elements[button.id];
  return element && { element, act: { type: "button", value: element.value }, url: element.url };
}

function pressedOption(target, elements) {
  const item = target.closest(PRESSABLE.overflow);
  const menu = item?.closest("[id^='overflow_menu_popup_']");
  const element = menu && elements[menu.id.replace("overflow_menu_popup_", "")];
  if (!element) return null;
  const option = element.options[[...item.parentElement.children].indexOf(item)];
  return { element, act: { type: "overflow", selected_option: option }, url: option.url };
}

/** One block drawn by the renderer, its presses reported to the surface. */
function Drawn({ block }) {
  const surface = useContext(Surface);
  const root = useRef(null);
  const [asked, setAsked] = useState(null);
  const elements = useMemo(() => actionable(block), [block]);
  const drawn = useMemo(() => [drawable(block)], [block]);

  // The renderer's buttons have no "disabled"; React leaves an attribute it never set alone.
  useLayoutEffect(() => {
    for (const button of root.current.querySelectorAll(PRESSABLE.button)) {
      button.disabled = surface.busy.has(button.id);
      button.setAttribute("aria-busy", String(button.disabled));
      if (elements[button.id]?.url) button.setAttribute("data-opens", elements[button.id].url);
    }
  });

  const perform = ({ element, act, url }) => {
    if (url) openLink(url);
    surface.onAct(block, element, act);
  };
  const press = (event) => {
    const pressed = pressedButton(event.target, elements) ?? pressedOption(event.target, elements);
    if (!pressed) return;
    // An option's own handler closes its menu and opens its link; `perform` must not do it again.
    if (pressed.act.type === "button") event.stopPropagation();
    else pressed.url = undefined;
    if (pressed.element.confirm) setAsked(pressed);
    else perform(pressed);
  };
  // The renderer shuts its menu when the mouse goes down on an option's own text.
  const keepMenu = (event) => {
    if (event.target.closest(PRESSABLE.overflow)) event.stopPropagation();
  };
  const revealMenu = () =>
    requestAnimationFrame(() => {
      const menu = root.current?.querySelector("[id^='overflow_menu_popup_']");
      menu?.scrollIntoView({ block: "nearest" });
    });
  const pressByKey = (event) => {
    const isOption = event.target.matches(PRESSABLE.overflow);
    if (isOption && ["Enter", " "].includes(event.key)) event.target.click();
  };

  return (
    <div
      ref={root}
      className="block"
      onMouseDownCapture={keepMenu}
      onClickCapture={press}
      onClick={revealMenu}
      onKeyDown={pressByKey}
    >
      <Message
        withoutWrapper
        blocks={drawn}
        name=""
        logo=""
        theme={surface.theme}
        data={{ users: surface.users, channels: surface.channels, user_groups: [] }}
        hooks={HOOKS}
      />
      {asked && (
        <Confirm
          dialog={asked.element.confirm}
          onDone={(agreed) => {
            setAsked(null);
            if (agreed) perform(asked);
          }}
        />
      )}
    </div>
  );
}

function FieldIn({ block, element }) {
  const surface = useContext(Surface);
  return <Field block={block} element={element} surface={surface} act={surface.onAct} />;
}

function Actions({ block }) {
  return (
    <div className="block actions">
      {block.elements.map((element, index) =>
        isField(element) ? (
          <FieldIn key={element.action_id ?? index} block={block} element={element} />
        ) : (
          <Drawn
            key={element.action_id ?? index}
            block={{ type: "actions", block_id: block.block_id, elements: [element] }}
          />
        ),
      )}
    </div>
  );
}

function SectionWithField({ block }) {
  const { accessory, ...section } = block;
  return (
    <div className="block section-field">
      <Drawn block={section} />
      <FieldIn block={block} element={accessory} />
    </div>
  );
}

function Input({ block }) {
  const surface = useContext(Surface);
  return <InputBlock block={block} surface={surface} />;
}

/** Which of ours draws a block; the renderer draws the rest. */
function partFor(block) {
  if (block.type === "input") return Input;
  if (block.type === "actions" && block.elements.some(isField)) return Actions;
  if (block.type === "section" && isField(block.accessory)) return SectionWithField;
  return Drawn;
}

function Undrawn({ block }) {
  return <p className="undrawn">This page cannot draw a “{block.type}” block; Slack can.</p>;
}

/** Draw blocks in order; what the renderer would leave out says that it is missing. */
export function Blocks({ blocks }) {
  return blocks.map((block, index) => {
    const Part = DRAWN.has(block.type) ? partFor(block) : Undrawn;
    // By its id, so that what one types into keeps the focus where a block comes in above it.
    return <Part key={block.block_id ?? index} block={block} />;
  });
}
