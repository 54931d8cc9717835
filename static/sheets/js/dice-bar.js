// The bar of dice at the foot of a sheet: a pool of two traits, what fell, and what is made of it.
import { counted, inWords } from "./pool.js";
import { filledIn, offerSpecialties, traitOf } from "./pool-options.js";
import { chosenOf, drawRoll } from "./roll-view.js";
import { Throws, asked } from "./throws.js";

const part = (name) => document.querySelector(`[data-part=${name}]`);

export class DiceBar {
  #last = null;
  #next = 0;
  #throws = new Throws();
  #tracks;

  /** `moved` is called when dice moved tracks of the sheet, `fell` with a roll, `said` with what went wrong. */
  constructor({ bar, id, tracks, moved, fell, said }) {
    Object.assign(this, { bar, address: `/api/v1/sheets/${id}`, moved, fell, said, form: bar.querySelector("form.pool") });
    this.#tracks = tracks;
    this.selects = [...this.form.querySelectorAll("[name=traits]")];
    document.addEventListener("submit", (event) => this.#submitted(event));
    document.addEventListener("click", (event) => this.#picked(event));
    document.addEventListener("keydown", (event) => this.#entered(event));
    this.form.addEventListener("input", () => this.paint());
    part("sum").addEventListener("click", () => this.#unfold(!this.bar.hasAttribute("data-open")));
    document.addEventListener("keydown", (event) => event.key === "Escape" && this.#unfold(false));
    part("put-away").addEventListener("click", () => this.#putAway());
    this.paint();
  }

  heard(tracks) {
    this.#tracks = tracks;
    this.paint();
  }

  #unfold(open) {
    this.bar.toggleAttribute("data-open", open);
    part("sum").setAttribute("aria-expanded", String(open));
  }

  /** Of use on a phone, where what fell covers a third of the sheet; it stays in the log, and above the pool. */
  #putAway() {
    this.bar.toggleAttribute("data-fallen", false);
    this.#unfold(false);
    part("sum").focus({ preventScroll: true });
  }

  // --- the pool ---

  get #options() {
    return this.selects.map((select) => select.selectedOptions[0]).filter(({ value }) => value);
  }

  #trait(option) {
    return traitOf(option, this.#tracks, document.getElementById(`f-${option.value}`)?.value);
  }

  paint() {
    const { specialty, modifier, surge, desperation } = this.form.elements;
    const chosen = this.#options;
    const traits = chosen.map((option) => this.#trait(option));
    if (specialty) offerSpecialties(specialty, chosen.map(({ value }) => value));
    const surged = surge?.checked ? Number(surge.closest("label").querySelector("b").textContent) : 0;
    const more = (specialty?.value ? 1 : 0) + (Number(modifier.value) || 0) + surged;
    const facts = { traits, more, tracks: this.#tracks, special: this.bar.dataset.special, desperate: desperation?.checked };
    const pool = counted(facts);
    part("count").textContent = pool.dice + (facts.special === "desperation" ? pool.special : 0);
    const [names, words] = part("sum").children;
    names.textContent = traits.map(({ label }) => label).join(" + ");
    words.textContent = inWords(pool, facts.special);
    part("count").parentElement.setAttribute("aria-label", `Roll ${names.textContent}, ${words.textContent}`);
    if (desperation && this.#tracks.despair) desperation.disabled = this.#tracks.despair.value > 0;
    for (const trait of document.querySelectorAll(".trait")) trait.toggleAttribute("data-picked", chosen.some(({ value }) => value === trait.dataset.field));
    this.#paintRemorse();
  }

  #paintRemorse() {
    const button = part("remorse");
    const { value, stains } = this.#tracks.humanity ?? {};
    if (!button) return;
    const dice = Math.max(1, 10 - value - stains);
    button.disabled = !stains;
    button.textContent = stains ? `Remorse, ${dice} ${dice === 1 ? "die" : "dice"}` : "Remorse";
  }

  #picked(event) {
    const label = event.target.closest?.(".trait label");
    if (label) this.#take(label.closest(".trait").dataset.field);
  }

  #entered(event) {
    const trait = event.key === "Enter" && event.target.getAttribute?.("role") === "slider" && event.target.closest(".trait");
    if (trait) this.#take(trait.dataset.field);
  }

  /** A trait joins the pool in the place of the one that was there longer; one that is there already leaves. */
  #take(name) {
    const [first, second] = this.selects;
    if (second.value === name) second.value = "";
    else if (first.value !== name) {
      const select = second.value === "" ? second : this.selects[this.#next];
      if (![...select.options].some(({ value }) => value === name)) return;
      select.value = name;
      this.#next = select === first ? 1 : 0;
    }
    this.paint();
  }

  // --- dice ---

  #submitted(event) {
    if (event.target !== this.form) {
      if (event.target.matches(".again")) event.preventDefault();
      if (event.target.matches(".again") && event.submitter) this.#act(event.submitter.value);
      return;
    }
    event.preventDefault();
    this.#throw(`${this.address}/roll`, asked(event.submitter?.value ?? "roll", filledIn(this.form, this.#options)));
  }

  #act(what) {
    const roll = this.#last;
    const form = part("fallen").querySelector("form");
    if (what === "frenzy") {
      const known = roll ?? { frenzy: Number(form.elements.difficulty.value), hidden: "hidden" in form.elements };
      return this.#throw(`${this.address}/roll`, asked(what, { difficulty: known.frenzy, hidden: known.hidden }));
    }
    const id = roll?.id ?? form.dataset.roll;
    const there = `${this.address}/rolls/${id}`;
    if (what !== "reroll") return this.#throw(`${there}/choose`, { choice: what });
    const normal = roll?.normal ?? [...form.querySelectorAll(".dg:not([data-kind]) .die")].map(({ textContent }) => Number(textContent));
    return this.#throw(`${there}/reroll`, { dice: chosenOf(form, { normal }) });
  }

  async #throw(address, body) {
    if (this.#throws.busy) return;
    this.bar.toggleAttribute("data-rolling", true);
    const { roll, error } = await this.#throws.send(address, body);
    this.bar.toggleAttribute("data-rolling", false);
    if (error) return void this.said(error);
    this.#fell(roll);
    this.moved();
  }

  #fell(roll) {
    this.#draw(roll);
    this.fell(roll);
    const { surge, desperation, specialty } = this.form.elements;
    for (const box of [surge, desperation]) if (box) box.checked = false;
    if (specialty) specialty.value = "";
    this.#unfold(false);
    this.bar.toggleAttribute("data-fallen", true);
    this.paint();
  }

  /** Somebody else rolled these dice again, chose for them or took them back: what can be done about them is another. */
  changed(roll) {
    const shown = this.#last?.id ?? part("fallen").querySelector("form")?.dataset.roll;
    if (roll.id === shown && !this.bar.hasAttribute("data-rolling")) this.#draw(roll);
  }

  #draw(roll) {
    this.#last = roll;
    const place = part("fallen");
    place.hidden = false;
    place.dataset.outcome = roll.outcome;
    const offered = "moves" in this.bar.dataset ? roll : { ...roll, can_reroll: false, choices: [], frenzy: 0 };
    place.replaceChildren(drawRoll(offered, (what) => this.#act(what)));
    part("no-roll").hidden = true;
  }
}
