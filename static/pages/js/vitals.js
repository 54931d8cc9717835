// Fills the parts that templates/characters/_vitals.html and overlay/_player.html drew, from a plate.
import "../../common/js/hp-bar.js";

function element(tag, attributes = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  made.append(...children);
  return made;
}

const part = (root, name) => root.querySelector(`[data-part=${name}]`);

function say(root, name, text) {
  const found = part(root, name);
  if (!found) return;
  found.textContent = text;
  found.hidden = text === "";
}

/** One condition, with the rounds that it lasts. */
export function chipElement({ text, kind, rounds }) {
  const made = element("span", kind ? { class: "chip", "data-kind": kind } : { class: "chip" }, text);
  if (rounds) made.append(" ", element("span", { class: "num" }, String(rounds), element("span", { class: "visually-hidden" }, " rounds left")));
  return made;
}

function deathSaves({ title, cells, label }) {
  const dots = cells.map((cell, index) => element("i", index === 3 ? { "data-on": cell, "data-first": "" } : { "data-on": cell }));
  return [element("span", { class: "dying" }, title), element("span", { class: "saves", role: "img", "aria-label": label }, ...dots)];
}

function marks(plate) {
  const down = plate.saves ? deathSaves(plate.saves) : plate.hp.down ? [element("span", { class: "dying" }, "Down")] : [];
  return [...down, ...plate.chips.map(chipElement)];
}

function track({ key, name, kind, cells, figure, label }) {
  const head = element("span", { class: "label" }, element("span", {}, name), element("span", { class: "num" }, figure));
  const boxes = element("span", { class: "cells", role: "img", "aria-label": label }, ...cells.map((cell) => element("i", { "data-on": cell })));
  return element("div", { class: "track", "data-key": key, "data-kind": kind }, head, boxes);
}

/** Hit points, death saves, conditions and tracks below `root`. */
export function paintVitals(root, plate) {
  const { hp } = plate;
  const bar = root.querySelector("hp-bar");
  bar.hidden = hp.mode !== "exact" && hp.mode !== "bar";
  if (!bar.hidden) bar.show(hp);
  const band = part(root, "band");
  band.hidden = hp.mode !== "band" && hp.mode !== "hidden";
  band.dataset.band = hp.band || hp.mode;
  band.textContent = hp.figure;
  part(root, "marks").replaceChildren(...marks(plate));
  const tracks = part(root, "tracks");
  tracks.replaceChildren(...plate.tracks.map(track));
  tracks.hidden = plate.tracks.length === 0;
}

/** Portrait, state and shield below `root`. */
export function paintArch(root, plate) {
  const arch = part(root, "arch");
  const { fx, fy, state, accent } = plate.arch;
  Object.assign(arch.dataset, { fx, fy, state });
  arch.querySelector(".arch-frame").setAttribute("color", accent);
  paintPicture(arch, plate.arch);
  part(root, "ac").textContent = plate.ac ?? "";
  part(root, "shield").hidden = plate.ac === null;
}

/** What has not changed is not set: a browser would choose, and load, anew. */
function paintPicture(arch, { image, srcset, avif }) {
  const set = (element, name, value) => element.getAttribute(name) !== value && element.setAttribute(name, value);
  set(arch.querySelector("source"), "srcset", avif);
  set(arch.querySelector("img"), "srcset", srcset);
  set(arch.querySelector("img"), "src", image);
}

/** Everything of one player of the roster. */
export function paintPlayer(card, plate, address) {
  card.dataset.character = plate.id;
  for (const link of card.querySelectorAll("a")) link.href = address;
  paintArch(card, plate);
  part(card, "name").textContent = plate.name;
  say(card, "role", plate.role);
  say(card, "player", plate.player);
  paintVitals(card, plate);
}
