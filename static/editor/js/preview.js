/* The frames with the real overlay in them: the large one and one for each size, drawn with the draft in the state. */
import { TIERS } from "./draft.js";
import { itemsOf } from "./items.js";
import { same } from "./tree.js";
import { lookOf } from "./wires.js";

const LEAST_DRAWN = 4; // pixels; what is smaller is not drawn yet

const drawnAs = (kind, id) =>
  kind === "badges" ? `.badge[data-character-id="${id}"]` : `.chips[data-detached][data-character-id="${id}"]`;

export class Preview {
  #iframe;
  #frames;
  #presets;
  #held = new Map();

  /** tier: () → the size that the large frame shows; minis: [{frame, tier}] likewise. */
  constructor(iframe, tier, minis, presets) {
    this.#iframe = iframe;
    this.#frames = [{ frame: iframe, tier }, ...minis];
    this.#presets = presets;
  }

  load(address, loaded) {
    for (const { frame, tier } of this.#frames) {
      frame.addEventListener("load", loaded);
      frame.src = `${address}?tier=${tier()}`;
    }
  }

  show(state, tree) {
    if (!state) return;
    const drawn = this.#drawn(state, tree);
    for (const { frame, tier } of this.#frames) {
      const overlay = frame.contentDocument?.querySelector("campaign-overlay");
      overlay?.show?.(drawn, tier());
    }
  }

  /** Items, as items.js says, of what the large frame shows now. */
  items({ document, format, picture, tier, tree }, { gm, roster }) {
    const looking = (character) => this.#looking(character, tree.looks);
    const scene = { document, format, picture, tier, gm, roster, looking };
    return itemsOf(scene, (item, room) => this.#box(item, room, picture));
  }

  // The character with the look that the draft gives it.
  #looking(character, looks) {
    const look = looks[character.id];
    return !look || same(look, lookOf(character)) ? character : this.#same(character.id, { ...character, ...look });
  }

  // What the overlay draws, in pixels of the picture; where it draws nothing, the `room` that is kept for it.
  #box({ kind, id, x, y }, room, picture) {
    const node = this.#iframe.contentDocument?.querySelector(drawnAs(kind, id));
    const drawn = node && !node.hidden ? node.getBoundingClientRect() : null;
    const [left, bottom] = [x * picture.width, y * picture.height];
    const width = drawn?.width > LEAST_DRAWN ? drawn.width : room[0];
    const height = drawn?.height > LEAST_DRAWN ? drawn.height : room[1];
    return { left, top: bottom - height, right: left + width, bottom };
  }

  #drawn(state, { layouts, theme, looks }) {
    const { preset, ...own } = theme;
    const campaign = this.#same("campaign", { ...state.campaign, theme: { ...this.#presets[preset], ...own } });
    const layoutOverrides = Object.fromEntries(TIERS.map((tier) => [tier, layouts[tier]]));
    return { ...state, campaign, layoutOverrides, characters: state.characters.map((one) => this.#looking(one, looks)) };
  }

  // The same object as long as it says the same, so that the overlay redraws only what changed.
  #same(name, value) {
    const held = this.#held.get(name);
    if (held && same(held, value)) return held;
    this.#held.set(name, value);
    return value;
  }
}
