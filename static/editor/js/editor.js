/*
 * <layout-editor>: holds the draft (layouts by tier, theme, looks of characters), its history and the selection, and
 * turns what the canvas, the panels and the keys ask for into edits. Each edit is drawn at once; `Part`s send it.
 */
import { LiveStream } from "../../live/js/stream.js";
import { cast } from "../../overlay/js/badge-view.js";
import { SIZES, clampPlace, place, placesIn, unit } from "../../overlay/js/geometry.js";
import * as arranging from "./arranging.js";
import { Canvas } from "./canvas.js";
import { catalogue } from "./cards.js";
import { documentOf, placesOf, versionOf, withCard, withPlaces } from "./document.js";
import { FORMATS, safeArea } from "./formats.js";
import * as history from "./history.js";
import { drawInspector } from "./inspector.js";
import { drawLayers } from "./layers-panel.js";
import { FLOW, heights, shifted, stackOf } from "./layers.js";
import { List } from "./list.js";
import { Part } from "./saving.js";
import { moved } from "./snapping.js";
import { arranged } from "./templates.js";
import { same } from "./tree.js";
import { layoutWire, lookOf, lookWire, themeWire } from "./wires.js";

const TIERS = ["large", "medium", "compact"];
const PUSH_AFTER_MS = 150;
const AIR = {
  same: "Every overlay has this layout",
  draft: "Changes not on air yet",
  sending: "Sending",
  away: "Not sent: no connection",
  refused: "Not taken",
  clash: "Changed by two of you",
};
const WORST_FIRST = ["clash", "refused", "away", "sending", "draft", "same"];
const CHIPS_ROOM = [8, 1.6]; // units: of a row of conditions that is empty just now

const round = (share) => Math.round(share * 100_000) / 100_000;
const keyOf = (kind, id) => `${kind}/${id}`;
const split = (key) => key.split("/");

class LayoutEditor extends HTMLElement {
  #data;
  #api;
  #token;
  #parts = {};
  #saving = new Map();
  #history = history.EMPTY;
  #dragged = null;
  #frames = [];
  #scheduled = false;
  #pushTimer = null;
  #streams = {};
  #looks = new Map();
  tree = {};
  tier = "large";
  format = "wide";
  view = "canvas";
  selection = new Set();
  switches = { auto: true, snap: true, safe: "own", coarse: true };

  connectedCallback() {
    if (this.#data) return;
    this.#data = JSON.parse(document.getElementById("editor-data").textContent);
    this.#api = this.#data.api;
    this.#token = this.querySelector("[name=csrfmiddlewaretoken]").value;
    this.tier = this.dataset.tier;
    this.format = this.dataset.shape;
    this.#build();
    this.#begin();
    this.#follow();
    this.#listen();
    this.#load();
    this.canvas.fit();
    this.draw();
  }

  // --- beginning ---

  #build() {
    const skeleton = document.getElementById("editor-skeleton").content.cloneNode(true);
    const list = this.querySelector("[data-part=list]");
    this.prepend(skeleton);
    this.dataset.ready = "";
    document.body.classList.add("has-editor");
    for (const node of this.querySelectorAll("[data-part]")) this.#parts[node.dataset.part] = node;
    this.#parts.canvas.append(list);
    this.canvas = new Canvas(this, this.#parts);
    this.list = new List(this, list);
  }

  #begin() {
    const { gm, theme, themeVersion } = this.#data;
    const layouts = Object.fromEntries(TIERS.map((tier) => [tier, documentOf(gm.layoutOverrides[tier])]));
    this.tree = { layouts, theme, looks: {} };
    for (const tier of TIERS) {
      const part = new Part(layoutWire(this.#api, this.#token, tier), layouts[tier], versionOf(gm.layoutOverrides[tier]));
      this.#keep(`layouts/${tier}`, part);
    }
    this.#keep("theme", new Part(themeWire(this.#api, this.#token), theme, themeVersion));
  }

  // A part of the tree and its way to the server, by path.
  #keep(path, part) {
    this.#saving.set(path, part);
    part.addEventListener("change", () => this.#partChanged(path, part));
    part.addEventListener("rebase", ({ detail }) => this.#setPart(path, detail.draft));
  }

  #setPart(path, value) {
    const [group, name] = path.split("/");
    this.tree = { ...this.tree, [group]: name ? { ...this.tree[group], [name]: value } : value };
    this.draw();
  }

  #partChanged(path, part) {
    if (part.state === "same") this.#hear(path);
    this.draw();
  }

  #load() {
    const tabs = [...this.querySelectorAll(".tier")];
    const minis = tabs.map((tab) => ({ frame: tab.querySelector("iframe"), tier: () => tab.dataset.tierTab }));
    this.#frames = [{ frame: this.#parts.iframe, tier: () => this.tier }, ...minis];
    for (const { frame, tier } of this.#frames) {
      frame.addEventListener("load", () => this.#show());
      frame.src = `${this.#data.preview}?tier=${tier()}`;
    }
  }

  // --- what others do ---

  #follow() {
    const { live, gm, viewer } = this.#data;
    this.#streams.viewer = new LiveStream({ url: live, state: viewer });
    this.#streams.gm = new LiveStream({ url: `${live}?view=gm`, state: gm });
    this.#streams.viewer.addEventListener("state", () => this.draw());
    this.#streams.gm.addEventListener("state", ({ detail }) => {
      for (const path of this.#saving.keys()) this.#hear(path);
      if (detail.applied.some(({ message }) => message.type === "CAMPAIGN_UPDATED")) this.#askForTheme();
      this.draw();
    });
    for (const stream of Object.values(this.#streams)) stream.start();
  }

  disconnectedCallback() {
    for (const stream of Object.values(this.#streams)) stream.stop();
  }

  #hear(path) {
    const { state } = this.#streams.gm ?? {};
    if (!state) return;
    const [group, name] = path.split("/");
    const part = this.#saving.get(path);
    if (group === "layouts") part.heard(documentOf(state.layoutOverrides[name]), versionOf(state.layoutOverrides[name]));
    const character = group === "looks" && state.characters.find(({ id }) => id === name);
    if (character) part.heard(lookOf(character), character.version);
  }

  // The stream tells colours resolved; which of them are the preset's the API knows.
  async #askForTheme() {
    const told = await themeWire(this.#api, this.#token).ask().catch(() => null);
    if (told) this.#saving.get("theme").heard(told.value, told.version);
  }

  // --- what is there ---

  get document() {
    return this.tree.layouts[this.tier];
  }

  get picture() {
    return FORMATS[this.format];
  }

  get mayMove() {
    return this.format !== "old";
  }

  get presets() {
    return this.#data.presets;
  }

  get colours() {
    return this.#data.colours;
  }

  get #gm() {
    return this.#streams.gm?.state ?? this.#data.gm;
  }

  catalogue() {
    return catalogue(this.#gm.characters);
  }

  hasChips(id) {
    return Object.hasOwn(placesIn(this.document, this.picture.width, this.picture.height).chips, id);
  }

  /** The state with the draft in it, as the overlay is to draw it. */
  #drawn(state) {
    const { theme } = this.tree;
    const layoutOverrides = Object.fromEntries(TIERS.map((tier) => [tier, this.tree.layouts[tier]]));
    const { preset, ...own } = theme;
    const campaign = this.#same("campaign", { ...state.campaign, theme: { ...this.presets[preset], ...own } });
    return { ...state, campaign, layoutOverrides, characters: state.characters.map((one) => this.#looking(one)) };
  }

  // The same object as long as it says the same, so that the overlay redraws only what changed.
  #same(name, value) {
    const held = this.#looks.get(name);
    if (held && same(held, value)) return held;
    this.#looks.set(name, value);
    return value;
  }

  #looking(character) {
    const look = this.tree.looks[character.id];
    return !look || same(look, lookOf(character)) ? character : this.#same(character.id, { ...character, ...look });
  }

  #show() {
    const { state } = this.#streams.viewer;
    if (!state) return;
    const drawn = this.#drawn(state);
    for (const { frame, tier } of this.#frames) {
      const overlay = frame.contentDocument?.querySelector("campaign-overlay");
      overlay?.show?.(drawn, tier());
    }
  }

  /** Everything that can be selected: {key, kind, id, name, box, scale, z, visible, locked, flows, …}, in roster order. */
  items() {
    if (!this.#scheduled && this.#items) return this.#items;
    const { width, height } = this.picture;
    const { badges, tall, chips } = placesIn(this.document, width, height);
    const own = this.format === "tall" ? tall : badges;
    const known = new Map(this.#gm.characters.map((one) => [one.id, this.#looking(one)]));
    const seen = new Set(this.#streams.viewer?.state?.roster ?? this.#data.viewer.roster);
    const people = cast(this.#gm, this.tier);
    const flow = place(people.filter(({ character }) => seen.has(character.id)).map(({ character, tier }) => ({ id: character.id, tier })), badges, width, height, tall);
    const onStage = new Set(people.map(({ character }) => character.id));
    const others = Object.keys({ ...badges, ...tall }).filter((id) => known.has(id) && !onStage.has(id)).map((id) => ({ character: known.get(id), tier: this.tier }));
    const one = unit(width, height);
    const made = [...people, ...others].flatMap(({ character, tier }) => {
      const { id } = character;
      const saved = own[id] ?? badges[id];
      const spot = flow[id] ?? clampPlace(saved ?? {});
      const about = { id, name: character.name || "Nameless", character: known.get(id), secret: character.is_secret, onStage: onStage.has(id), tier };
      const badge = { ...about, key: keyOf("badges", id), kind: "badges", ...spot, locked: Boolean(own[id]?.locked), flows: !Object.hasOwn(own, id) };
      badge.box = this.#box(badge, SIZES[tier].map((length) => length * spot.scale * one));
      if (!Object.hasOwn(chips, id)) return [badge];
      const chip = { ...about, key: keyOf("chips", id), kind: "chips", name: `${about.name}: conditions`, ...clampPlace(chips[id]), locked: Boolean(chips[id].locked), flows: false };
      chip.box = this.#box(chip, CHIPS_ROOM.map((length) => length * chip.scale * one));
      return [badge, chip];
    });
    this.#items = made;
    return made;
  }

  #items = null;

  // What the overlay draws, in pixels of the picture; where it draws nothing, the room that is kept for it.
  #box({ kind, id, x, y }, [w, h]) {
    const page = this.#parts.iframe.contentDocument;
    const node = page?.querySelector(kind === "badges" ? `.badge[data-character-id="${id}"]` : `.chips[data-detached][data-character-id="${id}"]`);
    const drawn = node && !node.hidden ? node.getBoundingClientRect() : null;
    const [left, bottom] = [x * this.picture.width, y * this.picture.height];
    const width = drawn?.width > 4 ? drawn.width : w;
    const height = drawn?.height > 4 ? drawn.height : h;
    return { left, top: bottom - height, right: left + width, bottom };
  }

  keys() {
    return [...this.selection];
  }

  picked() {
    return this.items().filter(({ key }) => this.selection.has(key));
  }

  layers() {
    const items = this.items();
    const stack = stackOf(items.filter(({ flows }) => !flows));
    const flowing = items.filter(({ flows }) => flows);
    const byKey = new Map(items.map((item) => [item.key, item]));
    return stack.flatMap((key) => (key === FLOW ? flowing : [byKey.get(key)])).reverse();
  }

  // --- selecting ---

  select(keys) {
    this.selection = new Set(keys);
    this.#history = history.rested(this.#history);
    this.draw();
  }

  toggle(key) {
    const next = new Set(this.selection);
    if (!next.delete(key)) next.add(key);
    this.select(next);
  }

  // --- editing ---

  /** One step of the history; steps of the same `run` in a row are one. */
  edit(tree, label, run = "") {
    const before = this.tree;
    const next = history.committed(this.#history, before, tree, label, run);
    if (next === this.#history) return;
    this.#history = next;
    this.tree = tree;
    this.#spread();
    this.say(label);
    this.#autoPush();
    this.draw();
  }

  #spread() {
    for (const [path, part] of this.#saving) {
      const [group, name] = path.split("/");
      const value = name ? this.tree[group][name] : this.tree[group];
      if (value !== undefined) part.set(value);
    }
  }

  #editDocument(document, label, run) {
    this.edit({ ...this.tree, layouts: { ...this.tree.layouts, [this.tier]: document } }, label, run);
  }

  #placed(items, document = this.document) {
    const { width, height } = this.picture;
    const byKind = { badges: {}, chips: {} };
    for (const { kind, id, box, scale, z, visible, locked } of items) {
      const at = { x: round(box.left / width), y: round(box.bottom / height) };
      byKind[kind][id] = { ...clampPlace({ ...at, scale: round(scale), z, visible }), ...(locked && { locked: true }) };
    }
    return Object.entries(byKind).reduce((held, [kind, places]) => (Object.keys(places).length ? withPlaces(held, this.format, kind, places) : held), document);
  }

  #place(items, label, run) {
    if (this.mayMove && items.length) this.#editDocument(this.#placed(items), label, run);
  }

  #loose(keys) {
    const items = this.items().filter(({ key }) => keys.includes(key));
    const loose = items.filter(({ locked }) => !locked);
    if (items.length && !loose.length) this.say(`${items.map(({ name }) => name).join(", ")}: locked. Unlock to move.`);
    if (!this.mayMove) this.say("4:3 follows the places of 16:9. Switch to 16:9 to move them.");
    return this.mayMove ? loose : [];
  }

  /** While a pointer drags: drawn, not yet an edit. */
  drag(items) {
    this.#dragged ??= this.tree;
    const document = this.#placed(items, this.#dragged.layouts[this.tier]);
    this.tree = { ...this.#dragged, layouts: { ...this.#dragged.layouts, [this.tier]: document } };
    this.#items = null;
    this.#show();
  }

  dropped(keep, label) {
    const [before, after] = [this.#dragged, this.tree];
    this.#dragged = null;
    this.tree = before;
    this.#items = null;
    if (keep) this.edit(after, label);
    else this.draw();
  }

  nudge(dx, dy) {
    const items = this.#loose(this.keys());
    if (!items.length) return;
    const [wayX, wayY] = arranging.kept(items.map(({ box }) => box), dx, dy, { left: 0, top: 0, right: this.picture.width, bottom: this.picture.height });
    this.#place(items.map((item) => ({ ...item, box: moved(item.box, wayX, wayY) })), "Moved", `nudge ${this.keys()}`);
    this.#sayWhere();
  }

  grow(percent) {
    const items = this.#loose(this.keys());
    const next = ({ scale }) => Math.max(arranging.SMALLEST, Math.min(arranging.LARGEST, scale + percent / 100));
    this.#place(items.map((item) => ({ ...item, ...arranging.scaled(item.box, item.scale, next(item)) })), "Resized", `grow ${this.keys()}`);
    this.#sayWhere();
  }

  scaleTo(keys, scale) {
    this.#place(this.#loose(keys).map((item) => ({ ...item, ...arranging.scaled(item.box, item.scale, scale) })), "Resized");
  }

  setNumber(key, name, value) {
    const items = this.#loose([key]);
    const way = ({ box }) => (name === "x" ? [value - box.left, 0] : [0, value - box.bottom]);
    if (name === "z") this.#place(items.map((item) => ({ ...item, z: value })), "Layer");
    else this.#place(items.map((item) => ({ ...item, box: moved(item.box, ...way(item)) })), "Moved");
  }

  setFlag(keys, name, isOn) {
    const items = this.items().filter(({ key }) => keys.includes(key));
    const change = name === "locked" ? { locked: isOn } : { visible: !isOn };
    const words = { locked: ["Unlocked", "Locked"], hidden: ["Shown", "Hidden"] }[name][Number(isOn)];
    this.#place(items.map((item) => ({ ...item, ...change })), words);
  }

  pin(keys) {
    this.#place(this.items().filter(({ key }) => keys.includes(key)), "Kept in its place");
  }

  release(keys) {
    if (!this.mayMove) return;
    const gone = (kind) => Object.fromEntries(keys.map(split).filter(([of]) => of === kind).map(([, id]) => [id, null]));
    const document = ["badges", "chips"].reduce((held, kind) => withPlaces(held, this.format, kind, gone(kind)), this.document);
    this.#editDocument(document, "Flows again");
  }

  releaseAll() {
    this.release([...Object.keys(placesOf(this.document, this.format, "badges"))].map((id) => keyOf("badges", id)));
  }

  /** The conditions of a badge on their own, right above it at first; or back on it. */
  detach(id, on) {
    const badge = this.items().find(({ key }) => key === keyOf("badges", id));
    if (!on) {
      const both = withPlaces(withPlaces(this.document, "wide", "chips", { [id]: null }), "tall", "chips", { [id]: null });
      this.#editDocument(both, "Conditions back on the badge");
      return;
    }
    const height = CHIPS_ROOM[1] * badge.scale * unit(this.picture.width, this.picture.height);
    const box = { left: badge.box.left, bottom: Math.max(height, badge.box.top - height / 2) };
    this.#place([{ ...badge, kind: "chips", box, locked: false, visible: true }], "Conditions on their own");
  }

  align(edge) {
    const items = this.#loose(this.keys());
    const boxes = arranging.aligned(items.map(({ box }) => box), edge, safeArea(this.format));
    this.#place(items.map((item, at) => ({ ...item, box: boxes[at] })), "Aligned");
  }

  distribute(axis) {
    const items = this.#loose(this.keys());
    const boxes = arranging.distributed(items.map(({ box }) => box), axis);
    this.#place(items.map((item, at) => ({ ...item, box: boxes[at] })), "Spread evenly");
  }

  layer(step) {
    if (!this.mayMove) return;
    const chosen = new Set(this.keys());
    const placed = this.items().filter(({ key, flows }) => !flows || chosen.has(key));
    const inOrder = step === "front" || step === "backward" ? this.keys() : this.keys().reverse();
    const z = heights(inOrder.reduce((stack, key) => shifted(stack, key, step), stackOf(placed)));
    this.#place(placed.map((item) => ({ ...item, z: z[item.key] })), "Layer");
  }

  template(name) {
    if (!this.mayMove) return;
    const members = this.items().filter(({ kind, onStage, secret }) => kind === "badges" && onStage && !secret).map(({ id, tier }) => ({ id, tier }));
    const places = arranged(name, members, this.picture.width, this.picture.height);
    this.#editDocument(withPlaces(this.document, this.format, "badges", places), `Template: ${name}`);
  }

  copyTo(tier) {
    if (!TIERS.includes(tier) || tier === this.tier) return;
    this.edit({ ...this.tree, layouts: { ...this.tree.layouts, [tier]: this.document } }, `Copied to ${tier}`);
  }

  setCard(id, options, label, run) {
    this.#editDocument(withCard(this.document, id, options), label, run);
  }

  setColour(id, token, colour, run) {
    const { [token]: _old, ...others } = this.document.cards[id]?.colours ?? {};
    const colours = colour ? { ...others, [token]: colour } : others;
    this.setCard(id, { colours: Object.keys(colours).length ? colours : undefined }, "Colour", run);
  }

  setTheme(changed, label, run) {
    const theme = Object.fromEntries(Object.entries({ ...this.tree.theme, ...changed }).filter(([, value]) => value !== undefined));
    this.edit({ ...this.tree, theme }, label, run);
  }

  setLook(id, change, label, run) {
    const path = `looks/${id}`;
    const character = this.#gm.characters.find((one) => one.id === id);
    if (!this.#saving.has(path)) {
      this.#keep(path, new Part(lookWire(this.#api, this.#token, id), lookOf(character), character.version));
      this.tree = { ...this.tree, looks: { ...this.tree.looks, [id]: lookOf(character) } };
    }
    const look = { ...this.tree.looks[id], ...change };
    this.edit({ ...this.tree, looks: { ...this.tree.looks, [id]: look } }, label, run);
  }

  undo() {
    this.#travel(history.undone(this.#history, this.tree), "Undone");
  }

  redo() {
    this.#travel(history.redone(this.#history, this.tree), "Done again");
  }

  #travel(step, words) {
    if (!step) return;
    this.#history = step.history;
    this.tree = step.tree;
    this.#spread();
    this.say(`${words}: ${step.label}`);
    this.#autoPush();
    this.draw();
  }

  // --- sending ---

  #autoPush() {
    clearTimeout(this.#pushTimer);
    if (this.switches.auto) this.#pushTimer = setTimeout(() => this.push(), PUSH_AFTER_MS);
  }

  push() {
    clearTimeout(this.#pushTimer);
    for (const part of this.#saving.values()) if (part.differs) part.push();
  }

  #settle(keepMine) {
    for (const part of this.#saving.values()) if (part.state === "clash") part.settle(keepMine);
    this.push();
  }

  // --- drawing ---

  say(words) {
    this.#parts.say.textContent = words;
  }

  #sayWhere() {
    this.#items = null;
    const [item] = this.picked();
    if (item) this.say(`${item.name}: ${Math.round(item.box.left)}, ${Math.round(item.box.bottom)}, ${Math.round(item.scale * 100)} %`);
  }

  draw() {
    if (this.#scheduled) return;
    this.#scheduled = true;
    requestAnimationFrame(() => {
      this.#show();
      this.#items = null;
      this.items();
      this.#scheduled = false;
      this.#drawAll();
    });
  }

  #drawAll() {
    const known = new Set(this.items().map(({ key }) => key));
    for (const key of this.selection) if (!known.has(key)) this.selection.delete(key);
    this.#items = null;
    if (!this.canvas.isDragging) this.canvas.draw();
    drawLayers(this, this.#parts.layers);
    drawInspector(this, this.#parts.inspect);
    this.list.draw();
    if (this.#parts.picture) this.#parts.picture.textContent = `${this.picture.width} × ${this.picture.height}`;
    this.#drawTabs();
    this.#drawAir();
    this.#parts.empty.hidden = this.items().length > 0;
    this.querySelector("[data-do=undo]").disabled = !this.#history.past.length;
    this.querySelector("[data-do=redo]").disabled = !this.#history.future.length;
  }

  #drawTabs() {
    for (const tab of this.querySelectorAll(".tier")) {
      const { tierTab } = tab.dataset;
      const isOn = tierTab === this.tier;
      tab.setAttribute("aria-selected", String(isOn));
      tab.tabIndex = isOn ? 0 : -1;
      const count = Object.keys(placesOf(this.tree.layouts[tierTab], this.format, "badges")).length;
      tab.querySelector("small").textContent = count ? `${count} placed` : "flows";
      const frame = tab.querySelector("iframe");
      const { width, height } = this.picture;
      const mini = tab.querySelector(".mini");
      mini.style.aspectRatio = `${width} / ${height}`;
      frame.style.width = `${width}px`;
      frame.style.height = `${height}px`;
      frame.style.transform = `scale(${mini.clientWidth / width})`;
    }
    const others = TIERS.filter((tier) => tier !== this.tier);
    const { copy } = this.#parts;
    if (copy.dataset.of !== this.tier) {
      copy.replaceChildren(new Option("choose", ""), ...others.map((tier) => new Option(tier, tier)));
      copy.dataset.of = this.tier;
    }
  }

  #drawAir() {
    const parts = [...this.#saving.values()];
    const state = WORST_FIRST.find((one) => parts.some((part) => part.state === one)) ?? "same";
    const worst = parts.find((part) => part.state === state);
    this.dataset.air = state;
    this.#parts.air.textContent = AIR[state];
    this.#parts["air-more"].textContent = worst?.words || (state === "draft" && !this.switches.auto ? "Push live when you are ready" : "");
    this.querySelector("[data-do=push]").disabled = state === "same" || state === "sending" || state === "clash";
    this.#parts.clash.hidden = state !== "clash";
    if (state === "clash") this.#parts["clash-words"].textContent = `Somebody else moved the same while you did (${this.#clashWords(parts)}). What you see is yours.`;
  }

  #clashWords(parts) {
    const names = new Map(this.#gm.characters.map(({ id, name }) => [id, name]));
    const found = parts.flatMap(({ clashes }) => clashes.flatMap(({ path }) => path.filter((key) => names.has(key)).map((key) => names.get(key))));
    return [...new Set(found)].join(", ") || "card or theme";
  }

  // --- listening ---

  #listen() {
    this.addEventListener("click", (event) => this.#clicked(event.target));
    this.addEventListener("change", (event) => this.#switched(event.target));
    this.#parts.tabs.addEventListener("keydown", (event) => this.#tabKey(event));
    this.#parts.inspect.addEventListener("focusout", ({ target }) => target.type === "color" && this.draw());
    this.#parts.copy.addEventListener("change", ({ target }) => {
      this.copyTo(target.value);
      target.value = "";
    });
    window.addEventListener("keydown", (event) => this.#key(event));
    window.addEventListener("beforeunload", (event) => {
      if ([...this.#saving.values()].some((part) => part.differs)) event.preventDefault();
    });
  }

  #clicked(target) {
    const node = target.closest("[data-do], [data-template], [data-tier-tab], [data-nudge], [data-size]");
    if (!node) return;
    const { do: deed, template, tierTab, nudge, size } = node.dataset;
    const step = this.switches.coarse ? 10 : 1;
    if (deed) this.#deeds[deed]();
    else if (template) this.template(template);
    else if (tierTab) this.#toTier(tierTab);
    else if (nudge) this.nudge(...nudge.split(",").map((way) => Number(way) * step));
    else this.grow(Number(size));
  }

  #deeds = {
    undo: () => this.undo(),
    redo: () => this.redo(),
    push: () => this.push(),
    files: () => this.#toFiles(),
    "flow-all": () => this.releaseAll(),
    "keep-mine": () => this.#settle(true),
    "take-theirs": () => this.#settle(false),
  };

  #toFiles() {
    const list = this.querySelector("[name=ed-view][value=list]");
    list.checked = true;
    this.#look("list");
    this.querySelector(".files").scrollIntoView();
    this.querySelector(".files a").focus();
  }

  #toTier(tier) {
    this.tier = tier;
    this.#history = history.rested(this.#history);
    this.draw();
  }

  #tabKey(event) {
    const way = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (!way) return;
    event.preventDefault();
    event.stopPropagation();
    const next = TIERS[(TIERS.indexOf(this.tier) + way + TIERS.length) % TIERS.length];
    this.#toTier(next);
    this.querySelector(`[data-tier-tab="${next}"]`).focus();
  }

  #switched(input) {
    const { switch: name } = input.dataset;
    if (name === "behind") this.#parts.frame.dataset.behind = input.value;
    else if (name) this.switches[name] = input.type === "checkbox" ? input.checked : input.value;
    if (name === "auto") this.#autoPush();
    if (input.name === "ed-view") this.#look(input.value);
    if (input.name === "ed-format") this.#toFormat(input.value);
    if (name) this.draw();
  }

  #look(view) {
    this.view = this.dataset.view = view;
    this.draw();
  }

  #toFormat(format) {
    this.format = this.dataset.shape = format;
    this.canvas.fit();
    // The frame has another size now; the overlay in it has to notice before its boxes are asked for.
    requestAnimationFrame(() => this.draw());
  }

  #key(event) {
    const command = event.ctrlKey || event.metaKey;
    const key = event.key.toLowerCase();
    const isTyping = event.target.matches?.("input:not([type=checkbox], [type=radio], [type=color]), select, textarea");
    if (command && !isTyping && this.#command(key, event.shiftKey)) event.preventDefault();
    if (command || isTyping || event.altKey || !this.#isOurs(event.target)) return;
    if (this.#shortcut(event.key, event.shiftKey)) event.preventDefault();
  }

  // Arrow keys move badges only where they mean nothing else.
  #isOurs(target) {
    return target === document.body || target.closest?.(".marks, .layers .pick") !== null;
  }

  #command(key, shift) {
    if (key === "z") this[shift ? "redo" : "undo"]();
    else if (key === "y") this.redo();
    else if (key === "a" && this.#isOurs(document.activeElement)) this.select(this.items().filter(({ kind }) => kind === "badges").map((item) => item.key));
    else return false;
    return true;
  }

  #shortcut(key, shift) {
    const step = shift ? 10 : 1;
    const ways = { ArrowLeft: [-step, 0], ArrowRight: [step, 0], ArrowUp: [0, -step], ArrowDown: [0, step] };
    const picked = this.picked();
    if (key === "Escape") this.select([]);
    else if (!picked.length) return false;
    else if (ways[key]) this.nudge(...ways[key]);
    else if (key === "+" || key === "=") this.grow(5);
    else if (key === "-") this.grow(-5);
    else if (key === "]" || key === "}") this.layer(shift ? "front" : "forward");
    else if (key === "[" || key === "{") this.layer(shift ? "back" : "backward");
    else if (key.toLowerCase() === "h") this.setFlag(this.keys(), "hidden", picked.some(({ visible }) => visible));
    else if (key.toLowerCase() === "l") this.setFlag(this.keys(), "locked", picked.some(({ locked }) => !locked));
    else if (key === "Delete" || key === "Backspace") this.release(this.keys());
    else return false;
    return true;
  }
}

customElements.define("layout-editor", LayoutEditor);
