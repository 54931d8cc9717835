/* Edits of what things look like: cards, colours of one size, the theme of the campaign, looks of characters. */
import { withCard } from "./document.js";
import { partOf } from "./draft.js";
import { lookOf } from "./wires.js";

export class Styling {
  #draft;
  #sending;
  #characters;

  /** characters: () → those of the campaign as they are now. */
  constructor(draft, sending, characters) {
    this.#draft = draft;
    this.#sending = sending;
    this.#characters = characters;
  }

  setCard(id, options, label, run) {
    this.#draft.editDocument(withCard(this.#draft.document, id, options), label, run);
  }

  setColour(id, token, colour, run) {
    const { [token]: _old, ...others } = this.#draft.document.cards[id]?.colours ?? {};
    const colours = colour ? { ...others, [token]: colour } : others;
    this.setCard(id, { colours: Object.keys(colours).length ? colours : undefined }, "Colour", run);
  }

  setTheme(changed, label, run) {
    const entries = Object.entries({ ...this.#draft.tree.theme, ...changed });
    this.#draft.editPart("theme", Object.fromEntries(entries.filter(([, value]) => value !== undefined)), label, run);
  }

  setLook(id, change, label, run) {
    const path = `looks/${id}`;
    if (!this.#sending.has(path)) this.#begin(path, id);
    this.#draft.editPart(path, { ...partOf(this.#draft.tree, path), ...change }, label, run);
  }

  // A look is part of the draft from its first change on.
  #begin(path, id) {
    const character = this.#characters().find((one) => one.id === id);
    const look = lookOf(character);
    this.#sending.keepLook(id, look, character.version);
    this.#draft.set(path, look);
  }
}
