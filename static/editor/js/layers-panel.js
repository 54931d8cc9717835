/* The list of layers, front first: select, lock, hide. */
import { hint, icon, make } from "./dom.js";

const THUMB = 48;

function thumb(item) {
  const picture = item.character?.portrait_url || item.character?.crest_url;
  if (item.kind === "chips" || !picture) return make("span", { class: "thumb chips-thumb", "aria-hidden": "true" });
  const image = make("img", { class: "thumb", alt: "", src: picture, width: THUMB, loading: "lazy" });
  image.style.objectPosition = `${item.character.focal.x * 100}% ${item.character.focal.y * 100}%`;
  if (item.character.accent) image.style.borderColor = item.character.accent;
  return image;
}

const note = (item) => {
  if (item.secret) return "secret, not shown";
  if (!item.onStage) return "not on stage";
  return item.kind === "chips" ? "conditions" : item.flows ? "flows" : "own place";
};

function flag(editor, item, name, isOn, [off, on], label) {
  return make(
    "button",
    {
      type: "button",
      class: `icon flag`,
      "aria-pressed": String(isOn),
      "data-focus": `${name} ${item.key}`,
      onclick: () => editor.setFlag([item.key], name, !isOn),
    },
    icon(isOn ? on : off),
    hint(`${label} ${item.name}`),
  );
}

function row(editor, item) {
  const isOn = editor.selection.has(item.key);
  const pick = make(
    "button",
    {
      type: "button",
      class: "pick",
      "aria-pressed": String(isOn),
      "data-focus": `pick ${item.key}`,
      onclick: (event) => (event.shiftKey || event.ctrlKey || event.metaKey ? editor.toggle(item.key) : editor.select([item.key])),
    },
    thumb(item),
    make("span", {}, make("b", {}, item.name), make("small", {}, note(item))),
  );
  return make(
    "li",
    { class: "row", "data-on": isOn, "data-hidden": !item.visible },
    pick,
    flag(editor, item, "locked", item.locked, ["unlock", "lock"], "Lock"),
    flag(editor, item, "hidden", !item.visible, ["eye", "eye-off"], "Hide"),
  );
}

export function drawLayers(editor, list) {
  const held = document.activeElement?.dataset?.focus;
  list.replaceChildren(...editor.layers().map((item) => row(editor, item)));
  if (held) list.querySelector(`[data-focus="${CSS.escape(held)}"]`)?.focus();
}
