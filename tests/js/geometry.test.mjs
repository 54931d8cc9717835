import assert from "node:assert/strict";
import { test } from "node:test";
import { place, unit } from "../../static/overlay/js/geometry.js";
import { vectors } from "./vectors.mjs";

const { units, places } = vectors("geometry");

function close(actual, expected, what) {
  assert.ok(Math.abs(actual - expected) < 1e-9, `${what}: ${actual} instead of ${expected}`);
}

for (const [width, height, expected] of units) {
  test(`one unit at ${width}x${height}`, () => close(unit(width, height), expected, "unit"));
}

for (const { name, width, height, items, saved, expect } of places) {
  test(name, () => {
    const spots = place(items.map(([id, tier]) => ({ id, tier })), saved, width, height);
    assert.deepEqual(Object.keys(spots).sort(), Object.keys(expect).sort());
    for (const [id, spot] of Object.entries(expect)) {
      for (const key of ["x", "y", "scale"]) close(spots[id][key], spot[key], `${id}.${key}`);
      assert.equal(spots[id].z, spot.z);
      assert.equal(spots[id].visible, spot.visible);
    }
  });
}
