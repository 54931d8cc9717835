// The rows of the party: from plates, with what is pending and what has failed beside them.
import { plate } from "../../pages/js/plate.js";
import { chipElement, paintArch } from "../../pages/js/vitals.js";
import { cloneOf, element, icon, part } from "./elements.js";

const PLAYED = new Set(["active", "guest"]);

/** Who is on stage, in the roster's order, then who could be: [{character, onStage}]. */
export function members(characters, roster) {
  const known = new Map(characters.map((one) => [one.id, one]));
  const on = roster.ids.filter((id) => known.has(id));
  const off = characters.filter(({ id, status }) => !on.includes(id) && PLAYED.has(status));
  return [...on.map((id) => ({ character: known.get(id), onStage: true })), ...off.map((character) => ({ character, onStage: false }))];
}

export function newRow(id) {
  const row = cloneOf("row");
  row.dataset.character = id;
  row.querySelector("[name=who]").value = id;
  for (const button of row.querySelectorAll("[data-save]")) button.value = `save ${id} ${button.dataset.save}`;
  return row;
}

function paintLife(row, { now, temp }) {
  const [ghost, fill, extra] = part(row, "life").children;
  for (const rect of [ghost, fill]) rect.setAttribute("width", `${now * 100}%`);
  extra.setAttribute("x", `${now * 100}%`);
  extra.setAttribute("width", `${temp * 100}%`);
}

function track({ key, name, kind, cells, label }) {
  const boxes = element("span", { class: "cells", role: "img", "aria-label": label }, ...cells.map((cell) => element("i", { "data-on": cell })));
  return element("span", { class: "track", "data-key": key, "data-kind": kind }, element("span", { class: "label" }, name), boxes);
}

function paintSaves(row, shown) {
  const saving = part(row, "saving");
  saving.hidden = !shown.saves || shown.saves.title === "Dead";
  if (!shown.saves) return;
  // The page has them only for who was down when it was made.
  if (!saving.children.length) saving.append(...part(newRow(row.dataset.character), "saving").children);
  saving.setAttribute("aria-label", `${shown.saves.label}, of ${shown.name}`);
  shown.saves.cells.forEach((cell, index) => {
    const dots = part(row, index < 3 ? "passed" : "failed");
    dots.children[index % 3].dataset.on = cell;
  });
  for (const name of ["critical_success", "critical_failure"]) {
    const button = row.querySelector(`[data-save=${name}]`);
    button.setAttribute("aria-label", name === "critical_success" ? `Natural 20: ${shown.name} is back up` : `Natural 1: ${shown.name} fails twice`);
  }
}

function marks({ saves, hp, chips }) {
  const down = saves?.title ?? (hp.down ? "Down" : "");
  const state = down && down !== "Death saves" ? [element("span", { class: "chip", "data-kind": "bad" }, down)] : [];
  return [...state, ...chips.map(chipElement)];
}

/** `notes`: {pending: [entry], failed: [entry]} of this character. */
export function paintRow(row, character, onStage, notes) {
  const shown = plate(character);
  row.dataset.line = shown.hp.mode === "none" ? "tracks" : "hp";
  row.toggleAttribute("data-down", shown.hp.down);
  row.toggleAttribute("data-off", !onStage);
  row.toggleAttribute("data-pending", notes.pending.length > 0);
  paintArch(row, shown);
  part(row, "name").textContent = shown.name;
  part(row, "role").textContent = shown.role;
  part(row, "figure").textContent = shown.hp.figure;
  part(row, "plus").textContent = shown.hp.plus;
  paintLife(row, shown.hp);
  part(row, "marks").replaceChildren(...marks(shown));
  const tracks = part(row, "tracks");
  tracks.replaceChildren(...shown.tracks.map(track));
  tracks.hidden = shown.tracks.length === 0;
  paintSaves(row, shown);
  part(row, "notes").replaceChildren(...notesOf(notes));
}

function notesOf({ pending, failed }) {
  return [...pending.slice(0, 1).map((entry) => pendingNote(entry, pending.length)), ...failed.map(failedNote)];
}

function pendingNote({ label, tries }, count) {
  const more = count > 1 ? ` and ${count - 1} more` : "";
  const again = tries > 1 ? ", trying again" : "";
  const said = element("span", {}, label, more, again, element("span", { class: "visually-hidden" }, ", sending"));
  return element("p", { class: "note", "data-kind": "pending" }, icon("clock"), said);
}

export function failedNote({ key, label, error }) {
  const said = element("span", {}, element("b", {}, `${label} not saved`), error ?? "");
  const retry = element("button", { type: "button", class: "mini", "data-retry": key }, "Retry");
  const drop = element("button", { type: "button", class: "mini quiet", "data-drop": key, "aria-label": `Discard ${label}` }, icon("x"));
  return element("div", { class: "note", "data-kind": "failed" }, icon("alert"), said, retry, drop);
}
