// The turn order: a strip of arches on the phone, a list on the wide desk; and the form that sets it.
import { plate } from "../../pages/js/plate.js";
import { arrange, element, part } from "./elements.js";

function token(character, name) {
  const portrait = character && plate(character).arch.image;
  const made = element("span", { class: "token", "aria-hidden": "true" });
  made.append(portrait ? element("img", { src: portrait, alt: "" }) : name.charAt(0));
  return made;
}

function turnElement({ id, name, score }) {
  const parts = [element("span", { class: "tn" }), element("span", { class: "ti" }, element("span", { class: "visually-hidden" }, "initiative "), String(score))];
  return element("li", { "data-id": id, "data-score": score }, element("button", { type: "submit", name: "do", value: `turn to ${id}` }, token(null, name), ...parts));
}

function paintTurn(item, entry, current, character) {
  const name = character?.name ?? entry.name;
  item.firstElementChild.setAttribute("aria-label", `${name}, initiative ${entry.score}`);
  item.querySelector(".tn").textContent = entry.hidden ? `${name} (hidden)` : name;
  if (item.dataset.drawn !== String(character?.portrait_url)) {
    item.querySelector(".token").replaceWith(token(character, name));
    item.dataset.drawn = String(character?.portrait_url);
  }
  const was = item.getAttribute("aria-current") === "true";
  if (current) item.setAttribute("aria-current", "true");
  else item.removeAttribute("aria-current");
  return current && !was;
}

// Whole, and where there is room something of who came before.
function bringIntoSight(list, item) {
  const room = Math.max(0, list.clientWidth - item.offsetWidth);
  list.scrollLeft = item.offsetLeft - list.offsetLeft - Math.min(room, 60);
}

/** `sending`: how many "next turn" are on their way. */
export function paintTurns(section, initiative, sending, characterOf) {
  section.hidden = !initiative;
  const list = section.querySelector("ol");
  const known = new Map([...list.children].map((item) => [`${item.dataset.id} ${item.dataset.score}`, item]));
  const order = initiative?.order ?? [];
  const items = order.map((entry) => known.get(`${entry.id} ${entry.score}`) ?? turnElement(entry));
  arrange(list, items);
  part(section, "round").textContent = initiative ? `Round ${initiative.round}${sending ? ` +${sending}` : ""}` : "";
  section.toggleAttribute("data-sending", sending > 0);
  order.forEach((entry, index) => {
    const moved = paintTurn(items[index], entry, entry.id === initiative.turn, characterOf(entry.character));
    if (moved) bringIntoSight(list, items[index]);
  });
}

/** A line of the form for each of the party; what has been typed stays. */
export function paintScores(list, members) {
  const known = new Map([...list.children].filter(({ dataset }) => dataset.character).map((item) => [item.dataset.character, item]));
  const foes = [...list.children].filter((item) => item.matches(".foe"));
  arrange(list, [...members.map(({ character }) => known.get(character.id) ?? scoreElement(character)), ...foes]);
}

function scoreElement({ id, name }) {
  const input = element("input", { name: `score-${id}`, type: "text", inputmode: "numeric", maxlength: "3", autocomplete: "off" });
  return element("li", { "data-character": id }, element("label", {}, element("span", {}, name), input));
}
