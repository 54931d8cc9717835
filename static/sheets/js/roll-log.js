// The log of rolls: what fell for this sheet, here or on somebody else's page.
import { ask } from "./resource.js";
import { logLine } from "./roll-view.js";

const LOGGED = 12;

export class RollLog {
  #known = new Map(); // id to what was told of it
  #version;
  #looking = null;

  /** `changed(roll)` is called for one that was here and is another now, `fallen(roll)` for the newest by others. */
  constructor({ list, address, version, changed, fallen }) {
    Object.assign(this, { list, address, changed, fallen });
    this.#version = version;
  }

  /** One that fell on this page. */
  add(roll) {
    this.#known.set(roll.id, JSON.stringify(roll));
    const before = this.#line(roll.id);
    if (before) before.replaceWith(logLine(roll));
    else this.list.prepend(logLine(roll));
    while (this.list.children.length > LOGGED) this.list.lastChild.remove();
    this.#paintEmpty();
  }

  /** The version that a document of the sheet tells: another one, and there is something new. */
  heard(version) {
    if (version === this.#version) return;
    this.#version = version;
    this.look();
  }

  /** One question at a time; who asks meanwhile is asked for once more. */
  look() {
    if (this.#looking) return void (this.#looking = "again");
    this.#looking = "once";
    this.#asked().finally(() => {
      const again = this.#looking === "again";
      this.#looking = null;
      if (again) this.look();
    });
  }

  async #asked() {
    const { status, body } = await ask("GET", `${this.address}?page_size=${LOGGED}`);
    if (status === 200) this.#take(body.results);
  }

  #take(rolls) {
    const others = rolls.filter(({ id }) => !this.#line(id));
    const changed = rolls.filter((roll) => this.#line(roll.id) && this.#isOther(roll));
    for (const roll of rolls) this.#known.set(roll.id, JSON.stringify(roll));
    if (others.length || changed.length) this.list.replaceChildren(...rolls.map(logLine));
    this.#paintEmpty();
    changed.forEach(this.changed);
    if (others.length) this.fallen(others[0]);
  }

  /** Of what the server drew only the words are known. */
  #isOther(roll) {
    const known = this.#known.get(roll.id);
    return known ? known !== JSON.stringify(roll) : this.#line(roll.id).textContent.trim() !== logLine(roll).textContent.trim();
  }

  #line(id) {
    return this.list.querySelector(`[data-roll="${id}"]`);
  }

  #paintEmpty() {
    for (const hint of document.querySelectorAll("[data-part=no-rolls]")) hint.hidden = this.list.children.length > 0;
  }
}
