// One thing on the server that the page edits: sends what waits, one request at a time, until the server has it.
import * as saver from "./saver.js";

const PATIENCE_MS = 8000;
export const pause = (failures) => Math.min(1000 * 2 ** failures, 20_000);
export const token = () => document.querySelector("input[name=csrfmiddlewaretoken]")?.value ?? "";
// That of the cookie is the one of now, where somebody signed in again in another tab.
const csrf = () => document.cookie.match(/(?:^|; )csrftoken=(\w+)/)?.[1] ?? token();

/** Fetches JSON. {status, body}; status 0 where no answer came, or one that says to come again. */
export async function ask(method, address, body, headers = {}) {
  const sent = { "Content-Type": "application/json", "X-CSRFToken": csrf(), ...headers };
  const options = { method, headers: body === undefined ? {} : sent, cache: "no-cache", signal: AbortSignal.timeout(PATIENCE_MS) };
  try {
    const response = await fetch(address, body === undefined ? options : { ...options, body: JSON.stringify(body) });
    const again = response.status >= 500 || response.status === 429 || response.status === 408;
    return { status: again ? 0 : response.status, body: response.status === 204 ? null : await response.json() };
  } catch {
    return { status: 0, body: null };
  }
}

export class Resource extends EventTarget {
  #timer = null;
  #failures = 0;

  constructor({ address, document, values, kept }) {
    super();
    Object.assign(this, { address, values });
    const known = { version: document.version, values: values(document) };
    this.state = kept ? saver.restored(known, kept) : saver.fresh(known);
    if (kept) this.later(0);
  }

  get failing() {
    return this.#failures > 0;
  }

  edit(field, value) {
    this.#become(saver.edit(this.state, field, value));
  }

  resolve(field, keepMine) {
    this.#become(saver.resolve(this.state, field, keepMine));
    this.later(0);
  }

  /** The document as somebody else read it. */
  heard(document) {
    this.#become(saver.merge(this.state, { version: document.version, values: this.values(document) }));
    this.later(0);
  }

  later(ms) {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.send(), ms);
  }

  async send() {
    if (this.state.flight) return;
    if (this.state.behind) return void this.#catchUp();
    const [next, request] = saver.begin(this.state);
    if (!request) return;
    this.#become(next);
    const { status, body } = await ask("PATCH", this.address, { version: request.version, ...request.fields });
    this.#answered(request, status, body);
  }

  #answered(request, status, body) {
    if (status === 200) return this.#done(saver.accepted(this.state, request.id, this.#known(body)), body);
    if (status === 409) this.#become(saver.stale(this.state, request.id));
    else if (status === 0) this.#become(saver.lost(this.state, request.id));
    else this.#become(saver.refused(this.state, request.id, body?.details?.length ? body.details : [{ field: "", message: body?.error }]));
    this.#failures = status === 0 ? this.#failures + 1 : 0;
    this.later(status === 0 ? pause(this.#failures) : 0);
    this.#told();
  }

  async #catchUp() {
    const { status, body } = await ask("GET", this.address);
    if (status === 200) return this.#done(saver.merge(this.state, this.#known(body)), body);
    this.#failures += 1;
    this.later(pause(this.#failures));
    this.#told();
  }

  #done(state, body) {
    this.#failures = 0;
    this.#become(state);
    this.dispatchEvent(new CustomEvent("document", { detail: body }));
    this.later(0);
  }

  #known(body) {
    return { version: body.version, values: this.values(body) };
  }

  #become(state) {
    this.state = state;
    this.#told();
  }

  #told() {
    this.dispatchEvent(new Event("change"));
  }
}
