/* The sizes below the picture: a tab with a small picture for each, and the list of sizes to copy this one to. */
import { placesOf } from "./document.js";
import { TIERS } from "./draft.js";

export class Tabs {
  #editor;
  #tabs;
  #copy;

  constructor(editor, { tabs, copy }) {
    this.#editor = editor;
    this.#tabs = [...tabs.querySelectorAll(".tier")];
    this.#copy = copy;
    tabs.addEventListener("keydown", (event) => this.#key(event));
    copy.addEventListener("change", ({ target }) => {
      editor.copyTo(target.value);
      target.value = "";
    });
  }

  /** The small pictures, for the overlay: [{frame, tier}]. */
  get minis() {
    return this.#tabs.map((tab) => ({ frame: tab.querySelector("iframe"), tier: () => tab.dataset.tierTab }));
  }

  draw() {
    for (const tab of this.#tabs) this.#drawTab(tab);
    this.#drawCopy();
  }

  #drawTab(tab) {
    const { tierTab } = tab.dataset;
    const isOn = tierTab === this.#editor.tier;
    tab.setAttribute("aria-selected", String(isOn));
    tab.tabIndex = isOn ? 0 : -1;
    const count = Object.keys(placesOf(this.#editor.tree.layouts[tierTab], this.#editor.format, "badges")).length;
    tab.querySelector("small").textContent = count ? `${count} placed` : "flows";
    this.#fit(tab.querySelector(".mini"), tab.querySelector("iframe"));
  }

  #fit(mini, frame) {
    const { width, height } = this.#editor.picture;
    mini.style.aspectRatio = `${width} / ${height}`;
    frame.style.width = `${width}px`;
    frame.style.height = `${height}px`;
    frame.style.transform = `scale(${mini.clientWidth / width})`;
  }

  #drawCopy() {
    const { tier } = this.#editor;
    if (this.#copy.dataset.of === tier) return;
    const others = TIERS.filter((one) => one !== tier);
    this.#copy.replaceChildren(new Option("choose", ""), ...others.map((one) => new Option(one, one)));
    this.#copy.dataset.of = tier;
  }

  #key(event) {
    const way = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (!way) return;
    event.preventDefault();
    event.stopPropagation();
    const next = TIERS[(TIERS.indexOf(this.#editor.tier) + way + TIERS.length) % TIERS.length];
    this.#editor.toTier(next);
    this.#tabs.find((tab) => tab.dataset.tierTab === next).focus();
  }
}
