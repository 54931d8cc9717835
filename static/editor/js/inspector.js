/* The panel beside the canvas: numbers, alignment, layer, card, colours and focal point of what is selected. */
import * as cards from "./cards.js";
import { hint, icon, make } from "./dom.js";
import { PARTS, cardOf } from "./document.js";

const PART_LABELS = { portrait: "Portrait", name: "Name", role: "Class and player", hp: "Hit points", ac: "Armour class", conditions: "Conditions" };
const SHAPE_LABELS = { plain: "Plain", shield: "Shield", circle: "Circle", diamond: "Diamond", square: "Square" };
const EDGES = ["left", "center", "right", "top", "middle", "bottom"];
const EDGE_WORDS = { left: "left edges", center: "centres, side to side", right: "right edges", top: "top edges", middle: "centres, up and down", bottom: "bottom edges" };
const LAYERS = { front: "To the front", forward: "One forward", backward: "One back", back: "To the back" };
const LAYER_ICONS = { front: "front", forward: "up", backward: "down", back: "back" };
const COLOUR = /^#[0-9a-f]{6}$/;

const section = (title, note, ...children) =>
  make("section", { class: "sec" }, make("header", {}, make("h3", {}, title), note && make("small", {}, note)), ...children);

const button = (words, act, more = {}) => make("button", { type: "button", class: "quiet", onclick: act, ...more }, words);

const tool = (name, words, act, more = {}) =>
  make("button", { type: "button", class: "icon", title: words, "data-focus": `tool ${words}`, onclick: act, ...more }, icon(name), hint(words));

function number(label, words, value, change, [low, high], name) {
  const input = make("input", { class: "field", type: "number", min: low, max: high, ".value": String(value), "aria-label": words, "data-focus": `number ${name}` });
  input.addEventListener("change", () => (input.value !== "" && input.checkValidity() ? change(Number(input.value)) : input.reportValidity()));
  return make("label", { class: "num" }, make("span", { "aria-hidden": "true" }, label), input);
}

const tick = (label, isOn, change, name) =>
  make("label", { class: "tick-line" }, make("input", { type: "checkbox", ".checked": isOn, "data-focus": `tick ${name}`, onchange: (event) => change(event.target.checked) }), label);

function choice(words, options, value, change, name, more = {}) {
  const list = Object.entries(options).map(([key, label]) => make("option", { value: key, ".selected": key === value }, label));
  return make("select", { "aria-label": words, "data-focus": `choice ${name}`, onchange: (event) => change(event.target.value), ...more }, list);
}

// --- who ---

function head(editor, items) {
  const [item] = items;
  if (!items.length) return make("div", { class: "who" }, make("div", {}, make("h2", {}, "All badges"), make("p", {}, "Select a badge to move it. What is set here holds for every badge of this size.")));
  if (items.length > 1) return make("div", { class: "who" }, make("div", {}, make("h2", {}, `${items.length} selected`), make("p", {}, items.map(({ name }) => name).join(", "))));
  const { character } = item;
  const picture = character?.portrait_url || character?.crest_url;
  const image = picture && make("img", { class: "thumb", alt: "", src: picture });
  if (image) image.style.objectPosition = `${character.focal.x * 100}% ${character.focal.y * 100}%`;
  const role = [character?.race, character?.class].filter(Boolean).join(" ");
  return make("div", { class: "who" }, image, make("div", {}, make("h2", {}, item.name), make("p", {}, item.kind === "chips" ? "Conditions on their own" : role)));
}

// --- where ---

function where(editor, items) {
  const [item] = items;
  const one = items.length === 1;
  const { width, height } = editor.picture;
  const nums = one && make(
    "div",
    { class: "nums" },
    number("X", "Left edge in pixels", Math.round(item.box.left), (value) => editor.setNumber(item.key, "x", value), [0, width], "x"),
    number("Y", "Bottom edge in pixels from the top", Math.round(item.box.bottom), (value) => editor.setNumber(item.key, "y", value), [0, height], "y"),
    number("%", "Size in percent", Math.round(item.scale * 100), (value) => editor.scaleTo([item.key], value / 100), [25, 400], "scale"),
  );
  const align = EDGES.map((edge) => tool(`al-${edge}`, `Align ${EDGE_WORDS[edge]}${one ? " with the safe area" : ""}`, () => editor.align(edge)));
  const spread = items.length > 2 && [tool("spread-x", "Same gaps, side to side", () => editor.distribute("x")), tool("spread-y", "Same gaps, up and down", () => editor.distribute("y"))];
  const layers = Object.entries(LAYERS).map(([step, words]) => tool(LAYER_ICONS[step], words, () => editor.layer(step)));
  const place = items.every(({ flows }) => flows)
    ? button("Keep it where it stands", () => editor.pin(editor.keys()))
    : button(item.kind === "chips" && one ? "Put back on the badge" : "Let it flow again", () => editor.release(editor.keys()));
  const frozen = !editor.mayMove && make("p", { class: "note" }, "4:3 shows the places of 16:9 as such a picture fits them in. Switch to 16:9 to move them.");
  return make("section", { class: "sec first" }, frozen, nums, make("div", { class: "align", role: "group", "aria-label": "Align" }, align, spread), make("div", { class: "align", role: "group", "aria-label": "Layer" }, layers, place));
}

// --- what is on the card ---

function statRow(editor, subject, stats, row, at) {
  const set = (label, list, run) => editor.setCard(subject, { stats: list }, label, run);
  const named = { class: "field short", maxlength: 12, ".value": row.label ?? "", "aria-label": `Short form of ${row.name}`, "data-focus": `label ${row.key}`, disabled: !row.on };
  const label = make("input", { ...named, onchange: (event) => set("Short form", cards.changed(stats, row.key, { label: event.target.value.trim() })) });
  const shape = cards.isTrack(row.key) ? make("span", { class: "note" }, "Boxes") : choice(`Shape of ${row.name}`, SHAPE_LABELS, row.shape ?? "plain", (value) => set("Shape", cards.changed(stats, row.key, { shape: value })), `shape ${row.key}`, { disabled: !row.on });
  const moves = row.on && make(
    "span",
    { class: "moves" },
    tool("up", `Move ${row.name} up`, () => set("Order", cards.shifted(stats, row.key, -1)), { disabled: at === 0 }),
    tool("down", `Move ${row.name} down`, () => set("Order", cards.shifted(stats, row.key, 1)), { disabled: at === stats.length - 1 }),
  );
  const full = !row.on && stats.length >= cards.MOST_STATS;
  const box = make("input", { type: "checkbox", ".checked": row.on, disabled: full, "data-focus": `stat ${row.key}`, onchange: () => set(row.on ? `${row.name} off` : `${row.name} on`, cards.toggled(stats, row)) });
  return make("li", { class: "stat", "data-on": row.on }, make("label", {}, box, row.name), label, shape, moves || make("span"));
}

function card(editor, subject) {
  const shown = cardOf(editor.document, subject);
  const own = editor.document.cards[subject] ?? {};
  const parts = PARTS.map((part) => tick(PART_LABELS[part], shown[part] !== false, (isOn) => editor.setCard(subject, { [part]: isOn }, PART_LABELS[part]), `part ${part}`));
  const { plain: _plain, ...shapes } = SHAPE_LABELS;
  const ac = make("label", { class: "pair" }, "Shape of the armour class", choice("Shape of the armour class", shapes, shown.ac_shape ?? "shield", (value) => editor.setCard(subject, { ac_shape: value }, "Shape"), "ac"));
  const rows = cards.rows(shown.stats, editor.catalogue()).map((row, at) => statRow(editor, subject, shown.stats, row, at));
  const differs = subject && Object.keys(own).some((key) => key !== "colours");
  const title = subject ? "On this card" : "On every card";
  const note = `${shown.stats.length} of ${cards.MOST_STATS} stats`;
  const back = differs && button("Show what all show", () => editor.setCard(subject, Object.fromEntries([...PARTS, "stats", "ac_shape"].map((key) => [key, undefined])), "Own card removed"));
  return section(title, note, make("div", { class: "parts" }, parts), ac, make("ol", { class: "stats" }, rows), back);
}

function apart(editor, item) {
  const isApart = editor.hasChips(item.id);
  return tick("Conditions stand on their own", isApart, (on) => editor.detach(item.id, on), "apart");
}

// --- colours ---

function colour(words, value, fallback, change, name) {
  const text = make("input", { class: "field hex", maxlength: 7, placeholder: fallback || "of the theme", ".value": value ?? "", "aria-label": `${words}, as #rrggbb`, spellcheck: "false", "data-focus": `hex ${name}` });
  text.addEventListener("change", () => {
    const typed = text.value.trim().toLowerCase();
    if (typed === "" || COLOUR.test(typed)) change(typed || null, "");
    else text.setAttribute("aria-invalid", "true");
  });
  const picker = make("input", { type: "color", ".value": value || (COLOUR.test(fallback) ? fallback : "#808080"), class: value ? "" : "unset", "aria-label": words, "data-focus": `colour ${name}` });
  picker.addEventListener("input", () => change(picker.value, `colour ${name}`));
  return make("div", { class: "colour" }, make("span", { "aria-hidden": "true" }, words.split(":")[0]), picker, text);
}

function themeColours(editor) {
  const { theme } = editor.tree;
  const preset = editor.presets[theme.preset] ?? {};
  const options = Object.fromEntries(Object.keys(editor.presets).map((name) => [name, name[0].toUpperCase() + name.slice(1)]));
  const choose = choice("Theme", options, theme.preset ?? "limelight", (name) => editor.setTheme({ preset: name === "limelight" ? undefined : name }, "Theme"), "preset");
  const rows = Object.entries(editor.colours).map(([token, words]) => colour(words, theme[token], preset[token] ?? "", (value, run) => editor.setTheme({ [token]: value ?? undefined }, "Colour", run), `theme ${token}`));
  return section("Theme of the campaign", "in every size", make("label", { class: "pair" }, "Preset", choose), make("details", { class: "more", "data-keep": "theme" }, make("summary", {}, "Own colours"), rows));
}

function ownColours(editor, item) {
  const { theme } = editor.tree;
  const own = editor.document.cards[item.id]?.colours ?? {};
  const accent = colour("Accent", item.character.accent || null, theme.accent ?? "", (value, run) => editor.setLook(item.id, { accent: value ?? "" }, "Accent", run), "accent");
  const rows = Object.entries(editor.colours).filter(([token]) => token !== "accent").map(([token, words]) => {
    const change = (value, run) => editor.setColour(item.id, token, value, run);
    return colour(words, own[token], theme[token] ?? "", change, token);
  });
  return section("Colours", "before the theme", accent, make("details", { class: "more", "data-keep": "own" }, make("summary", {}, "More colours, in this size"), rows));
}

// --- focal point ---

function focus(editor, item) {
  const { focal, portrait_url: portrait, crest_url: crest } = item.character;
  const set = (x, y, run) => editor.setLook(item.id, { focal: { x, y } }, "Focal point", run);
  const pad = make("div", { class: "focal" }, make("img", { src: portrait || crest, alt: "" }));
  const dot = make("i", { "aria-hidden": "true" });
  dot.style.left = `${focal.x * 100}%`;
  dot.style.top = `${focal.y * 100}%`;
  pad.append(dot);
  pad.addEventListener("pointerdown", (event) => {
    const box = pad.getBoundingClientRect();
    const share = (value) => Math.round(Math.max(0, Math.min(1, value)) * 100) / 100;
    set(share((event.clientX - box.left) / box.width), share((event.clientY - box.top) / box.height), "");
  });
  const nums = make(
    "div",
    { class: "nums two" },
    number("X", "Focal point from the left, percent", Math.round(focal.x * 100), (value) => set(value / 100, focal.y, ""), [0, 100], "focal x"),
    number("Y", "Focal point from the top, percent", Math.round(focal.y * 100), (value) => set(focal.x, value / 100, ""), [0, 100], "focal y"),
  );
  return section("Focal point of the portrait", "what the arch keeps in sight", make("div", { class: "focus-line" }, pad, nums));
}

// --- the whole ---

function contents(editor) {
  const items = editor.picked();
  if (!items.length) return [head(editor, items), card(editor, null), themeColours(editor)];
  const base = [head(editor, items), where(editor, items)];
  const [item] = items;
  if (items.length > 1 || item.kind === "chips" || !item.character) return base;
  return [...base, make("section", { class: "sec" }, apart(editor, item)), card(editor, item.id), ownColours(editor, item), focus(editor, item)];
}

// Nothing has been typed there yet: the next key writes over what the field holds, as after Tab.
function focusAgain(node) {
  node?.focus({ preventScroll: true });
  if (node?.matches(".field")) node.select();
}

/** Draws the panel anew; what had the focus has it again, and what was folded out stays so. */
export function drawInspector(editor, root) {
  const active = root.contains(document.activeElement) ? document.activeElement : null;
  // A picker that is open would close, and what is half typed be lost.
  if (active?.type === "color" || "typing" in root.dataset) return;
  const held = active?.dataset.focus;
  const open = [...root.querySelectorAll("details[open]")].map(({ dataset }) => dataset.keep);
  const scrolled = root.scrollTop;
  root.replaceChildren(...contents(editor));
  for (const details of root.querySelectorAll("details")) details.open = open.includes(details.dataset.keep);
  root.scrollTop = scrolled;
  if (held) focusAgain(root.querySelector(`[data-focus="${CSS.escape(held)}"]`));
}
