/*
 * The picture: the real overlay in a frame of its true size, scaled to the room there is, and above it a button for
 * each badge that is dragged, resized and moved by keys. What is drawn lies in the frame; this file draws marks only.
 */
import { kept, resized } from "./arranging.js";
import { FORMATS, area, safeArea } from "./formats.js";
import { hint, make } from "./dom.js";
import { around, moved, snapped } from "./snapping.js";

const SNAP_REACH = 8; // pixels of the screen
const DRAG_FROM = 3;
const CORNERS = ["nw", "ne", "se", "sw"];

const put = (node, box, factor) => {
  node.style.left = `${box.left * factor}px`;
  node.style.top = `${box.top * factor}px`;
  node.style.width = `${(box.right - box.left) * factor}px`;
  node.style.height = `${(box.bottom - box.top) * factor}px`;
};

export class Canvas {
  #editor;
  #parts;
  #marks = new Map();
  #drag = null;
  factor = 1;

  constructor(editor, parts) {
    this.#editor = editor;
    this.#parts = parts;
    new ResizeObserver(() => this.fit()).observe(parts.canvas);
    parts.marks.addEventListener("pointerdown", (event) => this.#press(event));
    parts.canvas.addEventListener("pointerdown", (event) => event.target === parts.canvas && editor.select([]));
  }

  get isDragging() {
    return this.#drag !== null;
  }

  /** The frame as large as its room allows. */
  fit() {
    const { width, height } = FORMATS[this.#editor.format];
    const { canvas, frame, iframe, zoom } = this.#parts;
    const room = canvas.getBoundingClientRect();
    const margin = room.width < 700 ? 12 : 48;
    this.factor = Math.max(0.05, Math.min((room.width - margin) / width, (room.height - margin) / height));
    frame.style.width = `${width * this.factor}px`;
    frame.style.height = `${height * this.factor}px`;
    iframe.style.width = `${width}px`;
    iframe.style.height = `${height}px`;
    iframe.style.transform = `scale(${this.factor})`;
    zoom.textContent = `${width} × ${height}, shown at ${Math.round(this.factor * 100)} %`;
    this.draw();
  }

  draw(guides = []) {
    this.#drawMarks();
    this.#drawSafe();
    this.#parts.guides.replaceChildren(...guides.map((guide) => this.#guide(guide)));
  }

  focus(key) {
    this.#marks.get(key)?.focus();
  }

  #drawMarks() {
    const items = this.#editor.items();
    const keys = new Set(items.map(({ key }) => key));
    for (const [key, mark] of this.#marks) {
      if (keys.has(key)) continue;
      mark.remove();
      this.#marks.delete(key);
    }
    for (const item of items) this.#drawMark(item);
  }

  #drawMark(item) {
    const mark = this.#marks.get(item.key) ?? this.#newMark(item.key);
    const isOn = this.#editor.selection.has(item.key);
    put(mark, item.box, this.factor);
    mark.setAttribute("aria-pressed", String(isOn));
    mark.toggleAttribute("data-locked", item.locked);
    mark.toggleAttribute("data-hidden", !item.visible);
    mark.toggleAttribute("data-right", item.box.left > this.#editor.picture.width * 0.7);
    mark.toggleAttribute("data-top", item.box.top * this.factor < 24);
    mark.style.zIndex = String(isOn ? 1000 : 200 + item.z);
    const where = `${Math.round(item.box.left)}, ${Math.round(item.box.bottom)} · ${Math.round(item.scale * 100)} %`;
    const state = [item.locked && "locked", !item.visible && "hidden", item.flows && "flows"].filter(Boolean).join(", ");
    mark.querySelector("b").textContent = state ? `${where} · ${state}` : where;
    mark.querySelector(".visually-hidden").textContent = item.name;
  }

  #newMark(key) {
    const corners = CORNERS.map((corner) => make("i", { class: "corner", "data-corner": corner }));
    const mark = make("button", { type: "button", class: "mark", "data-key": key }, hint(""), make("b"), corners);
    mark.addEventListener("focus", () => this.#drag || this.#editor.selection.has(key) || this.#editor.select([key]));
    mark.addEventListener("click", (event) => event.detail === 0 && this.#chosenByKey(key, event));
    this.#marks.set(key, mark);
    this.#parts.marks.append(mark);
    return mark;
  }

  // Enter or Space: this one alone; with Shift it comes to those that are selected, or leaves them.
  #chosenByKey(key, { shiftKey, ctrlKey, metaKey }) {
    if (shiftKey || ctrlKey || metaKey) this.#editor.toggle(key);
    else this.#editor.select([key]);
  }

  #drawSafe() {
    const { safe } = this.#parts;
    const { safe: wanted } = this.#editor.switches;
    const format = this.#editor.format;
    safe.hidden = wanted === "off";
    if (safe.hidden) return;
    const seenAs = wanted === "own" ? format : wanted;
    put(safe, safeArea(format, seenAs), this.factor);
    safe.dataset.label = seenAs === format ? "Safe area" : `Safe where cut to ${FORMATS[seenAs].label}`;
  }

  #guide(guide) {
    const { factor } = this;
    if (guide.gap === undefined) {
      const line = make("i", { class: "guide", "data-axis": guide.axis });
      line.style[guide.axis === "x" ? "left" : "top"] = `${guide.at * factor}px`;
      return line;
    }
    const gap = make("i", { class: "gap", "data-axis": guide.axis }, make("b", {}, String(Math.round(guide.gap))));
    const [from, size, across] = guide.axis === "x" ? ["left", "width", "top"] : ["top", "height", "left"];
    gap.style[from] = `${guide.from * factor}px`;
    gap.style[size] = `${guide.gap * factor}px`;
    gap.style[across] = `${guide.across * factor}px`;
    return gap;
  }

  // --- dragging ---

  #press(event) {
    const mark = event.target.closest(".mark");
    if (!mark || event.button !== 0) return;
    const { key } = mark.dataset;
    const editor = this.#editor;
    if (event.shiftKey || event.ctrlKey || event.metaKey) {
      event.preventDefault();
      editor.toggle(key);
      return;
    }
    if (!editor.selection.has(key)) editor.select([key]);
    const picked = editor.picked().filter(({ locked }) => !locked);
    if (!editor.mayMove || !picked.length) return;
    const { corner } = event.target.dataset;
    this.#drag = { x: event.clientX, y: event.clientY, corner, picked, others: this.#others(), begun: false };
    mark.setPointerCapture(event.pointerId);
    const stop = new AbortController();
    const { signal } = stop;
    const end = (keep) => {
      stop.abort();
      this.#end(keep);
    };
    mark.addEventListener("pointermove", (move) => this.#follow(move), { signal });
    mark.addEventListener("pointerup", () => end(true), { signal });
    mark.addEventListener("pointercancel", () => end(false), { signal });
    mark.addEventListener("keydown", (press) => press.key === "Escape" && end(false), { signal });
  }

  #others() {
    const { selection } = this.#editor;
    return this.#editor.items().filter(({ key, visible }) => visible && !selection.has(key)).map(({ box }) => box);
  }

  #follow(event) {
    const drag = this.#drag;
    const [x, y] = [event.clientX - drag.x, event.clientY - drag.y];
    if (!drag.begun && Math.hypot(x, y) < DRAG_FROM) return;
    drag.begun = true;
    const [dx, dy] = [x / this.factor, y / this.factor];
    const guides = drag.corner ? this.#pull(drag, dx, dy) : this.#carry(drag, dx, dy, event.altKey);
    this.draw(guides);
  }

  #carry({ picked, others }, dx, dy, freely) {
    const { format, switches } = this.#editor;
    const boxes = picked.map(({ box }) => box);
    const group = moved(around(boxes), dx, dy);
    const areas = [area(format), safeArea(format, switches.safe in FORMATS ? switches.safe : format)];
    const snap = switches.snap && !freely ? snapped(group, others, areas, SNAP_REACH / this.factor) : { dx: 0, dy: 0, guides: [] };
    const [wayX, wayY] = kept(boxes, dx + snap.dx, dy + snap.dy, area(format));
    this.#editor.drag(picked.map((item) => ({ ...item, box: moved(item.box, wayX, wayY) })));
    return snap.guides;
  }

  #pull({ picked: [item], corner }, dx, dy) {
    const { scale, box } = resized(item.box, item.scale, corner, dx, dy);
    this.#editor.drag([{ ...item, scale, box }]);
    return [];
  }

  #end(keep) {
    const { begun, corner } = this.#drag;
    this.#drag = null;
    if (begun) this.#editor.dropped(keep, corner ? "Resized" : "Moved");
    this.draw();
  }
}
