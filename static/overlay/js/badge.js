/* Draws a view into a badge. The markup is that of templates/overlay/_badge.html, node for node. */
import "./hp-bar.js";

function make(tag, className, attributes = {}, ...children) {
  const node = document.createElement(tag);
  if (className) node.className = className;
  for (const [name, value] of Object.entries(attributes)) if (value !== null) node.setAttribute(name, value);
  node.append(...children);
  return node;
}

function put(node, name, value) {
  if (value === null || value === undefined || value === "") node.removeAttribute(name);
  else if (node.getAttribute(name) !== String(value)) node.setAttribute(name, value);
}

/** An empty badge, as the server writes one. */
export function createBadge(id) {
  const arch = make("div", "arch", {}, make("div", "portrait"), make("div", "ac"));
  const parts = ["name", "role"].map((part) => make("div", part));
  const lists = ["tracks", "stats"].map((part) => make("div", part));
  const foot = make("div", "foot", {}, make("div", "saves"), make("div", "chips"));
  const plate = make("div", "plate", {}, ...parts, make("hp-bar", "hp"), ...lists, foot);
  return make("section", "badge", { "data-character-id": id }, arch, plate);
}

/** Parts of a badge that stand on their own, by class. */
export function partsOf(badge) {
  const names = ["arch", "portrait", "ac", "name", "role", "hp", "tracks", "stats", "saves", "chips"];
  return Object.fromEntries(names.map((name) => [name, badge.querySelector(`.${name}`)]));
}

function drawTrack(track) {
  const cells = track.cells.map((cell) => make("i", track.kind === "boxes" ? "box" : "pip", { "data-mark": cell || null }));
  const label = make("span", "", {}, track.label);
  const row = make("div", "cells", {}, ...cells);
  return make("div", "track", { "data-track": track.key, "data-kind": track.kind, role: "img", "aria-label": track.text }, label, row);
}

function drawStat(stat) {
  const attributes = { "data-stat": stat.key, "data-shape": stat.shape };
  return make("span", "stat", attributes, make("b", "", {}, stat.value), make("small", "", {}, stat.label));
}

function drawSaves(saves) {
  if (!saves) return [];
  const marks = (kind) => saves[kind].map((made) => make("i", "", { "data-save": made ? kind : "none" }));
  return [make("span", "", {}, "Death saves"), ...marks("success"), make("em", ""), ...marks("failure")];
}

export const drawChip = (chip) => make("span", "chip", { "data-kind": chip.kind }, chip.text);

// What failed once is not asked for again with every new hit point: only another address is.
const asked = new WeakMap();

function fallBack(image) {
  const crest = image.dataset.crest;
  if (crest && image.getAttribute("src") !== crest) image.setAttribute("src", crest);
  else image.hidden = true;
}

function adopt(portrait) {
  const known = portrait.querySelector("img");
  const image = known ?? make("img", "", { alt: "" });
  if (!known) portrait.append(image);
  if (!asked.has(image)) {
    asked.set(image, image.getAttribute("src") ?? "");
    image.addEventListener("error", () => fallBack(image));
    if (known?.complete && known.naturalWidth === 0) queueMicrotask(() => fallBack(image));
  }
  return image;
}

function drawPortrait(parts, view) {
  put(parts.arch, "hidden", view.portrait ? null : "hidden");
  if (!view.portrait) {
    parts.portrait.replaceChildren();
    return;
  }
  const image = adopt(parts.portrait);
  put(image, "data-crest", view.crest);
  image.style.objectPosition = `${view.focal.x * 100}% ${view.focal.y * 100}%`;
  if (asked.get(image) === view.portrait) return;
  asked.set(image, view.portrait);
  image.hidden = false;
  image.setAttribute("src", view.portrait);
}

function drawFacts(badge, view) {
  put(badge, "data-tier", view.tier);
  put(badge, "data-state", view.state);
  put(badge, "data-vitals", view.vitals);
  put(badge, "data-hp", view.hp?.current);
  put(badge, "data-max", view.hp?.max);
  put(badge, "data-temp", view.hp?.extra);
  put(badge, "data-accent", view.accent);
  if (view.accent) badge.style.setProperty("--accent", view.accent);
  else badge.style.removeProperty("--accent");
}

const LISTS = {
  tracks: (view) => view.tracks.map(drawTrack),
  stats: (view) => view.stats.map(drawStat),
  saves: (view) => drawSaves(view.saves),
  chips: (view) => view.chips.map(drawChip),
};

/** Brings a badge from the view it shows (null: unknown, as after the server's paint) to the new one. */
export function drawBadge(badge, parts, view, shown = null) {
  drawFacts(badge, view);
  drawPortrait(parts, view);
  put(parts.ac, "data-shape", view.ac_shape === "shield" ? null : view.ac_shape);
  for (const part of ["name", "role", "ac"]) {
    if (parts[part].textContent !== view[part]) parts[part].textContent = view[part];
  }
  parts.hp.draw(view.hp);
  for (const [part, draw] of Object.entries(LISTS)) {
    if (shown && JSON.stringify(shown[part]) === JSON.stringify(view[part])) continue;
    parts[part].replaceChildren(...draw(view));
  }
}
