/*
 * The way of the whole draft to the server: one `Part` for each path, pushed together, soon after an edit or when asked.
 *
 * Events: `change` (a part's state), `rebase` {path, draft} (what others did came in under a part).
 */
import { documentOf, versionOf } from "./document.js";
import { partOf } from "./draft.js";
import { Part } from "./saving.js";
import { layoutWire, lookOf, lookWire, themeWire } from "./wires.js";

const PUSH_AFTER_MS = 150;

export class Sending extends EventTarget {
  #api;
  #token;
  #told;
  #parts = new Map();
  #timer = null;

  /** told: () → what the GM's stream says of the campaign now, or null. */
  constructor(api, token, told) {
    super();
    this.#api = api;
    this.#token = token;
    this.#told = told;
  }

  get parts() {
    return [...this.#parts.values()];
  }

  get differs() {
    return this.parts.some((part) => part.isOpen);
  }

  has(path) {
    return this.#parts.has(path);
  }

  keepLayout(tier, document, version) {
    this.#keep(`layouts/${tier}`, new Part(layoutWire(this.#api, this.#token, tier), document, version));
  }

  keepTheme(theme, version) {
    this.#keep("theme", new Part(themeWire(this.#api, this.#token), theme, version));
  }

  keepLook(id, look, version) {
    this.#keep(`looks/${id}`, new Part(lookWire(this.#api, this.#token, id), look, version));
  }

  /** Every part is told what the draft says of it. */
  spread(tree) {
    for (const [path, part] of this.#parts) {
      const value = partOf(tree, path);
      if (value !== undefined) part.set(value);
    }
  }

  /** Pushes soon; not by itself, when changes are kept until they are pushed by hand. */
  soon(byItself) {
    clearTimeout(this.#timer);
    if (byItself) this.#timer = setTimeout(() => this.push(), PUSH_AFTER_MS);
  }

  push() {
    clearTimeout(this.#timer);
    for (const part of this.#parts.values()) if (part.isOpen) part.push();
  }

  settle(keepMine) {
    for (const part of this.#parts.values()) if (part.state === "clash") part.settle(keepMine);
    this.push();
  }

  /** What the stream says now, told to every part. */
  hear() {
    for (const path of this.#parts.keys()) this.#hear(path);
  }

  // The stream tells colours resolved; which of them are the preset's the API knows.
  async askForTheme() {
    const told = await themeWire(this.#api, this.#token).ask().catch(() => null);
    if (told) this.#parts.get("theme").heard(told.value, told.version);
  }

  #keep(path, part) {
    this.#parts.set(path, part);
    part.addEventListener("change", () => this.#changed(path, part));
    part.addEventListener("rebase", ({ detail: { draft } }) => this.#tell("rebase", { path, draft }));
  }

  #changed(path, part) {
    if (part.state === "same") this.#hear(path);
    this.#tell("change");
  }

  #tell(name, detail) {
    this.dispatchEvent(new CustomEvent(name, { detail }));
  }

  #hear(path) {
    const state = this.#told();
    if (!state) return;
    const [group, name] = path.split("/");
    const part = this.#parts.get(path);
    if (group === "layouts") part.heard(documentOf(state.layoutOverrides[name]), versionOf(state.layoutOverrides[name]));
    const character = group === "looks" && state.characters.find(({ id }) => id === name);
    if (character) part.heard(lookOf(character), character.version);
  }
}
