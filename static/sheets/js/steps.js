// Steps of tracks, told one after the other and each exactly once: a key goes with it, so that it may be sent again.
import { ask, pause } from "./resource.js";
import { moved } from "./boxes.js";

export class Steps extends EventTarget {
  #timer = null;
  #sending = false;
  #failures = 0;

  constructor({ address, tracks, waiting }) {
    super();
    Object.assign(this, { address, tracks, waiting: waiting ?? [] });
    if (this.waiting.length) this.#later(0);
  }

  get failing() {
    return this.#failures > 0;
  }

  /** As they will be when all is told. */
  get shown() {
    const after = { ...this.tracks };
    for (const { track, steps } of this.waiting) if (after[track]) after[track] = moved(after[track], steps);
    return after;
  }

  add(track, steps) {
    this.waiting = [...this.waiting, { track, steps, key: crypto.randomUUID() }];
    this.#told();
    this.#later(0);
  }

  heard(tracks) {
    this.tracks = tracks;
    this.#told();
  }

  #later(ms) {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#send(), ms);
  }

  async #send() {
    const [first] = this.waiting;
    if (!first || this.#sending) return;
    this.#sending = true;
    const body = { track: first.track, ...first.steps };
    const answer = await ask("POST", this.address, body, { "Idempotency-Key": first.key });
    this.#sending = false;
    if (answer.status === 0) {
      this.#failures += 1;
      this.#later(pause(this.#failures));
      return this.#told();
    }
    this.#failures = 0;
    this.waiting = this.waiting.filter((step) => step !== first);
    if (answer.status === 200) this.dispatchEvent(new CustomEvent("document", { detail: answer.body }));
    else this.dispatchEvent(new CustomEvent("refused", { detail: answer.body?.error ?? "Not saved." }));
    this.#told();
    this.#later(0);
  }

  #told() {
    this.dispatchEvent(new Event("change"));
  }
}
