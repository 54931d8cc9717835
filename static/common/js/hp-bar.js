// <hp-bar>: the bar that the server drew as SVG learns to move. `show({now, temp, figure, plus, label})`, shares 0 to 1.
// The widths of the first paint are attributes; from then on transforms move them, which needs no layout.
export class HPBar extends HTMLElement {
  #rects = null;

  show({ now, temp, figure, plus, label }) {
    const { ghost, now: fill, temp: extra } = this.#movable();
    this.setAttribute("aria-label", label);
    this.querySelector("[data-part=figure]").textContent = figure;
    this.querySelector("[data-part=plus]").textContent = plus;
    ghost.style.transform = fill.style.transform = `scaleX(${now})`;
    extra.setAttribute("x", `${now * 100}%`);
    extra.setAttribute("width", `${temp * 100}%`);
  }

  #movable() {
    this.#rects ??= Object.fromEntries(["ghost", "now", "temp"].map((name) => [name, this.querySelector(`.${name}`)]));
    for (const rect of [this.#rects.ghost, this.#rects.now]) {
      const width = rect.getAttribute("width");
      if (width === "100%") continue;
      rect.style.transition = "none";
      rect.style.transform = `scaleX(${parseFloat(width) / 100})`;
      rect.setAttribute("width", "100%");
      rect.getBoundingClientRect(); // the jump to the same place must not be animated
      rect.style.transition = "";
    }
    return this.#rects;
  }
}

customElements.define("hp-bar", HPBar);
