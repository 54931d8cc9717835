/* <hp-bar>: the layers of a bar, drawn by the server or here, moved by transform alone. */

const LAYERS = ["ghost", "temp", "now"];
const slide = (share) => `translateX(${(share - 1) * 100}%)`;

const fill = (from, to) => [
  { transform: slide(from) },
  { transform: slide(to), offset: 0.4 },
  { transform: slide(to) },
];
const drain = (from, to) => [
  { transform: slide(from), opacity: 1 },
  { transform: slide(from), opacity: 1, offset: 0.4 },
  { transform: slide(to), opacity: 1 },
];

export class HpBar extends HTMLElement {
  /** hp: a view's hp, or null for no bar at all. */
  draw(hp) {
    this.#hydrate();
    const facts = { mode: hp?.mode, band: hp?.band, now: hp?.now, temp: hp?.temp };
    for (const [name, value] of Object.entries(facts)) {
      if (value === undefined) delete this.dataset[name];
      else this.dataset[name] = value;
    }
    this.style.setProperty("--now", hp?.now ?? 0);
    this.style.setProperty("--temp-share", hp?.temp ?? 0);
    this.querySelector("b").textContent = hp?.label ?? "";
  }

  /** Shows the way from earlier shares {now, temp} to the present ones; returns the animation, or null. */
  trail(before, duration, easing) {
    if (!this.dataset.mode) return null;
    const now = Number(this.dataset.now);
    const end = now + Number(this.dataset.temp);
    const start = before.now + before.temp;
    const timing = { duration, easing };
    if (before.now < now) return this.querySelector(".now").animate(fill(before.now, now), timing);
    return start > end ? this.querySelector(".ghost").animate(drain(start, end), timing) : null;
  }

  #hydrate() {
    if (this.children.length) return;
    const layers = LAYERS.map((name) => Object.assign(document.createElement("i"), { className: name }));
    this.append(...layers, document.createElement("b"));
  }
}

customElements.define("hp-bar", HpBar);
