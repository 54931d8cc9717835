import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { LiveStream, SILENCE_MS, retryDelay } from "../../static/live/js/stream.js";
import { Clock, fakeSockets } from "./fakes.mjs";

const BOOTSTRAP = {
  type: "BOOTSTRAP", seq: 41, epoch: "e1", ts: 0, build: "b1", audience: "viewer", campaign: {},
  characters: [{ id: "a", stats: {}, version: 1 }], roster: ["a"], rosterTiers: {}, layoutOverrides: {}, episode: null, story: null,
};
const event = (seq, ts = 0) => ({ type: "EVENT", seq, epoch: "e1", ts, data: { type: "ROLL" } });
const heartbeat = (seq, extra = {}) => ({ type: "HEARTBEAT", seq, epoch: "e1", ts: 0, ...extra });

let clock, sockets, page, win, told;

beforeEach(() => {
  clock = new Clock();
  sockets = fakeSockets();
  page = new EventTarget();
  win = new EventTarget();
  told = [];
});

function stream(options = {}) {
  const made = new LiveStream({
    url: "/campaigns/c/ws", base: "https://troupe.test/overlay/c?tier=large#key=secret", timers: clock, random: () => 0.5,
    WebSocket: sockets.FakeSocket, page, window: win, isHidden: () => false, ...options,
  });
  for (const type of ["state", "status", "refused", "progress", "sheet", "gone", "reload"]) {
    made.addEventListener(type, ({ detail }) => told.push({ type, ...detail }));
  }
  return made.start();
}
const of = (type) => told.filter((one) => one.type === type);
const last = () => sockets.opened.at(-1);
const count = () => sockets.opened.length;
const live = (options) => {
  const made = stream({ state: BOOTSTRAP, ...options });
  last().open();
  return made;
};

test("the address is a socket of the page's own host; without state it asks for nothing", () => {
  stream();
  assert.equal(last().url.href, "wss://troupe.test/campaigns/c/ws");
});

test("a rendered state is resumed by seq and epoch", () => {
  stream({ state: BOOTSTRAP });
  assert.equal(last().url.search, "?seq=41&epoch=e1");
});

test("a follower of the viewer delay says so", () => {
  stream({ delay: true });
  assert.equal(last().url.search, "?delay=1");
});

test("a token travels in AUTH, never in the address", () => {
  stream({ token: "trp_overlay_x", state: BOOTSTRAP });
  assert.equal(last().url.search, "?auth=1");
  last().open();
  assert.deepEqual(last().sent, [{ type: "AUTH", token: "trp_overlay_x", seq: 41, epoch: "e1" }]);
});

test("AUTH without a state asks for a bootstrap", () => {
  stream({ token: "t" });
  last().open();
  assert.deepEqual(last().sent, [{ type: "AUTH", token: "t" }]);
});

test("nothing comes ahead of AUTH", () => {
  const made = stream({ token: "t" });
  made.addEventListener("status", ({ detail }) => detail.connection === "open" && made.send({ type: "STATUS" }));
  last().open();
  assert.deepEqual(last().sent.map(({ type }) => type), ["AUTH", "STATUS"]);
});

test("a message is applied in the call that brings it", () => {
  const made = live();
  last().say(event(42));
  assert.equal(made.state.seq, 42);
  assert.equal(of("state").length, 1);
  assert.deepEqual(of("state")[0].applied.map(({ message, before, after }) => [message.seq, before.seq, after.seq]), [[42, 41, 42]]);
});

test("a batch is one change with each message told", () => {
  live();
  last().say({ type: "BATCH", seq: 43, epoch: "e1", messages: [event(42), event(43)] });
  assert.equal(of("state").length, 1);
  assert.equal(of("state")[0].applied.length, 2);
});

test("what is known changes nothing", () => {
  live();
  last().say(event(41));
  assert.equal(of("state").length, 0);
});

test("a gap asks once and applies the answer", () => {
  const made = live();
  last().say(event(44));
  last().say(event(45));
  assert.deepEqual(last().sent, [{ type: "RESUME", seq: 41, epoch: "e1" }]);
  assert.equal(made.state.seq, 41);
  for (const seq of [42, 43, 44, 45]) last().say(event(seq));
  last().say(heartbeat(45));
  assert.equal(made.state.seq, 45);
  assert.equal(last().sent.length, 1);
  last().say(event(47));
  assert.deepEqual(last().sent[1], { type: "RESUME", seq: 45, epoch: "e1" });
});

test("a question that stays unanswered is asked again", () => {
  live();
  last().say(event(44));
  clock.pass(5_000);
  last().say(event(46));
  assert.equal(last().sent.length, 2);
});

test("a heartbeat ahead of us asks", () => {
  live();
  last().say(heartbeat(50));
  assert.deepEqual(last().sent, [{ type: "RESUME", seq: 41, epoch: "e1" }]);
});

test("another epoch asks and takes the bootstrap", () => {
  const made = live();
  last().say({ ...event(42), epoch: "e2" });
  assert.equal(last().sent[0].type, "RESUME");
  last().say({ ...BOOTSTRAP, epoch: "e2", seq: 7 });
  assert.deepEqual([made.state.seq, made.state.epoch], [7, "e2"]);
});

test("how far a file is has no seq, is told and changes nothing", () => {
  const made = live();
  const data = { characterId: "a", purpose: "portrait", state: "running", percent: 60, reason: "" };
  last().say({ type: "FILE_PROGRESS", data });
  assert.deepEqual(of("progress"), [{ type: "progress", ...data }]);
  assert.deepEqual([of("state"), last().sent, made.state.seq], [[], [], 41]);
});

test("that a sheet changed has no seq, is told and changes nothing", () => {
  const made = live();
  last().say({ type: "SHEET_CHANGED", data: { sheetId: "s" } });
  assert.deepEqual(of("sheet"), [{ type: "sheet", sheetId: "s" }]);
  assert.deepEqual([of("state"), last().sent, made.state.seq], [[], [], 41]);
});

test("an ERROR is told and changes nothing", () => {
  const made = live();
  last().say({ type: "ERROR", code: "not_allowed", message: "No." });
  assert.deepEqual(of("refused"), [{ type: "refused", code: "not_allowed", message: "No." }]);
  assert.equal(made.state.seq, 41);
});

test("what is no message is passed over", () => {
  const made = live();
  for (const text of ["", "{", "null", "[]", "7", '{"seq": 42}']) last().say(text);
  assert.equal(made.state.seq, 41);
  assert.equal(made.connection, "open");
});

test("a drop is followed by a resume within a second", () => {
  live();
  last().say(event(42));
  last().drop(1012);
  clock.pass(1_000);
  assert.equal(count(), 2);
  assert.equal(last().url.search, "?seq=42&epoch=e1");
});

test("a server that is away for a minute is found again within five seconds", () => {
  const made = live();
  last().drop();
  for (let waited = 0; waited < 60_000; waited += 100) {
    clock.pass(100);
    if (last().readyState === 0) last().drop();
  }
  const before = count();
  clock.pass(5_000);
  assert.ok(count() > before, "no attempt in five seconds");
  last().open().say(event(42));
  assert.equal(made.state.seq, 42);
});

test("it never gives up and never waits longer than thirty seconds", () => {
  live();
  last().drop();
  const moments = [];
  for (let waited = 0; waited < 3_600_000; waited += 100) {
    clock.pass(100);
    if (last().readyState !== 0) continue;
    moments.push(clock.now());
    last().drop();
  }
  const pauses = moments.slice(1).map((moment, index) => moment - moments[index]);
  assert.ok(Math.max(...pauses) <= 30_100, `waited ${Math.max(...pauses)}`);
  assert.ok(moments.length > 100 && moments.length < 300, `${moments.length} attempts in an hour`);
});

test("pauses: quick at first, jittered, at most thirty seconds", () => {
  assert.ok(retryDelay(0, 0, 0.999) <= 1_000);
  assert.ok(retryDelay(0, 0, 0) >= 100);
  assert.ok(retryDelay(40, 89_000, 0.999) <= 3_000);
  assert.ok(retryDelay(400, 3_600_000, 0.999) <= 30_000);
  assert.ok(retryDelay(400, 3_600_000, 0) >= 15_000);
  assert.notEqual(retryDelay(3, 0, 0.1), retryDelay(3, 0, 0.9));
});

test("silence ends a connection after 45 s, and not before", () => {
  live();
  clock.pass(SILENCE_MS - 1);
  assert.equal(count(), 1);
  clock.pass(1_100);
  assert.equal(count(), 2);
  assert.ok(sockets.opened[0].closed);
});

test("every message puts the silence off", () => {
  live();
  for (let n = 0; n < 5; n += 1) {
    clock.pass(20_000);
    last().say(heartbeat(41));
  }
  assert.equal(count(), 1);
});

test("a timer that rings early does not end the watch", () => {
  const early = { now: clock.now, clear: clock.clear, set: (run, ms) => clock.set(run, ms - 5) };
  live({ timers: early });
  clock.pass(SILENCE_MS + 2_000);
  assert.equal(count(), 2);
});

test("an attempt that hangs is given up", () => {
  stream();
  clock.pass(11_000);
  assert.equal(count(), 2);
});

for (const [name, target, type] of [["shown again", "page", "visibilitychange"], ["back on the net", "win", "online"], ["out of the cache", "win", "pageshow"]]) {
  test(`timers may sleep: a page ${name} looks for itself`, () => {
    live();
    clock.sleep(SILENCE_MS + 1);
    ({ page, win })[target].dispatchEvent(new Event(type));
    clock.pass(1_000);
    assert.equal(count(), 2);
  });
}

test("a page that waits to retry does it at once when the net is back", () => {
  live();
  last().drop();
  win.dispatchEvent(new Event("online"));
  assert.equal(count(), 2);
});

test("a late word of an old socket reaches nobody", () => {
  const made = live();
  const old = last();
  old.drop();
  clock.pass(1_000);
  old.say(event(42));
  assert.equal(made.state.seq, 41);
});

for (const code of [4401, 4403, 4404]) {
  test(`${code} takes the state away and asks on, slowly`, () => {
    const made = live();
    last().drop(code);
    assert.equal(made.state, null);
    assert.deepEqual(of("gone"), [{ type: "gone", code }]);
    clock.pass(10_000);
    assert.equal(count(), 1);
    clock.pass(20_001);
    assert.equal(count(), 2);
    assert.equal(last().url.search, "");
  });
}

test("any other close keeps what is on the screen", () => {
  for (const code of [1006, 1012, 4400, 4408, 4429]) {
    const made = live();
    last().drop(code);
    assert.equal(made.state.seq, 41);
    made.stop();
  }
  assert.equal(of("gone").length, 0);
});

test("stopped means stopped", () => {
  const made = live();
  made.stop();
  page.dispatchEvent(new Event("visibilitychange"));
  clock.pass(600_000);
  assert.equal(count(), 1);
  assert.equal(clock.pending, 0);
});

test("one who stops when the campaign is gone is not called again", () => {
  const made = live();
  made.addEventListener("gone", () => made.stop());
  last().drop(4404);
  clock.pass(600_000);
  assert.deepEqual([count(), made.connection, clock.pending], [1, "stopped", 0]);
});

test("sending needs an open socket", () => {
  const made = stream();
  assert.equal(made.send({ type: "PING" }), false);
  last().open();
  assert.equal(made.send({ type: "PING" }), true);
  last().drop();
  assert.equal(made.send({ type: "PING" }), false);
});

test("another build reloads a hidden page, and a shown one only once it is hidden", () => {
  let hidden = false;
  live({ build: "b1", isHidden: () => hidden });
  last().say({ ...BOOTSTRAP, seq: 42, build: "b2" });
  assert.equal(of("reload").length, 0);
  hidden = true;
  page.dispatchEvent(new Event("visibilitychange"));
  assert.deepEqual(of("reload"), [{ type: "reload", build: "b2" }]);
});

test("the same build reloads nothing", () => {
  live({ build: "b1", isHidden: () => true });
  last().say({ ...BOOTSTRAP, seq: 42 });
  page.dispatchEvent(new Event("visibilitychange"));
  assert.equal(of("reload").length, 0);
});

test("the age of a message is freed of the difference of the clocks", () => {
  live();
  const ahead = 3_600_000;
  last().say(heartbeat(41, { ts: clock.now() - ahead }));
  last().say(event(42, clock.now() - ahead - 100));
  last().say(event(43, clock.now() - ahead - 60_000));
  assert.deepEqual(of("state").map(({ applied }) => applied[0].age), [100, 60_000]);
});

test("without a heartbeat yet the clocks are taken as they are", () => {
  live();
  last().say(event(42, clock.now() - 5_000));
  assert.equal(of("state")[0].applied[0].age, 5_000);
});
