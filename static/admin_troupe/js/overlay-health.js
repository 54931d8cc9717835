// The overlays that are open, as the server judges them and the desk ages them: nobody reports silence.
import { aged, ago, foldedWords, split, whose } from "../../desk/js/sources.js";

const STATES = { live: "Live", hidden: "Hidden", slow: "Behind", size: "Wrong size", offline: "Offline" };
const EVERY_MS = 2000;
const table = document.querySelector("[data-part=health]");
const none = document.querySelector("[data-part=no-health]");
const strangers = document.querySelector("[data-part=strangers]");
let told = null;

function cell(tag, label, text, attributes = {}) {
  const node = document.createElement(tag);
  if (label) node.dataset.l = label;
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
  node.append(text);
  return node;
}

function state(one) {
  const word = document.createElement("span");
  word.className = "health-state";
  word.textContent = STATES[one.state] ?? one.state;
  return word;
}

function rows(one) {
  const tier = one.tier ? one.tier.charAt(0).toUpperCase() + one.tier.slice(1) : "Overlay";
  const row = document.createElement("tr");
  row.dataset.is = one.state;
  const head = cell("th", "", `${tier} `, { scope: "row" });
  head.append(cell("small", "", whose(one), { class: "quiet" }));
  row.append(
    head,
    cell("td", "State", state(one)),
    cell("td", "Behind", one.lag === null ? "unknown" : `${one.lag} ms`),
    cell("td", "Size", `${one.width} × ${one.height}`),
    cell("td", "Seen", `${ago(one.seconds)} ago`),
  );
  const advice = one.advice.map((words) => {
    const line = document.createElement("tr");
    line.className = "advice";
    line.append(cell("td", "", words, { colspan: "5" }));
    return line;
  });
  return [row, ...advice];
}

// Anybody may open the overlay of a public campaign; the desk lists them.
function others(count, alone) {
  if (!count) return [];
  const line = document.createElement("tr");
  line.append(cell("td", "", foldedWords(count, alone), { colspan: "5", class: "quiet" }));
  return [line];
}

function paint() {
  if (!told) return;
  const now = aged(told.overlays, (Date.now() - told.at) / 1000);
  const { shown, folded } = split(now);
  table.tBodies[0].replaceChildren(...shown.flatMap(rows), ...others(folded.length, shown.length === 0));
  table.hidden = !now.length;
  none.hidden = now.length > 0;
  strangers.hidden = !folded.length;
}

export function followHealth(stream) {
  stream.addEventListener("overlays", ({ detail }) => {
    told = { overlays: detail.overlays, at: Date.now() };
    paint();
  });
  setInterval(() => document.hidden || paint(), EVERY_MS);
}
