// Who is on the overlay, and how large: the switches.
import { arrange, cloneOf, part } from "./elements.js";

function newSwitch(id) {
  const row = cloneOf("stage-row");
  row.dataset.character = id;
  const select = row.querySelector("[data-tier]");
  select.name = `tier-${id}`;
  row.querySelector("noscript")?.remove();
  return row;
}

export function paintStage(list, members, tiers) {
  const known = new Map([...list.children].map((row) => [row.dataset.character, row]));
  arrange(list, members.map(({ character, onStage }) => paintSwitch(known.get(character.id) ?? newSwitch(character.id), character, onStage, tiers)));
}

function paintSwitch(row, { id, name }, onStage, tiers) {
  const button = row.querySelector(".switch");
  button.value = `stage ${id} ${onStage ? "off" : "on"}`;
  button.setAttribute("aria-checked", String(onStage));
  part(row, "name").textContent = name;
  part(row, "named").textContent = name;
  row.querySelector(".tier").hidden = !onStage;
  const select = row.querySelector("[data-tier]");
  if (select !== document.activeElement) select.value = tiers[id] ?? "";
  return row;
}
