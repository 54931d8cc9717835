/*
 * The draft: a tree of layouts by tier, theme and looks of characters; its history, and which tier and format are being
 * edited. A path such as "layouts/large", "theme" or "looks/<id>" names a part of the tree.
 *
 * Events: `step` {words}, after each edit, undo and redo.
 */
import { FORMATS } from "./formats.js";
import * as history from "./history.js";

export const TIERS = ["large", "medium", "compact"];

export function partOf(tree, path) {
  const [group, name] = path.split("/");
  return name ? tree[group][name] : tree[group];
}

export function withPart(tree, path, value) {
  const [group, name] = path.split("/");
  return { ...tree, [group]: name ? { ...tree[group], [name]: value } : value };
}

export class Draft extends EventTarget {
  #history = history.EMPTY;
  #dragged = null;

  constructor(tree, tier, format) {
    super();
    this.tree = tree;
    this.tier = tier;
    this.format = format;
  }

  get document() {
    return partOf(this.tree, this.#path);
  }

  get picture() {
    return FORMATS[this.format];
  }

  get mayMove() {
    return this.format !== "old";
  }

  get canUndo() {
    return this.#history.past.length > 0;
  }

  get canRedo() {
    return this.#history.future.length > 0;
  }

  get #path() {
    return `layouts/${this.tier}`;
  }

  /** What is no step of one's own: it came from the server. */
  set(path, value) {
    this.tree = withPart(this.tree, path, value);
  }

  /** One step of the history; steps of the same `run` in a row are one. */
  edit(tree, label, run = "") {
    const next = history.committed(this.#history, this.tree, tree, label, run);
    if (next !== this.#history) this.#step(next, tree, label);
  }

  editPart(path, value, label, run) {
    this.edit(withPart(this.tree, path, value), label, run);
  }

  editDocument(document, label, run) {
    this.editPart(this.#path, document, label, run);
  }

  undo() {
    this.#travel(history.undone(this.#history, this.tree), "Undone");
  }

  redo() {
    this.#travel(history.redone(this.#history, this.tree), "Done again");
  }

  /** The next step stands alone. */
  rest() {
    this.#history = history.rested(this.#history);
  }

  /** While a pointer drags: what `change` makes of the document as it was before, not yet an edit. */
  drag(change) {
    this.#dragged ??= this.tree;
    this.tree = withPart(this.#dragged, this.#path, change(partOf(this.#dragged, this.#path)));
  }

  drop(keep, label) {
    const [before, after] = [this.#dragged, this.tree];
    this.#dragged = null;
    this.tree = before;
    if (keep) this.edit(after, label);
  }

  #travel(step, words) {
    if (step) this.#step(step.history, step.tree, `${words}: ${step.label}`);
  }

  #step(next, tree, words) {
    this.#history = next;
    this.tree = tree;
    this.dispatchEvent(new CustomEvent("step", { detail: { words } }));
  }
}
