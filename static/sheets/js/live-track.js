// <live-track>: the boxes of a track. It knows nothing of the server: it says "step" with what is to be done, and is
// painted with the state that follows.
import { isTouched } from "../../common/js/touched.js";
import { slider } from "./dot-track.js";
import { isDamage, marks, said } from "./boxes.js";

const WORDS = { x: "aggravated", "/": "superficial", "-": "empty" };

function button(text, label, press, mark) {
  const made = document.createElement("button");
  made.type = "button";
  made.className = "act";
  if (mark) made.append(Object.assign(document.createElement("b"), { textContent: mark }));
  made.append(text);
  made.setAttribute("aria-label", label);
  made.addEventListener("click", press);
  return made;
}

class LiveTrack extends HTMLElement {
  paint(track) {
    if (!this.made) this.make(track);
    this.track = track;
    (isDamage(track) ? this.paintBoxes : this.paintPips).call(this, track);
    const output = this.closest(".tracker").querySelector("[data-part=said]");
    if (output.textContent !== said(track)) output.textContent = said(track);
  }

  step(steps) {
    if ("fixed" in this.dataset) return;
    this.dispatchEvent(new CustomEvent("step", { bubbles: true, detail: { track: this.dataset.name, steps } }));
  }

  /** What was typed into the plain numbers before they became boxes, as steps: {superficial: 1}. */
  typed() {
    const changed = [...this.querySelectorAll("input:not([readonly])")].filter((input) => isTouched(input) && input.value !== "");
    const name = (input) => input.name.split(".").at(-1).replace("value", "delta");
    return Object.fromEntries(changed.map((input) => [name(input), Number(input.value) - Number(input.defaultValue)]));
  }

  make(track) {
    this.made = true;
    const held = this.contains(document.activeElement);
    this.replaceChildren();
    const { label } = this.dataset;
    const acts = document.createElement("div");
    acts.className = "acts";
    if (isDamage(track)) {
      this.boxes = Object.assign(document.createElement("div"), { className: "boxes" });
      this.boxes.setAttribute("role", "group");
      this.boxes.setAttribute("aria-labelledby", `k-${this.dataset.name}`);
      this.boxes.addEventListener("keydown", (event) => this.key(event));
      this.append(this.boxes);
      acts.append(
        button("Superficial", `${label}: mark one superficial`, () => this.step({ superficial: 1 }), "/"),
        button("Aggravated", `${label}: mark one aggravated`, () => this.step({ aggravated: 1 }), "×"),
        button("Mend", `${label}: mend one`, () => this.mend()),
      );
    } else if (track.max === 1) {
      this.toggle = button(label, label, () => this.step({ delta: this.track.value ? -1 : 1 }));
      acts.append(this.toggle);
    } else {
      const chosen = (value) => this.step({ delta: value - this.track.value });
      const facts = { labelledby: `k-${this.dataset.name}`, low: 0, high: track.max, fixed: "fixed" in this.dataset };
      this.pips = slider({ ...facts, chosen });
      this.pips.element.classList.add("stains" in track ? "squares" : "diamonds");
      this.append(this.pips.element);
      const less = button("One less", `${label}: one less`, () => this.step({ delta: -1 }));
      const more = button("One more", `${label}: one more`, () => this.step({ delta: 1 }));
      const stain = button("Stain", `${label}: add one stain`, () => this.step({ stains: 1 }), "/");
      const clear = button("Clear one", `${label}: clear one stain`, () => this.step({ stains: -1 }));
      acts.append(...("stains" in track ? [stain, clear] : [more, less]));
    }
    if (this.toggle) this.toggle.disabled = "fixed" in this.dataset;
    if (this.toggle || !("fixed" in this.dataset)) this.append(acts);
    if (held) (this.pips?.element ?? acts.firstChild).focus({ preventScroll: true });
  }

  mend() {
    this.step(this.track.superficial ? { superficial: -1 } : { aggravated: -1 });
  }

  paintBoxes(track) {
    const row = [...marks(track)];
    const focused = [...this.boxes.children].indexOf(document.activeElement);
    while (this.boxes.children.length > row.length) this.boxes.lastChild.remove();
    while (this.boxes.children.length < row.length) this.boxes.append(this.box());
    row.forEach((mark, n) => {
      const box = this.boxes.children[n];
      box.dataset.mark = mark;
      box.tabIndex = n === Math.max(Math.min(focused, row.length - 1), 0) ? 0 : -1;
      box.setAttribute("aria-label", `${this.dataset.label} box ${n + 1} of ${row.length}, ${WORDS[mark]}`);
    });
  }

  box() {
    const made = document.createElement("button");
    made.type = "button";
    made.className = "box";
    made.append(document.createElement("i"));
    made.addEventListener("click", () => {
      const steps = { "-": { superficial: 1 }, "/": { superficial: -1 }, x: { aggravated: -1 } };
      this.step(steps[made.dataset.mark]);
    });
    return made;
  }

  key(event) {
    const all = [...this.boxes.children];
    const here = all.indexOf(event.target);
    const to = { ArrowRight: here + 1, ArrowLeft: here - 1, Home: 0, End: all.length - 1 }[event.key];
    const act = { "/": { superficial: 1 }, x: { aggravated: 1 }, X: { aggravated: 1 } }[event.key];
    if (to === undefined && !act && event.key !== "Backspace") return;
    event.preventDefault();
    if (act) this.step(act);
    else if (to === undefined) this.mend();
    else {
      const next = all[Math.min(Math.max(to, 0), all.length - 1)];
      for (const box of all) box.tabIndex = box === next ? 0 : -1;
      next.focus();
    }
  }

  paintPips(track) {
    if (this.toggle) return this.toggle.setAttribute("aria-pressed", String(track.value > 0));
    this.pips.paint(track.value, said(track));
    [...marks(track)].forEach((mark, n) => this.pips.element.children[n].classList.toggle("stain", mark === "/"));
  }
}

customElements.define("live-track", LiveTrack);
