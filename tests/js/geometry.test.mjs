import assert from "node:assert/strict";
import { test } from "node:test";
import { place, placesIn, unit } from "../../static/overlay/js/geometry.js";
import { vectors } from "./vectors.mjs";

const { units, places } = vectors("geometry");

function close(actual, expected, what) {
  assert.ok(Math.abs(actual - expected) < 1e-9, `${what}: ${actual} instead of ${expected}`);
}

for (const [width, height, expected] of units) {
  test(`one unit at ${width}x${height}`, () => close(unit(width, height), expected, "unit"));
}

for (const { name, width, height, items, saved, tall, expect } of places) {
  test(name, () => {
    const spots = place(items.map(([id, tier]) => ({ id, tier })), saved, width, height, tall);
    assert.deepEqual(Object.keys(spots).sort(), Object.keys(expect).sort());
    for (const [id, spot] of Object.entries(expect)) {
      for (const key of ["x", "y", "scale"]) close(spots[id][key], spot[key], `${id}.${key}`);
      assert.equal(spots[id].z, spot.z);
      assert.equal(spots[id].visible, spot.visible);
    }
  });
}

test("places of upright pictures go before the wide ones, but only there", () => {
  const layout = { badges: { a: 1 }, chips: { a: 2, b: 3 }, tall: { badges: { a: 4 }, chips: { b: 5 } } };
  assert.deepEqual(placesIn(layout, 1920, 1080), { badges: { a: 1 }, tall: {}, chips: { a: 2, b: 3 } });
  assert.deepEqual(placesIn(layout, 1080, 1920), { badges: { a: 1 }, tall: { a: 4 }, chips: { a: 2, b: 5 } });
  assert.deepEqual(placesIn({}, 1080, 1920), { badges: {}, tall: {}, chips: {} });
});
