/*
 * One part of the draft and the server: sends what differs, one request at a time, and puts the draft on top of what
 * others did meanwhile. It knows nothing of layouts: `wire` says how a part is asked for and told.
 *
 * Events: `change` (state or detail are other than before), `rebase` {draft, clashes} (the base moved under the draft).
 * States: "same" (the server has it), "draft" (not sent yet), "sending", "clash" (both changed the same),
 * "away" (cannot reach the server; tries again), "refused" (says why; sent again with the next change).
 */
import { changes, rebased } from "./tree.js";

const RETRY_MS = [1_000, 2_000, 5_000, 10_000];

export class Part extends EventTarget {
  #wire;
  #timers;
  #busy = false;
  #wanted = false;
  #tries = 0;
  #retry = null;

  /** wire: {send(base, draft, version) → Promise<{status, value?, version?, current?, words?}>}; `value` is the whole part. */
  constructor(wire, value, version, timers = globalThis) {
    super();
    this.#wire = wire;
    this.#timers = timers;
    this.base = value;
    this.draft = value;
    this.version = version;
    this.state = "same";
    this.words = "";
    this.clashes = [];
  }

  get differs() {
    return changes(this.base, this.draft).length > 0;
  }

  /** Also while something is on its way: what was taken back meanwhile equals the base, and yet has to be told. */
  get isOpen() {
    return this.#busy || this.differs;
  }

  /** What the editor shows now; it is sent by `push`. */
  set(draft) {
    this.draft = draft;
    if (this.state !== "clash" && !this.#busy) this.#be(this.differs ? "draft" : "same");
  }

  /** Sends the difference; while a request runs, once more after it. */
  async push() {
    if (this.#busy || this.state === "clash") {
      this.#wanted = true;
      return;
    }
    this.#timers.clearTimeout(this.#retry);
    if (!this.differs) {
      this.#be("same");
      return;
    }
    this.#busy = true;
    this.#wanted = false;
    const sent = this.draft;
    this.#be("sending");
    const answer = await this.#wire.send(this.base, sent, this.version);
    this.#busy = false;
    this.#answered(answer, sent);
  }

  /** What somebody else, or the stream, says the part is now; the stream may lag behind what the API has answered. */
  heard(value, version) {
    if (this.#busy || version <= this.version) return;
    this.#move(value, version);
    if (this.state !== "clash") this.#be(this.differs ? "draft" : "same");
  }

  /** After a clash: mine goes on top of theirs, or theirs it is. */
  settle(keepMine) {
    if (!keepMine) this.#rebase(this.base, []);
    this.clashes = [];
    this.#be(this.differs ? "draft" : "same");
    if (keepMine) this.push();
  }

  #answered({ status, value, version, current, words }, sent) {
    if (status === "done") this.#taken(value, version, sent);
    else if (status === "conflict") this.#overtaken(current);
    else if (status === "away") this.#later(words);
    else this.#be("refused", words);
  }

  #taken(value, version, sent) {
    this.#tries = 0;
    this.base = sent;
    // What the server made of it, such as fields it fills in, belongs to the base and not to the draft.
    this.#move(value, version);
    this.#be(this.differs ? "draft" : "same");
    if (this.#wanted && this.differs) this.push();
  }

  #overtaken({ value, version }) {
    this.#move(value, version);
    if (this.state !== "clash") this.push();
  }

  #later(words) {
    const wait = RETRY_MS[Math.min(this.#tries, RETRY_MS.length - 1)];
    this.#tries += 1;
    this.#be("away", words);
    this.#retry = this.#timers.setTimeout(() => this.push(), wait);
  }

  #move(value, version) {
    const result = rebased(this.base, value, this.draft);
    this.base = value;
    this.version = version;
    this.#rebase(result.draft, result.clashes);
  }

  #rebase(draft, clashes) {
    this.clashes = clashes;
    const news = changes(this.draft, draft).length > 0;
    this.draft = draft;
    if (clashes.length) this.#be("clash");
    if (news) this.dispatchEvent(new CustomEvent("rebase", { detail: { draft, clashes } }));
  }

  #be(state, words = "") {
    if (this.state === state && this.words === words) return;
    this.state = state;
    this.words = words;
    this.dispatchEvent(new CustomEvent("change"));
  }
}
