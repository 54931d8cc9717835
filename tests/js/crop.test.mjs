import assert from "node:assert/strict";
import { test } from "node:test";

import { SMALLEST, WHOLE, asText, asWords, byKey, moved, resized } from "../../static/content/js/crop.js";

const inside = ({ left, top, width, height }) => left >= 0 && top >= 0 && left + width <= 1 + 1e-9 && top + height <= 1 + 1e-9;

test("a crop stays inside the picture, whatever is done to it", () => {
  let crop = WHOLE;
  for (let turn = 0; turn < 2000; turn += 1) {
    const [dx, dy] = [Math.sin(turn * 7.3), Math.cos(turn * 3.1)];
    crop = turn % 2 ? moved(crop, dx, dy) : resized(crop, dx, dy);
    assert.ok(inside(crop), JSON.stringify(crop));
    assert.ok(crop.width >= SMALLEST && crop.height >= SMALLEST);
  }
});

test("arrow keys move, with Shift they resize, others do nothing", () => {
  const half = { left: 0.2, top: 0.2, width: 0.5, height: 0.5 };
  assert.equal(byKey(half, "ArrowLeft", false, 0.1).left, 0.1);
  assert.equal(byKey(half, "ArrowDown", false, 0.1).top.toFixed(1), "0.3");
  assert.equal(byKey(half, "ArrowRight", true, 0.1).width, 0.6);
  assert.equal(byKey(half, "ArrowUp", true, 0.1).height, 0.4);
  assert.equal(byKey(half, "Enter", false), null);
});

test("the whole picture is no crop", () => {
  assert.equal(asText(WHOLE), "");
  assert.equal(asText({ left: 0.5, top: 0, width: 0.5, height: 1 }), "0.5000,0.0000,0.5000,1.0000");
  assert.match(asWords({ left: 0.5, top: 0, width: 0.5, height: 1 }), /50 by 100 percent/);
});
