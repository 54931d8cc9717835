/*
 * What the GM has done and the server has not answered yet: in order, one at a time, kept over reloads, never lost and
 * never applied twice. Each entry carries its Idempotency-Key from the moment it is made; whatever happens to the
 * network, repeating it is safe, because the server answers a key that it knows with its first answer.
 *
 * An entry: {key, at, path, method, body, label, who, state: "queued" | "failed", tries, error, base}. `base` are the
 * character's stats at the first attempt: once it is under way nobody knows whether the stream's state holds it yet.
 */

// The server keeps its answers for a day. What is older might be done twice, so a person decides.
export const TOO_OLD_MS = 12 * 3600_000;
const OLD = "Kept from an earlier evening. Send it only if it still counts.";
const FIRST_WAIT_MS = 500;
const LONGEST_WAIT_MS = 10_000;

/** Milliseconds before the next attempt after so many that reached nobody; `random` lies in [0, 1). */
export function waitAfter(attempts, random) {
  return Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** Math.min(attempts - 1, 10)) * (0.5 + random / 2);
}

const browserTimers = { now: () => Date.now(), set: (run, ms) => setTimeout(run, ms), clear: (id) => clearTimeout(id) };

// Not crypto.randomUUID: pages on plain http in a home network have none.
function newKey() {
  return [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

/**
 * Events: "change" (something of `entries` or `trouble` is another), "answered" {entry, answer}.
 * send(entry): {outcome: "done", answer} | {outcome: "refused", message} | {outcome: "away", wait?} | {outcome: "signed-out"}
 * baseOf(who): the character's stats without anything of the queue: the entry that is sent is the first of it.
 */
export class Queue extends EventTarget {
  #store;
  #send;
  #baseOf;
  #timers;
  #random;
  #timer = null;
  #away = 0;
  #order = 0;
  #sending = null;
  #outcomes = {
    done: (entry, { answer }) => {
      this.#reached();
      this.#remove(entry.key, { quietly: true });
      this.dispatchEvent(new CustomEvent("answered", { detail: { entry, answer } }));
    },
    refused: (entry, { message }) => {
      this.#reached();
      this.#replace(entry.key, { state: "failed", error: message, base: undefined });
    },
    away: (_entry, { wait }) => {
      this.#away += 1;
      this.trouble = "away";
      this.#pause(wait ?? waitAfter(this.#away, this.#random()));
    },
    "signed-out": () => {
      this.trouble = "signed-out";
      this.#pause(LONGEST_WAIT_MS);
    },
  };

  constructor({ store, send, baseOf = () => null, timers = browserTimers, random = Math.random }) {
    super();
    this.#store = store;
    this.#send = send;
    this.#baseOf = baseOf;
    this.#timers = timers;
    this.#random = random;
    this.trouble = ""; // "", "away" or "signed-out"
    this.entries = store.load().map((entry) => this.#aged(entry));
    this.#order = Math.max(0, ...this.entries.map(({ order }) => order));
  }

  get waiting() {
    return this.entries.filter(({ state }) => state === "queued");
  }

  get failed() {
    return this.entries.filter(({ state }) => state === "failed");
  }

  /** The entry that is under way. */
  get sending() {
    return this.#sending;
  }

  add({ path, method = "POST", body = {}, label, who = null }) {
    const at = this.#timers.now();
    this.#order += 1;
    const entry = { key: newKey(), order: this.#order, at, path, method, body, label, who, state: "queued", tries: 0 };
    this.#put(entry);
    this.entries = [...this.entries, entry];
    this.#changed();
    this.pump();
    return entry;
  }

  retry(key) {
    this.#replace(key, { state: "queued", error: undefined, tries: 0, base: undefined });
    this.wake();
  }

  /** Take back what has not been sent. False when it may have arrived already. */
  drop(key) {
    const entry = this.entries.find((one) => one.key === key);
    if (!entry || entry === this.#sending || (entry.state === "queued" && entry.tries > 0)) return false;
    this.#remove(key);
    return true;
  }

  /** The network may be back: try at once. */
  wake() {
    this.#timers.clear(this.#timer);
    this.#timer = null;
    this.pump();
  }

  pump() {
    const [next] = this.waiting;
    if (this.#sending || this.#timer || !next) return;
    this.#attempt(this.#replace(next.key, { tries: next.tries + 1, base: next.base ?? this.#baseOf(next.who) ?? undefined }));
  }

  async #attempt(entry) {
    this.#sending = entry;
    this.#changed();
    let result;
    try {
      result = await this.#send(entry);
    } catch {
      result = { outcome: "away" };
    }
    this.#sending = null;
    this.#outcomes[result.outcome](entry, result);
    this.#changed();
    this.pump();
  }

  #pause(ms) {
    this.#timer = this.#timers.set(() => this.wake(), ms);
  }

  #reached() {
    this.#away = 0;
    this.trouble = "";
  }

  #aged(entry) {
    if (entry.state !== "queued" || this.#timers.now() - entry.at < TOO_OLD_MS) return entry;
    return { ...entry, state: "failed", error: OLD, base: undefined };
  }

  #replace(key, changes) {
    let after;
    this.entries = this.entries.map((entry) => (entry.key === key ? (after = { ...entry, ...changes }) : entry));
    if (after) this.#put(after);
    return after;
  }

  #put(entry) {
    this.#store.save(entry);
  }

  #remove(key, { quietly = false } = {}) {
    this.#store.remove(key);
    this.entries = this.entries.filter((entry) => entry.key !== key);
    if (!quietly) this.#changed();
  }

  #changed() {
    this.dispatchEvent(new CustomEvent("change"));
  }
}
