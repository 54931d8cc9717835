import assert from "node:assert/strict";
import { test } from "node:test";
import { aged, ago, foldedWords, split, summary, whose } from "../../static/desk/js/sources.js";

const one = (more = {}) => ({ id: "a", tier: "large", state: "live", seconds: 1, advice: [], lag: 120, obs: "2.24", keyed: false, streaming: false, width: 1920, height: 1080, seq: 4, ...more });
const line = (...overlays) => summary(overlays)?.text;

test("silence is told within ten seconds, and forgotten after ten minutes", () => {
  assert.equal(aged([one()], 6.9)[0].state, "live");
  const [gone] = aged([one({ state: "size" })], 7.1);
  assert.equal(gone.state, "offline");
  assert.match(gone.advice[0], /Nothing is heard/);
  assert.deepEqual(aged([one()], 600), []);
  assert.deepEqual(aged([one({ obs: null })], 30), []);
});

test("the bar says the worst of them", () => {
  assert.equal(line(), undefined);
  assert.equal(line(one()), "OBS: live, 120 ms");
  assert.equal(line(one({ streaming: true, lag: null })), "OBS: live, on air");
  assert.equal(line(one(), one({ state: "size", width: 800, height: 600 })), "OBS: 800 × 600");
  assert.equal(line(one({ state: "slow" }), one({ state: "offline", seconds: 12 })), "OBS: offline 12 s");
});

test("a plain browser counts only when there is no other", () => {
  const browser = one({ obs: null, state: "size", width: 800, height: 600 });
  assert.equal(line(browser, one()), "OBS: live, 120 ms");
  assert.equal(line(browser), "Overlay: 800 × 600");
  assert.equal(line({ ...browser, state: "offline" }), undefined);
  assert.equal(line(browser, one({ obs: null, keyed: true })), "Overlay: live, 120 ms");
});

test("those with the key stand first, everybody else is counted", () => {
  const own = one({ keyed: true, obs: null });
  const stranger = one({ obs: "2.24", state: "size" });
  const viewers = Array.from({ length: 4 }, () => one({ obs: null }));
  assert.deepEqual(split([own, stranger, ...viewers]), { shown: [own], folded: [stranger, ...viewers] });
  assert.equal(line(own, stranger), "Overlay: live, 120 ms", "whoever has no key raises no alarm");
  assert.deepEqual(split([stranger, ...viewers]), { shown: [stranger], folded: viewers });
  assert.deepEqual(split(viewers), { shown: [], folded: viewers });
  assert.deepEqual(split(viewers.slice(1)), { shown: viewers.slice(1), folded: [] });
  assert.deepEqual([foldedWords(4, false), foldedWords(4, true)], ["and 4 without your key", "4 without your key"]);
});

test("own sources are told from strangers'", () => {
  assert.equal(whose(one({ keyed: true })), "in OBS, with your key");
  assert.equal(whose(one({ obs: null })), "in a browser, without your key");
});

test("how long ago", () => assert.deepEqual([ago(12.4), ago(89), ago(200)], ["12 s", "89 s", "3 min"]));
