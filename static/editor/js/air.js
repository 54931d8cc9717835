/* Whether the draft is on air: the worst state of its parts in words, and the question when two changed the same. */

const WORDS = {
  same: "Every overlay has this layout",
  draft: "Changes not on air yet",
  sending: "Sending",
  away: "Not sent: no connection",
  refused: "Not taken",
  clash: "Changed by two of you",
};
const WORST_FIRST = ["clash", "refused", "away", "sending", "draft", "same"];
const CANNOT_PUSH = ["same", "sending", "clash"];

function clashing(parts, characters) {
  const names = new Map(characters.map(({ id, name }) => [id, name]));
  const keys = parts.flatMap(({ clashes }) => clashes.flatMap(({ path }) => path));
  return [...new Set(keys.filter((key) => names.has(key)).map((key) => names.get(key)))].join(", ") || "card or theme";
}

function hintFor(state, worst, byItself) {
  return worst?.words || (state === "draft" && !byItself ? "Push live when you are ready" : "");
}

/** sent: the parts of saving.js; byItself: whether changes are pushed as they are made. */
export function drawAir(root, parts, { sent, characters, byItself }) {
  const state = WORST_FIRST.find((one) => sent.some((part) => part.state === one)) ?? "same";
  root.dataset.air = state;
  parts.air.textContent = WORDS[state];
  parts["air-more"].textContent = hintFor(state, sent.find((part) => part.state === state), byItself);
  root.querySelector("[data-do=push]").disabled = CANNOT_PUSH.includes(state);
  parts.clash.hidden = state !== "clash";
  if (state !== "clash") return;
  parts["clash-words"].textContent = `Somebody else moved the same while you did (${clashing(sent, characters)}). What you see is yours.`;
}
