// Who is on the overlay, in which order, and how large: the switches.
import { arrange, cloneOf, part } from "./elements.js";

function newSwitch(id) {
  const row = cloneOf("stage-row");
  row.dataset.character = id;
  const select = row.querySelector("[data-tier]");
  select.name = `tier-${id}`;
  for (const button of row.querySelectorAll("[data-move]")) button.value = `move ${id} ${button.dataset.move}`;
  row.querySelector("noscript")?.remove();
  return row;
}

/** Place and size, which the page has only for those who were on when it was made. */
function completed(row, id) {
  if (!part(row, "steps")) row.append(...[...newSwitch(id).children].slice(1));
  return row;
}

export function paintStage(list, members, tiers) {
  if ("dragging" in list.dataset) return;
  const known = new Map([...list.children].map((row) => [row.dataset.character, row]));
  const last = members.filter(({ onStage }) => onStage).length - 1;
  const rows = members.map(({ character, onStage }, at) => {
    const row = known.get(character.id) ?? newSwitch(character.id);
    if (onStage) completed(row, character.id);
    paintSwitch(row, character, onStage);
    if (part(row, "steps")) {
      paintTier(row, character, tiers);
      paintSteps(row, character, { up: at === 0, down: at === last });
    }
    return row;
  });
  arrange(list, rows);
}

function paintSwitch(row, { id, name }, onStage) {
  const button = row.querySelector(".switch");
  button.value = `stage ${id} ${onStage ? "off" : "on"}`;
  button.setAttribute("aria-checked", String(onStage));
  row.toggleAttribute("data-away", !onStage);
  part(row, "name").textContent = name;
}

function paintTier(row, { id, name }, tiers) {
  part(row, "named").textContent = name;
  const select = row.querySelector("[data-tier]");
  if (select !== document.activeElement) select.value = tiers[id] ?? "";
}

// Not `disabled`: who is moved to the end by key keeps the focus.
function paintSteps(row, { name }, ends) {
  part(row, "steps").setAttribute("aria-label", `Place of ${name}`);
  for (const button of row.querySelectorAll("[data-move]")) {
    button.setAttribute("aria-label", `${name} ${button.dataset.move}`);
    button.setAttribute("aria-disabled", String(ends[button.dataset.move]));
  }
}
