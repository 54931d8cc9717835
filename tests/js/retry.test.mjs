import assert from "node:assert/strict";
import { test } from "node:test";
import { keepAsking, pause } from "../../static/overlay/js/retry.js";
import { Clock } from "./fakes.mjs";

const settled = () => new Promise((done) => setImmediate(done));

function page(answer) {
  const clock = new Clock();
  const asked = [];
  const win = Object.assign(new EventTarget(), {
    location: { href: "https://troupe.test/overlay/c", reloads: 0, reload: () => (win.location.reloads += 1) },
    setTimeout: clock.set,
    clearTimeout: clock.clear,
    fetch: async (url, options) => {
      asked.push({ url, ...options });
      return answer();
    },
  });
  keepAsking(win, () => 0.5);
  return { clock, asked, win };
}

test("pauses are short at first and never longer than thirty seconds", () => {
  assert.ok(pause(0, 0.999) <= 1_000);
  for (let attempt = 0; attempt < 30; attempt += 1) assert.ok(pause(attempt, 0.999) <= 3_000);
  for (const attempt of [31, 50, 5_000]) assert.ok(pause(attempt, 0.999) <= 30_000);
  assert.ok(pause(5_000, 0) >= 15_000);
});

test("it asks the same address by HEAD and reloads on a good answer", async () => {
  const { clock, asked, win } = page(() => ({ ok: true }));
  clock.pass(1_000);
  await settled();
  assert.deepEqual(asked, [{ url: "https://troupe.test/overlay/c", method: "HEAD", cache: "no-store" }]);
  assert.equal(win.location.reloads, 1);
});

for (const [name, answer] of [["a bad answer", () => ({ ok: false })], ["no answer", () => Promise.reject(new TypeError("away"))]]) {
  test(`${name}: it stays and asks again`, async () => {
    const { clock, asked, win } = page(answer);
    for (let n = 0; n < 5; n += 1) {
      clock.pass(3_000);
      await settled();
    }
    assert.equal(asked.length, 5);
    assert.equal(win.location.reloads, 0);
  });
}

test("back on the net it asks at once", async () => {
  const { asked, win } = page(() => ({ ok: false }));
  win.dispatchEvent(new Event("online"));
  await settled();
  assert.equal(asked.length, 1);
});
