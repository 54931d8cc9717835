import assert from "node:assert/strict";
import { test } from "node:test";
import * as arranging from "../../static/editor/js/arranging.js";
import { crop, safeArea } from "../../static/editor/js/formats.js";
import { FLOW, heights, shifted, stackOf } from "../../static/editor/js/layers.js";
import { snapped } from "../../static/editor/js/snapping.js";
import { NAMES, arranged } from "../../static/editor/js/templates.js";
import { SIZES, unit } from "../../static/overlay/js/geometry.js";

const box = (left, top, width = 100, height = 50) => ({ left, top, right: left + width, bottom: top + height });
const PICTURE = box(0, 0, 1920, 1080);

test("a box comes to rest on the nearest line within reach", () => {
  const other = box(400, 700);
  const { dx, dy, guides } = snapped(box(405, 300), [other], [PICTURE], 8);
  assert.deepEqual([dx, dy], [-5, 0]);
  assert.deepEqual(guides, [{ axis: "x", at: 400 }]);
  assert.deepEqual(snapped(box(420, 300), [other], [], 8), { dx: 0, dy: 0, guides: [] });
});

test("bottom edges, centres and the picture's own lines count too", () => {
  assert.equal(snapped(box(300, 1026), [], [PICTURE], 8).dy, 4);
  assert.equal(snapped(box(913, 300), [], [PICTURE], 8).dx, -3);
  assert.equal(snapped(box(600, 705, 100, 48), [box(100, 700)], [], 8).dy, -3);
});

test("a gap as wide as its neighbour's is found and shown", () => {
  const row = [box(0, 0), box(130, 0)];
  const { dx, guides } = snapped(box(262, 20), row, [], 5);
  assert.equal(dx, -2);
  assert.deepEqual(guides.filter(({ gap }) => gap).map(({ from, to, gap }) => [from, to, gap]), [[100, 130, 30], [230, 260, 30]]);
});

test("between two others there is a middle", () => {
  const { dx } = snapped(box(303, 5, 100, 40), [box(0, 0), box(600, 0)], [], 8);
  assert.equal(dx, -3);
});

test("one box aligns with the area, several with each other", () => {
  assert.deepEqual(arranging.aligned([box(5, 5)], "right", PICTURE), [box(1820, 5)]);
  assert.deepEqual(arranging.aligned([box(5, 5)], "middle", PICTURE), [box(5, 515)]);
  assert.deepEqual(arranging.aligned([box(10, 0), box(50, 80, 20)], "left", PICTURE), [box(10, 0), box(10, 80, 20)]);
  assert.deepEqual(arranging.aligned([box(10, 0), box(50, 80)], "bottom", PICTURE), [box(10, 80), box(50, 80)]);
});

test("spread evenly, the outermost stay", () => {
  const boxes = [box(500, 0), box(0, 3), box(120, 7)];
  assert.deepEqual(arranging.distributed(boxes, "x"), [box(500, 0), box(0, 3), box(250, 7)]);
  assert.deepEqual(arranging.distributed(boxes.slice(1), "x"), boxes.slice(1));
});

test("something of a badge stays in the picture", () => {
  assert.deepEqual(arranging.kept([box(1800, 100)], 500, 0, PICTURE), [96, 0]);
  assert.deepEqual(arranging.kept([box(10, 100)], -50, 2000, PICTURE), [-10, 930]);
  assert.deepEqual(arranging.kept([box(10, 0), box(30, 0)], -50, 0, PICTURE), [-10, 0]);
});

test("a pulled corner scales, and the one opposite stays", () => {
  assert.deepEqual(arranging.resized(box(100, 100), 1, "se", 50, 0), { scale: 1.5, box: box(100, 100, 150, 75) });
  assert.deepEqual(arranging.resized(box(100, 100), 1, "nw", 50, 0), { scale: 0.5, box: box(150, 125, 50, 25) });
  assert.equal(arranging.resized(box(100, 100), 1, "se", 5000, 0).scale, arranging.LARGEST);
  assert.equal(arranging.resized(box(100, 100), 1, "se", -99, 0).scale, arranging.SMALLEST);
  assert.deepEqual(arranging.scaled(box(100, 100), 1, 2).box, box(100, 50, 200, 100));
});

test("what is raised covers what it passed", () => {
  const placed = [{ key: "a", z: 0 }, { key: "b", z: -3 }, { key: "c", z: 5 }];
  const stack = stackOf(placed);
  assert.deepEqual(stack, ["b", FLOW, "a", "c"]);
  assert.deepEqual(heights(shifted(stack, "a", "forward")), { b: -1, c: 1, a: 2 });
  assert.deepEqual(heights(shifted(stack, "b", "forward")), { b: 1, a: 2, c: 3 });
  assert.deepEqual(heights(shifted(stack, "c", "back")), { c: -2, b: -1, a: 1 });
  assert.deepEqual(shifted(stack, "c", "front"), stack);
  assert.deepEqual(shifted(stack, "nobody", "front"), stack);
});

test("a cut to another format keeps the middle, and the safe area lies within", () => {
  assert.deepEqual(crop("wide", "old"), { left: 240, top: 0, right: 1680, bottom: 1080 });
  assert.deepEqual(crop("tall", "wide"), { left: 0, top: 656.25, right: 1080, bottom: 1263.75 });
  const safe = safeArea("wide");
  assert.ok(safe.left > 60 && safe.right < 1860 && safe.top > 30 && safe.bottom < 1050);
});

const overlap = (a, b) => Math.min(a.right, b.right) - Math.max(a.left, b.left) > 0.5 && Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top) > 0.5;

for (const name of NAMES) {
  for (const [width, height] of [[1920, 1080], [1080, 1920]]) {
    for (const tier of ["large", "medium", "compact"]) {
      test(`template ${name}, ${tier}, ${width} wide: 1 to 12 stand inside and apart`, () => {
        for (let count = 1; count <= 12; count += 1) {
          const members = Array.from({ length: count }, (_, at) => ({ id: String(at), tier }));
          const places = arranged(name, members, width, height);
          const one = unit(width, height);
          const boxes = members.map(({ id }) => {
            const { x, y, scale } = places[id];
            const [w, h] = SIZES[tier].map((length) => length * scale * one);
            return box(x * width, y * height - h, w, h);
          });
          for (const here of boxes) assert.ok(here.left >= -0.5 && here.top >= -0.5 && here.right <= width + 0.5 && here.bottom <= height + 0.5, `${count}: ${JSON.stringify(here)}`);
          for (const [at, here] of boxes.entries()) for (const other of boxes.slice(at + 1)) assert.ok(!overlap(here, other), `${count} overlap`);
        }
      });
    }
  }
}

test("a template of nobody is nothing", () => assert.deepEqual(arranged("foot", [], 1920, 1080), {}));
