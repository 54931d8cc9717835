// The last events: what the stream tells, newest first, with what is still on its way above them.
import { words } from "../../pages/js/moments.js";
import { arrange, element, icon } from "./elements.js";

export const SHOWN = 12;
const REMEMBERED = 50; // as far as undo reaches

const OTHERS = {
  ROSTER_UPDATED: ({ roster }, _name, before) => staged(roster, before?.roster ?? []),
  LAYOUT_UPDATED: ({ data }) => `Layout ${data.tier} saved`,
  CAMPAIGN_UPDATED: () => "Campaign: settings changed",
  CHAR_UPDATED: ({ data }, _name, before) => edited(data, before),
  CHAR_DELETED: (_message, name) => `${name || "Somebody"} deleted`,
};
const EVENTS = { CUSTOM: ({ data }) => `${data.name}`, INITIATIVE: ({ data }) => turn(data.initiative) };

function staged(ids, before) {
  const same = ids.length === before.length && ids.every((id) => before.includes(id));
  if (!same) return `${ids.length} on stage`;
  return `${ids.every((id, at) => id === before[at]) ? "Sizes" : "Order"} on the overlay changed`;
}

function edited({ id, name, stats }, before) {
  const known = before?.characters.find((one) => one.id === id);
  const was = known?.stats.inspiration;
  if (!known || was === stats.inspiration) return `${name}: changed`;
  return `${name} is ${was ? "no longer " : ""}inspired`;
}

function turn(initiative) {
  if (!initiative) return "The turn order is put away";
  const now = initiative.order.find(({ id }) => id === initiative.turn);
  return now ? `Round ${initiative.round}: ${now.name}` : `Turn order, round ${initiative.round}`;
}

/** [tone, sentence]: as viewers are told it where they are, else in the desk's own words; null for what is no event. */
export function sentence(message, name, before) {
  const told = words(message, name);
  if (told) return told;
  const say = OTHERS[message.type] ?? EVENTS[message.data?.type];
  return say ? ["", say(message, name, before)] : null;
}

// Saves of one layout by one person are one step, taken back together, whatever happens between: campaigns/steps.py.
const TIMES = /, (\d+) times$/;

const onceMore = (text) => `${text.replace(TIMES, "")}, ${Number(TIMES.exec(text)?.[1] ?? 1) + 1} times`;

/** The lines with one more event in the step that begins at `continues`. */
const goingOn = (lines, { continues }) =>
  lines.map((line) => (line.seq === continues ? { ...line, text: onceMore(line.text) } : line));

/**
 * `lines`: newest first, {seq, tone, text, at}. A pure step: the lines after a message; `before` is the state that it met.
 */
export function linesAfter(lines, message, name, before) {
  const undone = message.undo ?? message.data?.undo;
  if (undone !== undefined) return lines.filter(({ seq }) => seq !== undone);
  if (message.continues !== undefined) return message.type === "LAYOUT_UPDATED" ? goingOn(lines, message) : lines;
  const told = sentence(message, name, before);
  if (!told || lines.some(({ seq }) => seq === message.seq)) return lines;
  return [{ seq: message.seq, tone: told[0], text: told[1], at: message.ts }, ...lines].slice(0, REMEMBERED);
}

/** Of the evening where one runs ("1:42:07"), else the time of day. */
export function clockText(at, startedAt) {
  if (!startedAt || at < startedAt) return new Date(at).toTimeString().slice(0, 5);
  const seconds = Math.floor((at - startedAt) / 1000);
  const two = (number) => String(number).padStart(2, "0");
  return `${Math.floor(seconds / 3600)}:${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`;
}

function lineElement({ seq, tone, text, at }, started, known, goingBack) {
  const item = known ?? element("li", { "data-seq": seq, "data-tone": tone }, element("time"), element("span", { class: "what" }, text));
  item.firstElementChild.textContent = clockText(at, started);
  if (item.children[1].textContent !== text) {
    item.children[1].textContent = text;
    item.dataset.way = ""; // the button says what it takes back
  }
  const wanted = goingBack ? "going" : "back";
  if (item.dataset.way !== wanted) {
    item.dataset.way = wanted;
    while (item.children.length > 2) item.lastElementChild.remove();
    item.append(goingBack ? element("span", { class: "sending" }, "taking back") : undoButton(seq, text));
  }
  return item;
}

const undoButton = (seq, text) =>
  element("button", { type: "submit", name: "do", value: `undo ${seq}`, class: "mini quiet", "aria-label": `Undo: ${text}` }, icon("undo"), "Undo");

function entryElement(entry, name, sending) {
  const { key, label, state } = entry;
  const item = element("li", { "data-key": key, "data-state": state });
  const what = element("span", { class: "what" }, ...(name ? [element("b", {}, name), ` ${label}`] : [label]));
  item.append(element("time"), what);
  if (state === "failed") item.append(element("button", { type: "button", class: "mini quiet", "data-retry": key, "aria-label": `Retry: ${name} ${label}` }, "Retry"));
  else if (entry === sending || entry.tries > 0) item.append(element("span", { class: "sending" }, entry.tries > 1 ? "trying again" : "sending"));
  else item.append(element("button", { type: "button", class: "mini quiet", "data-drop": key, "aria-label": `Do not send: ${name} ${label}` }, icon("x"), "Queued"));
  return item;
}

export function paintLog(list, { lines, entries, sending, nameOf, started }) {
  const known = new Map([...list.querySelectorAll("[data-seq]")].map((item) => [Number(item.dataset.seq), item]));
  const going = new Set(entries.filter(({ path, state }) => path === "undo" && state === "queued").map(({ body }) => body.seq));
  const onTheWay = entries.filter(({ path }) => path !== "undo").map((entry) => entryElement(entry, nameOf(entry.who), sending));
  const told = lines.slice(0, SHOWN).map((line) => lineElement(line, started, known.get(line.seq), going.has(line.seq)));
  arrange(list, [...onTheWay.reverse(), ...told]);
}
