// The keys below: who is chosen, what fits them, and the conditions that they have.
import { arrange, element } from "./elements.js";

export const SHARES = ["full", "half", "none"];
const WORDS = { full: "Full", half: "Half", none: "None" };

export const hasHitPoints = ({ stats }) => stats.hp.max > 0;
const hasTracks = ({ stats }) => Object.keys(stats.tracks).length > 0;

/** "tracks" when nobody who is chosen has hit points. */
export const lineOf = (chosen) => (chosen.length && chosen.every((one) => !hasHitPoints(one) && hasTracks(one)) ? "tracks" : "hp");

/** Whether a kind ("fire", "track:health:superficial") means anything to somebody who is chosen. */
export function fits(kind, chosen) {
  const [word, track] = kind.split(":");
  return word === "track" ? chosen.some(({ stats }) => Object.hasOwn(stats.tracks, track)) : !chosen.length || chosen.some(hasHitPoints);
}

function shareWord(mode, one) {
  if (!hasHitPoints(one)) return WORDS[mode === "damage" ? one.share : "full"];
  return mode === "damage" ? WORDS[one.share] : `${one.stats.hp.current} / ${one.stats.hp.max}`;
}

function chosenButton(one, mode, known) {
  const item = known ?? element("li", {}, element("button", { type: "button", "data-for": one.id }, element("b"), element("small")));
  const word = shareWord(mode, one);
  item.dataset.share = mode === "damage" ? one.share : "full";
  const [name, share] = item.firstElementChild.children;
  name.textContent = one.name;
  share.textContent = word;
  item.firstElementChild.setAttribute("aria-label", `${one.name}: ${word}`);
  return item;
}

export function paintTray(list, chosen, mode) {
  const known = new Map([...list.children].map((item) => [item.firstElementChild.dataset.for, item]));
  arrange(list, chosen.map((one) => chosenButton(one, mode, known.get(one.id))));
}

export function paintKinds(keys, chosen) {
  keys.dataset.line = lineOf(chosen);
  let checked = null;
  let first = null;
  for (const label of keys.querySelectorAll(".kinds label")) {
    const input = label.firstElementChild;
    label.hidden = !fits(input.value, chosen);
    if (label.hidden) continue;
    first ??= input;
    if (input.checked) checked = input;
  }
  if (checked || !first) return;
  first.checked = true;
  first.parentElement.scrollIntoView({ block: "nearest", inline: "nearest" });
}

export function paintConditions(keys, chosen) {
  for (const button of keys.querySelectorAll("[data-condition]")) {
    const on = chosen.length > 0 && chosen.every(({ stats }) => stats.conditions.includes(button.dataset.condition));
    button.setAttribute("aria-pressed", String(on));
  }
  const inspired = chosen.length > 0 && chosen.every(({ stats }) => stats.inspiration);
  keys.querySelector("[data-inspire]").setAttribute("aria-pressed", String(inspired));
}

export function turnPage(keys, from) {
  keys.querySelectorAll(".k").forEach((key, index) => {
    const amount = Number(from) + index + 1;
    key.textContent = amount;
    key.value = `amount ${amount}`;
  });
}
