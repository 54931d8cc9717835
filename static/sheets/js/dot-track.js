// <dot-track>: a number input becomes one slider of dots. Arrows, digits, Home and End set it; so does a click on a dot,
// and a click on the dot that is the value clears one, so that none at all can be reached.
const STEPS = { ArrowRight: 1, ArrowUp: 1, ArrowLeft: -1, ArrowDown: -1 };

/** The value after a key, or null for a key that means nothing here. */
export function afterKey(key, value, low, high) {
  const wanted = { Home: low, End: high }[key] ?? (key in STEPS ? value + STEPS[key] : /^\d$/.test(key) ? Number(key) : null);
  return wanted === null ? null : Math.min(Math.max(wanted, low), high);
}

export const afterClick = (dot, value, low) => Math.max(dot === value ? dot - 1 : dot, low);

/** A slider of `high` dots, told by `label` (an id); `chosen(value)` is called when somebody sets it. */
export function slider({ labelledby, low, high, fixed, chosen }) {
  const element = document.createElement("div");
  element.className = high > 5 ? "pips-row ten" : "pips-row";
  element.tabIndex = 0;
  const facts = { role: "slider", "aria-labelledby": labelledby, "aria-valuemin": low, "aria-valuemax": high };
  for (const [name, value] of Object.entries(facts)) element.setAttribute(name, value);
  if (fixed) element.setAttribute("aria-disabled", "true");
  for (let n = 1; n <= high; n += 1) element.append(document.createElement("i"));
  let now = low;
  const set = (value) => !fixed && value !== now && chosen(value);
  element.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const value = afterKey(event.key, now, low, high);
    if (value === null) return;
    event.preventDefault();
    set(value);
  });
  element.addEventListener("click", (event) => {
    const dot = [...element.children].indexOf(event.target.closest("i")) + 1;
    if (dot) set(afterClick(dot, now, low));
    element.focus({ preventScroll: true });
  });
  const paint = (value, text) => {
    now = value;
    element.setAttribute("aria-valuenow", value);
    element.setAttribute("aria-valuetext", text ?? `${value} of ${high}`);
    [...element.children].forEach((dot, n) => dot.classList.toggle("on", n < value));
  };
  return { element, paint };
}

class DotTrack extends (globalThis.HTMLElement ?? Object) {
  connectedCallback() {
    if (this.dots) return;
    this.input = this.querySelector("input");
    const { low, high } = this.dataset;
    const chosen = (value) => {
      this.input.value = value;
      this.paint();
      this.input.dispatchEvent(new Event("change", { bubbles: true }));
    };
    const labelledby = `${this.input.id}-l`;
    this.dots = slider({ labelledby, low: Number(low), high: Number(high), fixed: "fixed" in this.dataset, chosen });
    const held = document.activeElement === this.input;
    this.input.hidden = true;
    this.append(this.dots.element);
    if (held) this.dots.element.focus({ preventScroll: true });
    document.getElementById(labelledby)?.addEventListener("click", () => this.dots.element.focus());
    this.paint();
  }

  paint() {
    this.dots?.paint(Number(this.input.value));
  }

  /** How the page sets it, without telling anybody. */
  set value(value) {
    this.input.value = value;
    this.paint();
  }
}

if (globalThis.customElements) customElements.define("dot-track", DotTrack);
