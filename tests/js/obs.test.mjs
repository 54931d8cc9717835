import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { ObsReporter } from "../../static/live/js/obs.js";

let sent, open, stream, win, checks;

beforeEach(() => {
  sent = [];
  open = true;
  checks = 0;
  stream = Object.assign(new EventTarget(), {
    state: { seq: 7 },
    send: (message) => open && sent.push(message) > 0,
    check: () => (checks += 1),
  });
  win = Object.assign(new EventTarget(), {
    innerWidth: 800, innerHeight: 600, document: Object.assign(new EventTarget(), { hidden: false }), ticks: [],
    setInterval: (run, ms) => win.ticks.push({ run, ms }),
    clearInterval: () => (win.ticks = []),
  });
});

const start = () => new ObsReporter(stream, { build: "b1", win }).start();
const connected = () => stream.dispatchEvent(new CustomEvent("status", { detail: { connection: "open" } }));
const sign = (name, detail) => win.dispatchEvent(new CustomEvent(name, { detail }));

test("in a plain browser it tells size, seq and build", () => {
  start();
  connected();
  assert.deepEqual(sent, [{ type: "STATUS", seq: 7, width: 800, height: 600, build: "b1", tier: null, source: null, lag: null, visible: true, obs: null, streaming: null }]);
});

test("inside OBS it knows version and streaming", () => {
  win.obsstudio = { pluginVersion: "2.24.4", getStatus: (tell) => tell({ streaming: true }) };
  start();
  assert.deepEqual([sent.at(-1).obs, sent.at(-1).streaming], ["2.24.4", true]);
  sign("obsStreamingStopped");
  assert.equal(sent.at(-1).streaming, false);
  sign("obsStreamingStarted");
  assert.equal(sent.at(-1).streaming, true);
});

test("OBS hides a source although the document says it is shown", () => {
  const reporter = start();
  sign("obsSourceVisibleChanged", { visible: false });
  assert.deepEqual([reporter.hidden, sent.at(-1).visible], [true, false]);
  assert.equal(checks, 1);
  sign("obsSourceVisibleChanged", { visible: true });
  assert.deepEqual([reporter.hidden, sent.at(-1).visible], [false, true]);
});

test("every four seconds, and on a change; a new seq alone is no change", () => {
  start();
  connected();
  stream.state = { seq: 8 };
  win.dispatchEvent(new Event("resize"));
  assert.equal(sent.length, 1);
  win.innerWidth = 1920;
  win.dispatchEvent(new Event("resize"));
  assert.equal(sent.length, 2);
  assert.equal(win.ticks[0].ms, 4_000);
  win.ticks[0].run();
  assert.deepEqual([sent.length, sent[2].seq], [3, 8]);
});

test("what could not be sent is sent later", () => {
  start();
  open = false;
  win.innerWidth = 1280;
  win.dispatchEvent(new Event("resize"));
  open = true;
  win.dispatchEvent(new Event("resize"));
  assert.equal(sent.length, 1);
});

test("stopped, it is silent", () => {
  start().stop();
  connected();
  sign("obsStreamingStarted");
  assert.deepEqual([sent, win.ticks], [[], []]);
});
