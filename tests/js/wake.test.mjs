import assert from "node:assert/strict";
import { test } from "node:test";
import { keepAwake } from "../../static/desk/js/wake.js";

const soon = () => new Promise((done) => setTimeout(done));

class Page extends EventTarget {
  visibilityState = "visible";

  turn(state) {
    this.visibilityState = state;
    this.dispatchEvent(new Event("visibilitychange"));
    return soon();
  }
}

/** A device that counts what it is asked for; each of its locks can be let go, as it is when the page is left. */
function aDevice() {
  const locks = [];
  const request = async (kind) => {
    const lock = { kind, released: false };
    locks.push(lock);
    return lock;
  };
  return { locks, wakeLock: { request } };
}

test("the screen is held while the desk is in view, and again when one comes back", async () => {
  const [page, device] = [new Page(), aDevice()];
  keepAwake({ page, device });
  await soon();
  assert.deepEqual(device.locks, [{ kind: "screen", released: false }]);
  await page.turn("visible");
  assert.equal(device.locks.length, 1, "one is enough");
  device.locks[0].released = true;
  await page.turn("hidden");
  assert.equal(device.locks.length, 1, "nobody looks");
  await page.turn("visible");
  assert.equal(device.locks.length, 2);
});

test("what refuses, for a low battery say, is asked again; what knows nothing of it is left alone", async () => {
  const page = new Page();
  let asked = 0;
  keepAwake({ page, device: { wakeLock: { request: async () => { asked += 1; throw new Error("low battery"); } } } });
  keepAwake({ page, device: {} });
  await soon();
  await page.turn("visible");
  assert.equal(asked, 2);
});
