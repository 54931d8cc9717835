/* The server's own form of numbers, kept in step with the canvas: what is typed there is an edit like any other. */
import { SMALLEST } from "./arranging.js";
import { show } from "./dom.js";

const field = (form, name, id) => form.elements.namedItem(`${name}-${id}`);
const number = (input) => (input.value.trim() === "" || !input.checkValidity() ? null : Number(input.value));

export class List {
  #editor;
  #form;

  constructor(editor, root) {
    this.#editor = editor;
    this.#form = root.querySelector("#places-form");
    this.#form?.addEventListener("change", (event) => this.#changed(event.target));
    this.#form?.addEventListener("submit", (event) => {
      event.preventDefault();
      editor.push();
    });
  }

  draw() {
    if (!this.#form) return;
    for (const item of this.#editor.items().filter(({ kind }) => kind === "badges")) this.#drawRow(item);
  }

  #drawRow({ id, box, scale, z, visible, locked, flows }) {
    const numbers = { x: Math.round(box.left), y: Math.round(box.bottom), scale: Math.round(scale * 100), z };
    for (const [name, value] of Object.entries(numbers)) {
      const input = field(this.#form, name, id);
      if (input) show(input, value);
    }
    const switches = { own: !flows, hidden: !visible, locked };
    for (const [name, value] of Object.entries(switches)) {
      const input = field(this.#form, name, id);
      if (input) input.checked = value;
    }
  }

  #changed(input) {
    const [, name, id] = /^(x|y|scale|z|own|hidden|locked)-(.+)$/.exec(input.name) ?? [];
    if (!name) return;
    const key = `badges/${id}`;
    if (name === "hidden" || name === "locked") this.#editor.setFlag([key], name, input.checked);
    else if (name === "own") this.#editor[input.checked ? "pin" : "release"]([key]);
    else this.#typed(key, name, number(input), input);
  }

  #typed(key, name, value, input) {
    if (value === null) {
      input.reportValidity();
      return;
    }
    if (name === "scale") this.#editor.scaleTo([key], Math.max(SMALLEST, value / 100));
    else this.#editor.setNumber(key, name, value);
  }
}
