// Dice at the storyteller's table: the pool and the checks of one sheet, and what fell for it last.
import { counted, inWords } from "./pool.js";
import { filledIn, offerSpecialties, traitOf } from "./pool-options.js";
import { chosenOf, drawRoll } from "./roll-view.js";
import { Throws, asked } from "./throws.js";

const part = (name, within) => within.querySelector(`[data-part=${name}]`);

export class SeatDice {
  #throws = new Throws();
  #last = null;
  #tracks = {};

  /** `moved` is called when dice fell, `said` with what went wrong. */
  constructor({ id, moved, said }) {
    Object.assign(this, { address: `/api/v1/sheets/${id}`, moved, said });
  }

  /** The part of the page that is drawn for it: at first, and each time that the page is drawn anew. */
  attach(element) {
    const before = this.form;
    this.element = element;
    this.form = element.querySelector("form.throw");
    if (before) this.#carry(before);
    this.form.addEventListener("input", () => this.paint());
    if (this.#last) this.#draw(this.#last);
    this.paint();
  }

  #carry(before) {
    const values = (form, name) => [...form.querySelectorAll(`[name=${name}]`)];
    for (const name of ["traits", "specialty", "modifier", "level", "difficulty"]) {
      values(this.form, name).forEach((input, n) => {
        const value = values(before, name)[n]?.value;
        if (value !== undefined && (input.tagName !== "SELECT" || [...input.options].some((option) => option.value === value))) input.value = value;
      });
    }
    for (const name of ["hidden", "fury"]) values(this.form, name).forEach((box, n) => (box.checked = values(before, name)[n]?.checked ?? false));
    this.form.querySelector("details").open = before.querySelector("details").open;
  }

  heard(tracks) {
    this.#tracks = tracks;
    this.paint();
  }

  /** What fell last, whoever rolled; nothing where nothing fell this evening. */
  fell(roll) {
    if (!roll || this.#throws.busy || JSON.stringify(roll) === JSON.stringify(this.#last)) return;
    if (this.#last && roll.number < this.#last.number) return;
    if (!this.#last && roll.kind === "pool") this.#choose(roll.parts.map(({ label }) => label));
    this.#draw(roll);
  }

  // --- the pool ---

  /** What was rolled last is what is rolled again most often; a pool that somebody began to choose stays. */
  #choose(labels) {
    const selects = [...this.form.querySelectorAll("[name=traits]")];
    if (selects.some((select) => !(select.selectedOptions[0]?.defaultSelected || select.selectedIndex === 0))) return;
    const found = labels.map((label) => [...selects[0].options].find((option) => option.dataset.label === label)?.value).filter(Boolean);
    found.slice(0, 2).forEach((value, n) => (selects[n].value = value));
    this.paint();
  }

  get #options() {
    return [...this.form.querySelectorAll("[name=traits]")].map((select) => select.selectedOptions[0]).filter(({ value }) => value);
  }

  paint() {
    if (!this.form || !Object.keys(this.#tracks).length) return;
    const { specialty, modifier } = this.form.elements;
    const traits = this.#options.map((option) => traitOf(option, this.#tracks));
    if (specialty) offerSpecialties(specialty, this.#options.map(({ value }) => value));
    const more = (specialty?.value ? 1 : 0) + (Number(modifier.value) || 0);
    const { special } = this.element.dataset;
    const pool = counted({ traits, more, tracks: this.#tracks, special, desperate: false });
    part("names", this.form).textContent = traits.map(({ label }) => label).join(" + ");
    part("words", this.form).textContent = inWords(pool, special);
    part("count", this.form).textContent = pool.dice;
    this.#paintChecks();
  }

  #paintChecks() {
    const remorse = part("remorse", this.form);
    if (remorse) remorse.disabled = !this.#tracks.humanity?.stains;
    const desperation = part("desperation", this.form);
    if (!desperation) return;
    desperation.disabled = this.#tracks.despair?.value > 0;
    desperation.textContent = desperation.disabled ? "In despair" : `Desperation +${this.#tracks.desperation.value}`;
  }

  // --- dice ---

  pressed(event) {
    event.preventDefault();
    if (event.target === this.form) this.#throw("/roll", asked(event.submitter?.value ?? "roll", filledIn(this.form, this.#options)));
  }

  #act(what) {
    const roll = this.#last;
    if (what === "frenzy") return this.#throw("/roll", asked(what, { difficulty: roll.frenzy, hidden: roll.hidden }));
    const there = `/rolls/${roll.id}`;
    if (what !== "reroll") return this.#throw(`${there}/choose`, { choice: what });
    return this.#throw(`${there}/reroll`, { dice: chosenOf(part("fallen", this.element).querySelector("form"), roll) });
  }

  async #throw(path, body) {
    if (this.#throws.busy) return;
    this.element.toggleAttribute("data-rolling", true);
    const { roll, error } = await this.#throws.send(`${this.address}${path}`, body);
    this.element.toggleAttribute("data-rolling", false);
    if (error) return void this.said(error);
    this.element.toggleAttribute("data-fallen", true);
    this.#draw(roll);
    if (this.form.elements.specialty) this.form.elements.specialty.value = "";
    this.paint();
    this.moved();
  }

  #draw(roll) {
    this.#last = roll;
    const place = part("fallen", this.element);
    const focused = place.contains(document.activeElement);
    place.hidden = false;
    place.dataset.outcome = roll.outcome;
    place.replaceChildren(drawRoll(roll, (what) => this.#act(what)));
    if (focused) (place.querySelector("button, input") ?? part("roll", this.form)).focus({ preventScroll: true });
  }
}
