/* All that is drawn around the overlay: canvas, layers, inspector, list, sizes, buttons and what is on air. */
import { drawAir } from "./air.js";
import { Canvas } from "./canvas.js";
import { Controls } from "./controls.js";
import { drawInspector } from "./inspector.js";
import { drawLayers } from "./layers-panel.js";
import { List } from "./list.js";
import { Tabs } from "./tabs.js";

/** Puts the editor's markup into the page; {name: node} of every [data-part]. The server's own list is one of them. */
export function built(editor) {
  const list = editor.querySelector("[data-part=list]");
  editor.prepend(document.getElementById("editor-skeleton").content.cloneNode(true));
  editor.dataset.ready = "";
  document.body.classList.add("has-editor");
  const parts = Object.fromEntries([...editor.querySelectorAll("[data-part]")].map((node) => [node.dataset.part, node]));
  parts.canvas.append(list);
  return parts;
}

export class Panels {
  #editor;
  #parts;
  #canvas;
  #list;
  #tabs;
  #controls;

  constructor(editor, parts) {
    this.#editor = editor;
    this.#parts = parts;
    this.#canvas = new Canvas(editor, parts);
    this.#list = new List(editor, parts.list);
    this.#tabs = new Tabs(editor, parts);
    this.#controls = new Controls(editor, parts);
  }

  get minis() {
    return this.#tabs.minis;
  }

  /** The picture as large as its room allows. */
  fit() {
    this.#canvas.fit();
  }

  draw({ draft, air }) {
    if (!this.#canvas.isDragging) this.#canvas.draw();
    drawLayers(this.#editor, this.#parts.layers);
    drawInspector(this.#editor, this.#parts.inspect);
    this.#list.draw();
    this.#tabs.draw();
    this.#controls.draw(draft);
    drawAir(this.#editor, this.#parts, air);
    this.#parts.empty.hidden = this.#editor.items().length > 0;
    if (this.#parts.picture) this.#parts.picture.textContent = `${draft.picture.width} × ${draft.picture.height}`;
  }
}
