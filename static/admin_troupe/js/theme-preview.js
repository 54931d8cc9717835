// <theme-preview>: the real overlay beside the fields of the theme, in the colours that are chosen there just now.
const WIDTH = 1920;
const HEIGHT = 1080;
const COLOUR = /^#[0-9a-f]{6}$/;

class ThemePreview extends HTMLElement {
  #frame;
  #presets;

  connectedCallback() {
    if (this.#frame) return;
    this.#presets = JSON.parse(document.getElementById("theme-presets").textContent);
    const colours = document.querySelector("fieldset.colours");
    if (!colours) return;
    this.#frame = Object.assign(document.createElement("iframe"), { title: "The overlay in these colours", tabIndex: -1, src: this.dataset.src });
    this.hidden = false;
    colours.querySelector(".form-row").before(this); // which connects it once more
    const stage = this.querySelector(".theme-stage");
    stage.append(this.#frame);
    this.#frame.addEventListener("load", () => this.#draw());
    colours.addEventListener("input", () => this.#draw());
    new ResizeObserver(() => this.#fit(stage)).observe(stage);
  }

  #fit(stage) {
    this.#frame.style.width = `${WIDTH}px`;
    this.#frame.style.height = `${HEIGHT}px`;
    this.#frame.style.transform = `scale(${stage.clientWidth / WIDTH})`;
    stage.style.height = `${(stage.clientWidth / WIDTH) * HEIGHT}px`;
  }

  get #theme() {
    const fields = [...document.querySelectorAll("[name^=theme_]")].map((field) => [field.name.slice("theme_".length), field.value.trim().toLowerCase()]);
    const { preset, ...own } = Object.fromEntries(fields);
    return { ...this.#presets[preset], ...Object.fromEntries(Object.entries(own).filter(([, value]) => COLOUR.test(value))) };
  }

  #draw() {
    const overlay = this.#frame.contentDocument?.querySelector("campaign-overlay");
    if (!overlay?.state) return;
    overlay.show({ ...overlay.state, campaign: { ...overlay.state.campaign, theme: this.#theme } });
  }
}

customElements.define("theme-preview", ThemePreview);
