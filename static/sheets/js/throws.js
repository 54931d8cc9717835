// Dice thrown by the server, each once: where no answer comes, the same throw is asked for again with the same key.
import { ask } from "./resource.js";

const LOST = "No answer. Roll again: the dice that fell already are kept.";

/** What is sent for the button that was pressed: a check, or the pool of the form with what it adds. */
export function asked(what, { traits, modifier = 0, difficulty = 0, hidden, specialty, surge, desperation, level, fury }) {
  const told = hidden ? { hidden: true } : {};
  if (what === "rouse") return { kind: "rouse", ...told, ...(level === undefined ? {} : { level }) };
  if (what === "remorse") return { kind: "remorse", ...told };
  if (what === "frenzy") return { kind: "frenzy", difficulty, ...told, ...(fury ? { fury: true } : {}) };
  return {
    traits,
    modifier,
    difficulty,
    ...told,
    ...(specialty ? { specialty } : {}),
    ...(surge || what === "surge" ? { surge: true } : {}),
    ...(desperation || what === "desperation" ? { desperation: true } : {}),
  };
}

export class Throws {
  #waiting = null; // one whose answer has not come: {address, body, key}
  #busy = false;

  constructor(ask_ = ask) {
    this.ask = ask_;
  }

  get busy() {
    return this.#busy;
  }

  /** {roll}, {error}, or nothing while another one is on its way. */
  async send(address, body) {
    if (this.#busy) return {};
    const same = this.#waiting?.address === address && JSON.stringify(this.#waiting.body) === JSON.stringify(body);
    this.#waiting = same ? this.#waiting : { address, body, key: crypto.randomUUID() };
    this.#busy = true;
    const { status, body: answer } = await this.ask("POST", address, body, { "Idempotency-Key": this.#waiting.key });
    this.#busy = false;
    if (status === 0) return { error: LOST };
    this.#waiting = null;
    return status < 300 ? { roll: answer } : { error: answer?.details?.[0]?.message ?? answer?.error ?? "Not rolled." };
  }
}
