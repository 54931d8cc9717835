/*
 * One live connection that never gives up: resumes, detects silence, and applies every message the moment it comes.
 *
 * Events (CustomEvent, `detail`):
 *   state    {state, applied: [{message, before, after, age}], status}   after each message that changed the state
 *   status   {connection: "connecting" | "open" | "waiting" | "stopped"}
 *   refused  {code, message}   an ERROR message: for the GM's eyes only
 *   overlays {overlays, ts}    what the campaign's overlays report; to the GM only
 *   progress {characterId, purpose, state, percent, reason}   how far a file is; to the GM only
 *   sheet    {sheetId}         something of a sheet changed that is no live state; to the GM only
 *   gone     {code}            4401, 4403 or 4404: what is held must no longer be shown; it goes on asking, slowly
 *   reload   {build}           the server runs another build and the page is hidden: a good moment to reload
 */
import { apply, fromBootstrap } from "./reducer.js";

export const SILENCE_MS = 45_000;
const CONNECT_MS = 10_000;
const RESUME_AGAIN_MS = 5_000;
// An outage of a minute has to heal within five seconds of its end, so the quick phase is longer than a minute.
const QUICK_PHASE_MS = 90_000;
const QUICK_CAP_MS = 3_000;
const SLOW_CAP_MS = 30_000;
const GONE = new Set([4401, 4403, 4404]);

/** Milliseconds before the next attempt; `outage` is how long nothing was heard, `random` lies in [0, 1). */
export function retryDelay(attempt, outage, random) {
  if (attempt === 0) return 100 + random * 700;
  const quick = Math.min(QUICK_CAP_MS, 500 * 2 ** attempt);
  const slow = Math.min(SLOW_CAP_MS, QUICK_CAP_MS * 1.6 ** Math.max(0, (outage - QUICK_PHASE_MS) / 15_000));
  return (outage < QUICK_PHASE_MS ? quick : slow) * (0.5 + random / 2);
}

function parse(text) {
  try {
    const message = JSON.parse(text);
    return message && typeof message === "object" && typeof message.type === "string" ? message : null;
  } catch {
    return null;
  }
}

const browserTimers = {
  now: () => Date.now(),
  set: (run, ms) => setTimeout(run, ms),
  clear: (id) => clearTimeout(id),
};

export class LiveStream extends EventTarget {
  #options;
  #timers;
  #socket = null;
  #retryTimer = null;
  #watchTimer = null;
  #attempt = 0;
  #heardAt = 0;
  #lostAt = null;
  #resumeAt = null;
  #stopped = true;
  #skew = null;
  #nextBuild = null;
  #wake = () => this.check();
  #wakeNow = () => this.check({ impatient: true });

  /**
   * url: path or ws(s) address. state: BOOTSTRAP rendered into the page, or null. token: sent as AUTH, never in the URL.
   * delay: follow the campaign's viewer delay. build: the build that rendered this page.
   * isHidden, timers, random, WebSocket, page, window: replaceable for tests and for OBS.
   */
  constructor(options) {
    super();
    this.#options = { state: null, token: null, delay: false, build: null, random: Math.random, ...options };
    this.#timers = options.timers ?? browserTimers;
    this.state = this.#options.state ? fromBootstrap(this.#options.state) : null;
    this.connection = "stopped";
  }

  start() {
    this.#stopped = false;
    this.#listen("addEventListener");
    this.#connect();
    return this;
  }

  stop() {
    this.#stopped = true;
    this.#listen("removeEventListener");
    this.#timers.clear(this.#retryTimer);
    this.#dropSocket();
    this.#say("stopped");
  }

  /** True when it was handed to an open socket. */
  send(message) {
    if (this.connection !== "open" || this.#socket?.readyState !== 1) return false;
    this.#socket.send(JSON.stringify(message));
    return true;
  }

  /** Timers sleep in hidden pages, so every sign of life of the page asks here whether the stream still lives. */
  check({ impatient = false } = {}) {
    if (this.#stopped) return;
    this.#offerReload();
    const waited = this.#timers.now() - this.#heardAt;
    if (this.#socket && waited >= this.#patience()) this.#lost();
    else if (!this.#socket && impatient) this.#connect();
  }

  #listen(verb) {
    const { page = globalThis.document, window = globalThis.window } = this.#options;
    page?.[verb]?.("visibilitychange", this.#wakeNow);
    window?.[verb]?.("online", this.#wakeNow);
    window?.[verb]?.("pageshow", this.#wakeNow);
    window?.[verb]?.("focus", this.#wake);
  }

  #patience() {
    return this.connection === "open" ? SILENCE_MS : CONNECT_MS;
  }

  #address() {
    const base = this.#options.base ?? globalThis.location?.href;
    const url = new URL(this.#options.url, base);
    url.protocol = url.protocol.replace("http", "ws");
    if (this.#options.token) url.searchParams.set("auth", "1");
    else if (this.state) {
      url.searchParams.set("seq", this.state.seq);
      url.searchParams.set("epoch", this.state.epoch);
    }
    if (this.#options.delay) url.searchParams.set("delay", "1");
    return url.href;
  }

  #connect() {
    this.#timers.clear(this.#retryTimer);
    this.#dropSocket();
    this.#say("connecting");
    this.#resumeAt = null;
    const Socket = this.#options.WebSocket ?? globalThis.WebSocket;
    let socket;
    try {
      socket = new Socket(this.#address());
    } catch {
      this.#retry();
      return;
    }
    this.#socket = socket;
    this.#heard();
    socket.onopen = () => this.#opened();
    socket.onmessage = (event) => this.#received(event.data);
    socket.onclose = (event) => this.#closed(event.code);
    socket.onerror = () => {};
  }

  #dropSocket() {
    const socket = this.#socket;
    this.#socket = null;
    this.#timers.clear(this.#watchTimer);
    if (!socket) return;
    socket.onopen = socket.onmessage = socket.onclose = null;
    socket.close();
  }

  #opened() {
    this.connection = "open";
    this.#heard();
    // Before anyone hears that it is open: nothing may come ahead of AUTH.
    if (this.#options.token) this.send({ type: "AUTH", token: this.#options.token, ...this.#cursor() });
    this.#say("open");
  }

  #cursor() {
    return this.state ? { seq: this.state.seq, epoch: this.state.epoch } : {};
  }

  #heard() {
    this.#heardAt = this.#timers.now();
    this.#watch(this.#patience());
  }

  #watch(ms) {
    this.#timers.clear(this.#watchTimer);
    this.#watchTimer = this.#timers.set(() => {
      this.check();
      // A timer may ring a moment early; the dog stays awake as long as there is something to watch.
      if (this.#socket) this.#watch(1_000);
    }, ms);
  }

  #received(text) {
    this.#heard();
    const message = parse(text);
    if (!message) return;
    if (message.type === "ERROR") this.#emit("refused", { code: message.code, message: message.message });
    else if (message.type === "OVERLAYS") this.#emit("overlays", { overlays: message.data.overlays, ts: message.ts });
    else if (message.type === "FILE_PROGRESS") this.#emit("progress", message.data);
    else if (message.type === "SHEET_CHANGED") this.#emit("sheet", message.data);
    else this.#take(message);
  }

  #take(message) {
    this.#attempt = 0;
    this.#lostAt = null;
    const applied = [];
    this.#measureClock(message);
    const result = apply(this.state, message, (one, before, after) => {
      applied.push({ message: one, before, after, age: this.#age(one) });
    });
    this.state = result.state;
    this.#settle(message, result.status);
    if (applied.length) this.#emit("state", { state: this.state, applied, status: result.status });
    this.#noticeBuild(message);
  }

  #settle(message, status) {
    if (status === "gap" || status === "epoch") this.#resume();
    else if (message.type === "BOOTSTRAP" || message.type === "HEARTBEAT") this.#resumeAt = null;
  }

  #resume() {
    const now = this.#timers.now();
    // One question at a time: what is live meanwhile stays unapplied and is part of the answer.
    if (!this.state || (this.#resumeAt !== null && now - this.#resumeAt < RESUME_AGAIN_MS)) return;
    if (this.send({ type: "RESUME", ...this.#cursor() })) this.#resumeAt = now;
  }

  #measureClock(message) {
    if (message.type !== "HEARTBEAT" || !(message.ts > 0)) return;
    const offset = this.#timers.now() - message.ts;
    this.#skew = this.#skew === null ? offset : Math.min(this.#skew, offset);
  }

  // Milliseconds since the message was made, freed of the difference of the two clocks once a heartbeat told it.
  #age(message) {
    return message.ts > 0 ? this.#timers.now() - message.ts - (this.#skew ?? 0) : 0;
  }

  #noticeBuild(message) {
    if (!message.build || !this.#options.build || message.build === this.#options.build) return;
    this.#nextBuild = message.build;
    this.#offerReload();
  }

  #offerReload() {
    if (!this.#nextBuild || this.connection !== "open") return;
    const hidden = this.#options.isHidden ?? (() => Boolean(globalThis.document?.hidden));
    if (hidden()) this.#emit("reload", { build: this.#nextBuild });
  }

  #closed(code) {
    if (GONE.has(code)) {
      this.state = null;
      this.#emit("gone", { code });
    }
    this.#lost({ slowly: GONE.has(code) || code === 4429 });
  }

  #lost({ slowly = false } = {}) {
    this.#dropSocket();
    this.#retry(slowly);
  }

  #retry(slowly = false) {
    if (this.#stopped) return;
    this.#say("waiting");
    const now = this.#timers.now();
    this.#lostAt ??= now;
    const random = this.#options.random();
    const wait = slowly ? SLOW_CAP_MS * (0.5 + random / 2) : retryDelay(this.#attempt, now - this.#lostAt, random);
    this.#attempt += 1;
    this.#retryTimer = this.#timers.set(() => this.#connect(), wait);
  }

  #say(connection) {
    this.connection = connection;
    this.#emit("status", { connection });
  }

  #emit(type, detail) {
    this.dispatchEvent(new CustomEvent(type, { detail }));
  }
}
