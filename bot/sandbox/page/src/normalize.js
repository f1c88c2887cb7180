/*
 * Blocks as Slack reads them, rewritten so that slack-blocks-to-jsx 1.1.1 draws the same.
 *
 * The renderer hands every text to a CommonMark parser. Slack's mrkdwn is not CommonMark, so
 * a word joiner (U+2060, no width) goes where the parser would see syntax that Slack does
 * not have: escaped angle brackets, headings, rules, `[label](url)`.
 */

import { emojify } from "node-emoji";

const JOINER = "\u2060";

/** Text as it was before the joiners went in, for the clipboard. */
export const withoutJoiners = (text) => text.replaceAll(JOINER, "");

const ENTITY = { "&amp;": "&", "&lt;": "<", "&gt;": ">" };

const decode = (text) => text.replace(/&(?:amp|lt|gt);/g, (entity) => ENTITY[entity]);

// Slack's names that node-emoji, which follows another list, does not know.
const SLACK_EMOJI = {
  large_green_circle: "🟢",
  large_yellow_circle: "🟡",
  large_orange_circle: "🟠",
  large_purple_circle: "🟣",
  large_brown_circle: "🟤",
  large_blue_circle: "🔵",
  large_green_square: "🟩",
  large_red_square: "🟥",
  large_yellow_square: "🟨",
  double_vertical_bar: "⏸️",
  black_square_for_stop: "⏹️",
  black_circle_for_record: "⏺️",
  frame_with_picture: "🖼️",
  film_frames: "🎞️",
  linked_paperclips: "🖇️",
  card_index_dividers: "🗂️",
  wastebasket: "🗑️",
  stopwatch: "⏱️",
  timer_clock: "⏲️",
  shield: "🛡️",
  hammer_and_wrench: "🛠️",
  information_source: "ℹ️",
};

/** Draw `:shortcodes:`; one that nobody knows stays as typed. */
export const drawEmoji = (text) =>
  emojify(
    text.replace(/:([a-z0-9_+-]+):/g, (code, name) => SLACK_EMOJI[name] ?? code),
    { fallback: (name) => `:${name.replaceAll(":", "")}:` },
  );

/** The one-line plain text of a message: no markup, as a screen reader should say it. */
export function plainText(text) {
  const bare = (text ?? "").replace(/<(?:!date\^[^|>]*|[^|>]*)\|([^>]*)>/g, "$1");
  return drawEmoji(decode(bare.replace(/<(https?:[^>]*)>/g, "$1")));
}

function guardWords(text) {
  return text
    .replace(/^&gt; ?/gm, "> ") // at the start of a line Slack quotes, escaped or not
    .replaceAll("&lt;", `<${JOINER}`)
    .replaceAll("&gt;", `${JOINER}>`)
    .replaceAll("&amp;", `&${JOINER}`)
    .replaceAll("](", `]${JOINER}(`)
    .replaceAll("\\", `\\${JOINER}`)
    .replace(/^(\s*)([#=+-])/gm, `$1${JOINER}$2`)
    .replace(/^ {4,}/gm, (indent) => "\u00a0".repeat(indent.length));
}

/** Slack's mrkdwn, guarded; what stands in `<…>` (links, mentions, dates) is the parser's. */
export const guardMrkdwn = (text) =>
  text
    .split(/(<[^<>]+>)/)
    .map((part, index) => (index % 2 ? part.replaceAll("&amp;", "&") : guardWords(part)))
    .join("");

const isText = (value) =>
  (value.type === "mrkdwn" || value.type === "plain_text") && typeof value.text === "string";

// The renderer formats plain_text too, unless it is verbatim: then it draws no emoji either.
const drawText = (value) =>
  value.type === "mrkdwn"
    ? { ...value, text: guardMrkdwn(value.text), verbatim: false }
    : { ...value, text: drawEmoji(decode(value.text)), verbatim: true };

const asRichText = (text) => ({
  type: "rich_text",
  elements: [{ type: "rich_text_section", elements: [{ type: "text", text: text || " " }] }],
});

// A raw_number cell makes the renderer throw; a raw_text cell is formatted as markdown.
const CELLS = {
  raw_text: (cell) => asRichText(cell.text),
  raw_number: (cell) => asRichText(cell.text ?? String(cell.value)),
};

const drawRows = (rows) =>
  rows.map((row) => row.map((cell) => (CELLS[cell.type] ?? deepen)(cell)));

const REWRITES = {
  table: (block) => ({ ...block, rows: drawRows(block.rows) }),
  data_table: ({ block_id, rows }) => ({ type: "table", block_id, rows: drawRows(rows) }),
  image: (block) => ({
    ...deepen(block),
    ...(block.title && { title: { ...block.title, text: drawEmoji(decode(block.title.text)) } }),
  }),
  rich_text: (block) => block,
  markdown: (block) => block,
};

function deepen(value) {
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, drawable(one)]));
}

/** Rewrite any part of a block; numbers, words and unknown shapes come back as they are. */
export function drawable(value) {
  if (Array.isArray(value)) return value.map(drawable);
  if (value === null || typeof value !== "object") return value;
  if (isText(value)) return drawText(value);
  return (REWRITES[value.type] ?? deepen)(value);
}
