/*
 * <layout-editor>: puts the draft, its way to the server, the stream and the panels together. Holds the selection, and
 * is what canvas, panels and keys ask: each edit goes to `Placing` or `Styling` and is drawn at once.
 */
import { isTouched } from "../../common/js/touched.js";
import { catalogue } from "./cards.js";
import { documentOf, versionOf } from "./document.js";
import { make } from "./dom.js";
import { Draft, TIERS } from "./draft.js";
import { hasChips, inLayers } from "./items.js";
import { onKey } from "./keys.js";
import { Live } from "./live.js";
import { Panels, built } from "./panels.js";
import { Placing } from "./placing.js";
import { Preview } from "./preview.js";
import { Sending } from "./sending.js";
import { Styling } from "./styling.js";

class LayoutEditor extends HTMLElement {
  #data;
  #parts;
  #panels;
  #draft;
  #sending;
  #live;
  #preview;
  #placing;
  #styling;
  #items = null;
  #scheduled = false;
  selection = new Set();
  switches = { auto: true, snap: true, safe: "own", coarse: true };

  connectedCallback() {
    if (this.#data) return;
    if (this.#isAtWork) return void this.prepend(make("p", { class: "help", role: "status" }, "The canvas is here as soon as you have saved this."));
    this.#data = JSON.parse(document.getElementById("editor-data").textContent);
    this.#begin();
    this.#build();
    this.#follow();
    this.#preview.load(this.#data.preview, () => this.show());
    this.#panels.fit();
    this.draw();
  }

  disconnectedCallback() {
    this.#live?.stop();
  }

  // --- beginning ---

  /** In the plain forms, before this was here, or with what the server did not take: they stay until they are saved. */
  get #isAtWork() {
    return [...this.querySelectorAll("input, select")].some(isTouched) || this.querySelector(".errornote") !== null;
  }

  #begin() {
    const { api, gm, theme, themeVersion } = this.#data;
    const layouts = Object.fromEntries(TIERS.map((tier) => [tier, documentOf(gm.layoutOverrides[tier])]));
    this.#live = new Live(this.#data);
    this.#draft = new Draft({ layouts, theme, looks: {} }, this.dataset.tier, this.dataset.shape);
    this.#sending = new Sending(api, this.querySelector("[name=csrfmiddlewaretoken]").value, () => this.#live.told);
    for (const tier of TIERS) this.#sending.keepLayout(tier, layouts[tier], versionOf(gm.layoutOverrides[tier]));
    this.#sending.keepTheme(theme, themeVersion);
    this.#placing = new Placing(this, this.#draft);
    this.#styling = new Styling(this.#draft, this.#sending, () => this.#live.gm.characters);
  }

  #build() {
    this.#parts = built(this);
    this.#panels = new Panels(this, this.#parts);
    this.#preview = new Preview(this.#parts.iframe, () => this.tier, this.#panels.minis, this.presets);
  }

  #follow() {
    this.#draft.addEventListener("step", ({ detail }) => this.#stepped(detail.words));
    this.#sending.addEventListener("change", () => this.draw());
    this.#sending.addEventListener("rebase", ({ detail }) => {
      this.#draft.set(detail.path, detail.draft);
      this.draw();
    });
    this.#live.addEventListener("viewer", () => this.draw());
    this.#live.addEventListener("gm", ({ detail }) => this.#heard(detail.applied));
    this.#live.start();
    window.addEventListener("keydown", (event) => onKey(this, event));
    window.addEventListener("beforeunload", (event) => this.#sending.differs && event.preventDefault());
  }

  #stepped(words) {
    this.#sending.spread(this.tree);
    this.say(words);
    this.pushSoon();
    this.draw();
  }

  #heard(applied) {
    this.#sending.hear();
    if (applied.some(({ message }) => message.type === "CAMPAIGN_UPDATED")) this.#sending.askForTheme();
    this.draw();
  }

  // --- what is there ---

  get tree() { return this.#draft.tree; }
  get tier() { return this.#draft.tier; }
  get format() { return this.#draft.format; }
  get document() { return this.#draft.document; }
  get picture() { return this.#draft.picture; }
  get mayMove() { return this.#draft.mayMove; }
  get presets() { return this.#data.presets; }
  get colours() { return this.#data.colours; }

  catalogue() { return catalogue(this.#live.gm.characters); }
  hasChips(id) { return hasChips(this.document, this.picture, id); }
  keys() { return [...this.selection]; }
  picked() { return this.items().filter(({ key }) => this.selection.has(key)); }
  layers() { return inLayers(this.items()); }

  /** Everything that can be selected, as items.js says; while a drawing is due, always anew. */
  items() {
    if (this.#scheduled || !this.#items) this.#items = this.#preview.items(this.#draft, this.#live);
    return this.#items;
  }

  /** What is measured is not true any more. */
  forget() { this.#items = null; }

  // --- selecting ---

  select(keys) {
    this.selection = new Set(keys);
    this.#draft.rest();
    this.draw();
  }

  toggle(key) {
    const next = new Set(this.selection);
    if (!next.delete(key)) next.add(key);
    this.select(next);
  }

  toTier(tier) {
    this.#draft.tier = tier;
    this.#draft.rest();
    this.draw();
  }

  toFormat(format) {
    this.#draft.format = this.dataset.shape = format;
    this.#panels.fit();
    // The frame has another size now; the overlay in it has to notice before its boxes are asked for.
    requestAnimationFrame(() => this.draw());
  }

  // --- editing: what is asked for, and who does it ---

  drag(items) { this.#placing.drag(items); }
  dropped(keep, label) { this.#placing.dropped(keep, label); }
  nudge(dx, dy) { this.#placing.nudge(dx, dy); }
  grow(percent) { this.#placing.grow(percent); }
  scaleTo(keys, scale) { this.#placing.scaleTo(keys, scale); }
  setNumber(key, name, value) { this.#placing.setNumber(key, name, value); }
  setFlag(keys, name, isOn) { this.#placing.setFlag(keys, name, isOn); }
  align(edge) { this.#placing.align(edge); }
  distribute(axis) { this.#placing.distribute(axis); }
  layer(step) { this.#placing.layer(step); }
  template(name) { this.#placing.template(name); }
  copyTo(tier) { this.#placing.copyTo(tier); }
  pin(keys) { this.#placing.pin(keys); }
  release(keys) { this.#placing.release(keys); }
  releaseAll() { this.#placing.releaseAll(); }
  detach(id, on) { this.#placing.detach(id, on); }

  setCard(id, options, label, run) { this.#styling.setCard(id, options, label, run); }
  setColour(id, token, colour, run) { this.#styling.setColour(id, token, colour, run); }
  setTheme(changed, label, run) { this.#styling.setTheme(changed, label, run); }
  setLook(id, change, label, run) { this.#styling.setLook(id, change, label, run); }

  undo() { this.#draft.undo(); }
  redo() { this.#draft.redo(); }
  push() { this.#sending.push(); }
  pushSoon() { this.#sending.soon(this.switches.auto); }
  settle(keepMine) { this.#sending.settle(keepMine); }

  // --- drawing ---

  say(words) { this.#parts.say.textContent = words; }

  /** The overlays in the frames, with the draft. */
  show() { this.#preview.show(this.#live.viewer, this.tree); }

  draw() {
    if (this.#scheduled) return;
    this.#scheduled = true;
    requestAnimationFrame(() => {
      this.show();
      this.#scheduled = false;
      this.#drawAll();
    });
  }

  #drawAll() {
    this.forget();
    const known = new Set(this.items().map(({ key }) => key));
    for (const key of this.selection) if (!known.has(key)) this.selection.delete(key);
    const air = { sent: this.#sending.parts, characters: this.#live.gm.characters, byItself: this.switches.auto };
    this.#panels.draw({ draft: this.#draft, air });
  }
}

customElements.define("layout-editor", LayoutEditor);
