// Columns that can be made wider, by drag or by arrow keys: three whole numbers, 100 together, 10 to 70 each.
import { ask } from "./resource.js";

const LOW = 10;
const HIGH = 70;
const clamp = (value, low, high) => Math.min(Math.max(value, low), high);

/** The widths when the border after column `place` moves by `step` per cent. */
export function shifted(widths, place, step) {
  const [left, right] = [widths[place], widths[place + 1]];
  const bounded = clamp(step, Math.max(LOW - left, right - HIGH), Math.min(HIGH - left, right - LOW));
  return widths.map((width, n) => width + (n === place ? bounded : n === place + 1 ? -bounded : 0));
}

export function resizable(holder) {
  const name = `column_widths_${holder.dataset.columns}`;
  let widths = holder.dataset.widths.split(",").map(Number);
  let timer = null;
  const handles = [0, 1].map((place) => handle(place));
  const put = () => {
    widths.forEach((width, n) => holder.style.setProperty(`--c${n + 1}`, `${width}fr`));
    const edges = [widths[0], widths[0] + widths[1]];
    handles.forEach((element, place) => {
      element.style.setProperty("--at", edges[place]);
      element.setAttribute("aria-valuenow", widths[place]);
      element.setAttribute("aria-valuetext", `${widths.join(", ")} per cent`);
    });
  };
  const move = (place, step) => {
    widths = shifted(widths, place, Math.round(step));
    put();
    clearTimeout(timer);
    timer = setTimeout(() => ask("PATCH", "/api/v1/preferences", { [name]: widths }), 800);
  };
  function handle(place) {
    const element = document.createElement("div");
    element.className = "handle";
    element.tabIndex = 0;
    const facts = { role: "separator", "aria-orientation": "vertical", "aria-label": `Width of column ${place + 1}` };
    for (const [key, value] of Object.entries({ ...facts, "aria-valuemin": LOW, "aria-valuemax": HIGH })) element.setAttribute(key, value);
    element.addEventListener("keydown", (event) => {
      const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
      if (!step) return;
      event.preventDefault();
      move(place, step * (event.shiftKey ? 5 : 1));
    });
    element.addEventListener("pointerdown", (event) => {
      element.setPointerCapture(event.pointerId);
      let last = event.clientX;
      element.onpointermove = (moveEvent) => {
        const step = Math.round(((moveEvent.clientX - last) / holder.clientWidth) * 100);
        if (!step) return;
        last = moveEvent.clientX;
        move(place, step);
      };
      element.onpointerup = () => (element.onpointermove = null);
    });
    return element;
  }
  holder.append(...handles);
  put();
}
