/* Edits of where things stand: moving, sizing, aligning, layers, and which badges have a place of their own. */
import { clampPlace, unit } from "../../overlay/js/geometry.js";
import * as arranging from "./arranging.js";
import { placesOf, withPlaces } from "./document.js";
import { TIERS } from "./draft.js";
import { area, safeArea } from "./formats.js";
import { CHIPS_ROOM, keyOf, split } from "./items.js";
import { heights, shifted, stackOf } from "./layers.js";
import { moved } from "./snapping.js";
import { arranged } from "./templates.js";

const KINDS = ["badges", "chips"];
const FLAG_WORDS = { locked: ["Unlocked", "Locked"], hidden: ["Shown", "Hidden"] };

const round = (share) => Math.round(share * 100_000) / 100_000;

function placeOf({ box, scale, z, visible, locked }, { width, height }) {
  const at = { x: round(box.left / width), y: round(box.bottom / height) };
  return { ...clampPlace({ ...at, scale: round(scale), z, visible }), ...(locked && { locked: true }) };
}

/** The document with these items where their boxes are. */
function withItems(document, format, picture, items) {
  return KINDS.reduce((held, kind) => {
    const places = items.filter((item) => item.kind === kind).map((item) => [item.id, placeOf(item, picture)]);
    return places.length ? withPlaces(held, format, kind, Object.fromEntries(places)) : held;
  }, document);
}

const sized = (item, scale) => ({ ...item, ...arranging.scaled(item.box, item.scale, scale) });

const withBoxes = (items, boxes) => items.map((item, at) => ({ ...item, box: boxes[at] }));

const boxesOf = (items) => items.map(({ box }) => box);

export class Placing {
  #editor;
  #draft;

  constructor(editor, draft) {
    this.#editor = editor;
    this.#draft = draft;
  }

  // --- by pointer ---

  /** While a pointer drags: drawn, not yet an edit. */
  drag(items) {
    const { format, picture } = this.#draft;
    this.#draft.drag((document) => withItems(document, format, picture, items));
    this.#editor.forget();
    this.#editor.show();
  }

  dropped(keep, label) {
    this.#editor.forget();
    this.#draft.drop(keep, label);
    if (!keep) this.#editor.draw();
  }

  // --- by keys and numbers ---

  nudge(dx, dy) {
    const items = this.#loose(this.#editor.keys());
    if (!items.length) return;
    const [wayX, wayY] = arranging.kept(boxesOf(items), dx, dy, area(this.#draft.format));
    this.#place(items.map((item) => ({ ...item, box: moved(item.box, wayX, wayY) })), "Moved", `nudge ${this.#editor.keys()}`);
    this.#sayWhere();
  }

  grow(percent) {
    const items = this.#loose(this.#editor.keys());
    const next = ({ scale }) => Math.max(arranging.SMALLEST, Math.min(arranging.LARGEST, scale + percent / 100));
    this.#place(items.map((item) => sized(item, next(item))), "Resized", `grow ${this.#editor.keys()}`);
    this.#sayWhere();
  }

  scaleTo(keys, scale) {
    this.#place(this.#loose(keys).map((item) => sized(item, scale)), "Resized");
  }

  setNumber(key, name, value) {
    const items = this.#loose([key]);
    const way = ({ box }) => (name === "x" ? [value - box.left, 0] : [0, value - box.bottom]);
    if (name === "z") this.#place(items.map((item) => ({ ...item, z: value })), "Layer");
    else this.#place(items.map((item) => ({ ...item, box: moved(item.box, ...way(item)) })), "Moved");
  }

  setFlag(keys, name, isOn) {
    const change = name === "locked" ? { locked: isOn } : { visible: !isOn };
    this.#place(this.#among(keys).map((item) => ({ ...item, ...change })), FLAG_WORDS[name][Number(isOn)]);
  }

  // --- several at once ---

  align(edge) {
    const items = this.#loose(this.#editor.keys());
    this.#place(withBoxes(items, arranging.aligned(boxesOf(items), edge, safeArea(this.#draft.format))), "Aligned");
  }

  distribute(axis) {
    const items = this.#loose(this.#editor.keys());
    this.#place(withBoxes(items, arranging.distributed(boxesOf(items), axis)), "Spread evenly");
  }

  layer(step) {
    if (!this.#draft.mayMove) return;
    const keys = this.#editor.keys();
    const placed = this.#editor.items().filter(({ key, flows }) => !flows || keys.includes(key));
    const inOrder = step === "front" || step === "backward" ? keys : keys.reverse();
    const z = heights(inOrder.reduce((stack, key) => shifted(stack, key, step), stackOf(placed)));
    this.#place(placed.map((item) => ({ ...item, z: z[item.key] })), "Layer");
  }

  template(name) {
    const { document, format, picture, mayMove } = this.#draft;
    if (!mayMove) return;
    const shown = this.#editor.items().filter(({ kind, onStage, secret }) => kind === "badges" && onStage && !secret);
    const places = arranged(name, shown.map(({ id, tier }) => ({ id, tier })), picture.width, picture.height);
    this.#draft.editDocument(withPlaces(document, format, "badges", places), `Template: ${name}`);
  }

  copyTo(tier) {
    if (!TIERS.includes(tier) || tier === this.#draft.tier) return;
    this.#draft.editPart(`layouts/${tier}`, this.#draft.document, `Copied to ${tier}`);
  }

  // --- a place of its own ---

  pin(keys) {
    this.#place(this.#among(keys), "Kept in its place");
  }

  release(keys) {
    const { document, format, mayMove } = this.#draft;
    if (!mayMove) return;
    const gone = (kind) => Object.fromEntries(keys.map(split).filter(([of]) => of === kind).map(([, id]) => [id, null]));
    const flowing = KINDS.reduce((held, kind) => withPlaces(held, format, kind, gone(kind)), document);
    this.#draft.editDocument(flowing, "Flows again");
  }

  releaseAll() {
    const { document, format } = this.#draft;
    this.release(Object.keys(placesOf(document, format, "badges")).map((id) => keyOf("badges", id)));
  }

  /** The conditions of a badge on their own, right above it at first; or back on it. */
  detach(id, on) {
    if (on) this.#stand(id);
    else this.#putBack(id);
  }

  #stand(id) {
    const badge = this.#editor.items().find(({ key }) => key === keyOf("badges", id));
    const { width, height } = this.#draft.picture;
    const room = CHIPS_ROOM[1] * badge.scale * unit(width, height);
    const box = { left: badge.box.left, bottom: Math.max(room, badge.box.top - room / 2) };
    this.#place([{ ...badge, kind: "chips", box, locked: false, visible: true }], "Conditions on their own");
  }

  #putBack(id) {
    const wide = withPlaces(this.#draft.document, "wide", "chips", { [id]: null });
    this.#draft.editDocument(withPlaces(wide, "tall", "chips", { [id]: null }), "Conditions back on the badge");
  }

  // --- what all of them need ---

  #place(items, label, run) {
    const { document, format, picture, mayMove } = this.#draft;
    if (mayMove && items.length) this.#draft.editDocument(withItems(document, format, picture, items), label, run);
  }

  #among(keys) {
    return this.#editor.items().filter(({ key }) => keys.includes(key));
  }

  #loose(keys) {
    const items = this.#among(keys);
    const loose = items.filter(({ locked }) => !locked);
    if (items.length && !loose.length) this.#editor.say(`${items.map(({ name }) => name).join(", ")}: locked. Unlock to move.`);
    if (!this.#draft.mayMove) this.#editor.say("4:3 follows the places of 16:9. Switch to 16:9 to move them.");
    return this.#draft.mayMove ? loose : [];
  }

  #sayWhere() {
    this.#editor.forget();
    const [item] = this.#editor.picked();
    if (!item) return;
    const numbers = [item.box.left, item.box.bottom, item.scale * 100].map(Math.round);
    this.#editor.say(`${item.name}: ${numbers.join(", ")} %`);
  }
}
