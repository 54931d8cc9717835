/*
 * What an overlay tells the GM about itself. Works in any browser; inside OBS it also knows version and streaming.
 * OBS gives READ_OBS by default, which is enough for getStatus; nothing more is asked for.
 */

const EVERY_MS = 10_000;
const SIGNS = {
  obsSourceVisibleChanged: (facts, detail) => ({ ...facts, shown: detail.visible !== false }),
  obsSourceActiveChanged: (facts) => facts,
  obsStreamingStarted: (facts) => ({ ...facts, streaming: true }),
  obsStreamingStopped: (facts) => ({ ...facts, streaming: false }),
};

export class ObsReporter {
  #stream;
  #build;
  #win;
  #facts;
  #timer = null;
  #last = "";
  #listeners = [];

  constructor(stream, { build = null, win = globalThis.window } = {}) {
    this.#stream = stream;
    this.#build = build;
    this.#win = win;
    this.#facts = { obs: win.obsstudio?.pluginVersion ?? null, streaming: null, shown: true };
  }

  /** OBS does not always tell document.hidden, so its own sign counts too. */
  get hidden() {
    return !this.#facts.shown || Boolean(this.#win.document.hidden);
  }

  start() {
    for (const [name, learn] of Object.entries(SIGNS)) this.#on(this.#win, name, (event) => this.#learn(learn, event));
    this.#on(this.#win, "resize", () => this.report());
    this.#on(this.#win.document, "visibilitychange", () => this.report());
    this.#on(this.#stream, "status", (event) => event.detail.connection === "open" && this.report({ always: true }));
    this.#win.obsstudio?.getStatus?.((status) => this.#learn((facts) => ({ ...facts, streaming: Boolean(status?.streaming) })));
    this.#timer = this.#win.setInterval(() => this.report({ always: true }), EVERY_MS);
    return this;
  }

  stop() {
    this.#win.clearInterval(this.#timer);
    for (const [target, name, run] of this.#listeners) target.removeEventListener(name, run);
    this.#listeners = [];
  }

  status() {
    const { innerWidth: width, innerHeight: height } = this.#win;
    const { obs, streaming } = this.#facts;
    const seq = this.#stream.state?.seq ?? null;
    return { type: "STATUS", seq, width, height, build: this.#build, visible: !this.hidden, obs, streaming };
  }

  /** Without `always` only what changed is worth a message; the next seq alone is not. */
  report({ always = false } = {}) {
    const status = this.status();
    const shape = JSON.stringify({ ...status, seq: null });
    if (!always && shape === this.#last) return;
    if (this.#stream.send(status)) this.#last = shape;
  }

  #learn(learn, event) {
    this.#facts = learn(this.#facts, event?.detail ?? {});
    // A page that OBS just hid may reload now, one it just showed has to prove that its connection lives.
    this.#stream.check();
    this.report();
  }

  #on(target, name, run) {
    target.addEventListener(name, run);
    this.#listeners.push([target, name, run]);
  }
}
