/*
 * What an overlay tells the GM about itself. Works in any browser; inside OBS it also knows version and streaming.
 * OBS gives READ_OBS by default, which is enough for getStatus; nothing more is asked for.
 */

// The GM is to know within ten seconds that an overlay is gone.
const EVERY_MS = 4_000;
const SOURCE = "troupe-source";
const SIGNS = {
  obsSourceVisibleChanged: (facts, detail) => ({ ...facts, shown: detail.visible !== false }),
  obsSourceActiveChanged: (facts) => facts,
  obsStreamingStarted: (facts) => ({ ...facts, streaming: true }),
  obsStreamingStopped: (facts) => ({ ...facts, streaming: false }),
};

export class ObsReporter {
  #stream;
  #build;
  #tier;
  #lag = null;
  #source;
  #win;
  #facts;
  #timer = null;
  #last = "";
  #listeners = [];

  constructor(stream, { build = null, tier = null, win = globalThis.window } = {}) {
    this.#stream = stream;
    this.#build = build;
    this.#tier = tier;
    this.#win = win;
    this.#source = sourceOf(win);
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
    this.#on(this.#stream, "state", (event) => this.#measure(event.detail.applied));
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
    const [build, tier, source, lag] = [this.#build, this.#tier, this.#source, this.#lag];
    return { type: "STATUS", seq, width, height, build, tier, source, lag, visible: !this.hidden, obs, streaming };
  }

  /** Without `always` only what changed is worth a message; the next seq alone is not. */
  report({ always = false } = {}) {
    const status = this.status();
    const shape = JSON.stringify({ ...status, seq: null, lag: null });
    if (!always && shape === this.#last) return;
    if (this.#stream.send(status)) this.#last = shape;
  }

  // How long the last event took to come here.
  #measure(applied) {
    const last = applied.at(-1);
    if (last && last.message.type !== "BOOTSTRAP") this.#lag = Math.round(Math.min(Math.max(last.age, 0), 600_000));
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

// The same over reloads of one source, another for each source.
function sourceOf(win) {
  try {
    const known = win.sessionStorage.getItem(SOURCE) ?? Math.random().toString(36).slice(2);
    win.sessionStorage.setItem(SOURCE, known);
    return known;
  } catch {
    return null; // no storage: the connection is its name
  }
}
