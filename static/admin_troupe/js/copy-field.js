// <copy-field>: a read-only value with a button that copies it. With `data-secret` it is masked until revealed;
// copying works while it is masked.
const SHOWN_FOR = 10_000; // milliseconds

class CopyField extends HTMLElement {
  #input;
  #value;
  #timer;

  connectedCallback() {
    this.#input = this.querySelector("input");
    this.#value ??= this.#input.value;
    const copy = this.querySelector("[data-copy]");
    copy.hidden = false;
    copy.addEventListener("click", () => this.#copy(copy));
    if (!("secret" in this.dataset)) return;
    const reveal = this.querySelector("[data-reveal]");
    reveal.hidden = false;
    reveal.addEventListener("click", () => this.#mask(reveal, reveal.getAttribute("aria-pressed") === "true"));
    this.#mask(reveal, true);
  }

  disconnectedCallback() {
    clearTimeout(this.#timer);
  }

  #mask(reveal, hide) {
    this.#input.value = hide ? "•".repeat(24) : this.#value;
    reveal.setAttribute("aria-pressed", String(!hide));
    reveal.textContent = hide ? "Reveal" : "Hide";
  }

  async #copy(button) {
    button.textContent = (await this.#written()) ? "Copied" : "Select and copy";
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      button.textContent = "Copy";
    }, SHOWN_FOR);
  }

  // Browsers give the clipboard to secure pages only; on plain http in a home network the text is selected instead.
  async #written() {
    try {
      await navigator.clipboard.writeText(this.#value);
      return true;
    } catch {
      this.#input.value = this.#value;
      this.#input.select();
      return false;
    }
  }
}

customElements.define("copy-field", CopyField);
