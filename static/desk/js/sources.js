// The overlays that are open, as the server judges them (overlay/presence.py). Silence is told here: nobody reports it.
import { element } from "./elements.js";

const OFFLINE_AFTER = 8; // seconds, as overlay/presence.py
const FORGOTTEN_AFTER = 600;
const FORGOTTEN_TAB_AFTER = 30; // of a plain browser
const FEW = 3; // so many stand in the list even without a key
const SILENT = "Nothing is heard of it. Is OBS running, the source active, the computer online?";
const STRANGERS = "Anybody may open this campaign’s overlay. Give your own sources a key (Set up OBS), and they stand above.";
const WORDS = { live: "Live", hidden: "Hidden", slow: "Behind", size: "Wrong size", offline: "Offline" };
const WORST = ["offline", "size", "slow", "live", "hidden"];

/** The overlays `later` seconds after they were told. Pure. */
export function aged(overlays, later) {
  return overlays
    .map((one) => ({ ...one, seconds: one.seconds + later }))
    .filter((one) => one.seconds < (isOurs(one) ? FORGOTTEN_AFTER : FORGOTTEN_TAB_AFTER))
    .map((one) => (one.seconds > OFFLINE_AFTER ? { ...one, state: "offline", advice: [SILENT] } : one));
}

const isOurs = ({ obs, keyed }) => obs !== null || keyed;

/**
 * What stands in the list, and what is only counted: anybody may open the overlay of a public campaign. Those with the
 * key are the GM's; where none has it, those in OBS; a few in plain browsers stand there when there is nothing else. Pure.
 */
export function split(overlays) {
  const keyed = overlays.filter((one) => one.keyed);
  const shown = keyed.length ? keyed : overlays.filter(isOurs);
  const folded = overlays.filter((one) => !shown.includes(one));
  return shown.length || folded.length > FEW ? { shown, folded } : { shown: folded, folded: [] };
}

export const foldedWords = (count, alone) => (alone ? `${count} without your key` : `and ${count} without your key`);

/** What tells the GM's own source from a stranger's. */
export const whose = ({ obs, keyed }) => `${obs === null ? "in a browser" : "in OBS"}, ${keyed ? "with" : "without"} your key`;

/** One line for the bar: {is, text}, or null where no overlay is open. Those in plain browsers count only when alone. */
export function summary(overlays) {
  const shown = split(overlays).shown.filter((one) => isOurs(one) || one.state !== "offline");
  if (!shown.length) return null;
  const is = WORST.find((state) => shown.some((one) => one.state === state));
  const first = shown.find(({ state }) => state === is);
  const where = shown.some(({ obs }) => obs !== null) ? "OBS" : "Overlay";
  const air = shown.some(({ streaming }) => streaming) ? ", on air" : "";
  return { is, text: `${where}: ${detail(first)}${air}` };
}

function detail({ state, lag, seconds, width, height }) {
  if (state === "offline") return `offline ${ago(seconds)}`;
  if (state === "size") return `${width} × ${height}`;
  if (state === "live" && lag !== null) return `live, ${lag} ms`;
  return WORDS[state].toLowerCase();
}

export const ago = (seconds) => (seconds < 90 ? `${Math.round(seconds)} s` : `${Math.round(seconds / 60)} min`);

function facts({ width, height, lag, obs, keyed, streaming, seq }) {
  const parts = [`${width} × ${height}`, obs === null ? "in a browser" : `OBS browser ${obs}`, `${keyed ? "with" : "without"} your key`];
  if (streaming) parts.push("streaming");
  if (lag !== null) parts.push(`${lag} ms`);
  return [...parts, `no. ${seq}`].join(" · ");
}

function sourceElement(one) {
  const tier = one.tier ? one.tier.charAt(0).toUpperCase() + one.tier.slice(1) : "Overlay";
  const state = `${WORDS[one.state]}${one.state === "offline" ? `, ${ago(one.seconds)}` : ""}`;
  return element(
    "li",
    { "data-is": one.state },
    element("p", {}, element("b", {}, tier), element("span", { class: "state" }, state)),
    element("p", { class: "faint small" }, facts(one)),
    ...one.advice.map((text) => element("p", { class: "advice small" }, text)),
  );
}

export function paintSources(overlays, later) {
  const now = aged(overlays, later);
  const told = summary(now);
  const line = document.getElementById("obs");
  line.hidden = !told;
  line.dataset.is = told?.is ?? "none";
  line.querySelector("a").textContent = told?.text ?? "";
  document.getElementById("no-sources").hidden = now.length > 0;
  const look = JSON.stringify(now);
  const list = document.getElementById("sources");
  if (list.dataset.look === look) return;
  list.dataset.look = look;
  const { shown, folded } = split(now);
  const isOpen = list.querySelector("details")?.open ?? false;
  const held = list.contains(document.activeElement);
  list.replaceChildren(...shown.map(sourceElement), ...fold(folded, shown.length === 0, isOpen));
  if (held) list.querySelector("summary")?.focus({ preventScroll: true });
}

function fold(overlays, alone, isOpen) {
  if (!overlays.length) return [];
  const rest = element("details", { class: "others" }, element("summary", {}, foldedWords(overlays.length, alone)), element("p", { class: "faint small" }, STRANGERS), element("ul", { role: "list" }, ...overlays.map(sourceElement)));
  rest.open = isOpen;
  return [element("li", { class: "folded" }, rest)];
}
