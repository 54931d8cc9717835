import assert from "node:assert/strict";
import { test } from "node:test";
import { blank, withPlaces } from "../../static/editor/js/document.js";
import { FORMATS } from "../../static/editor/js/formats.js";
import { hasChips, inLayers, itemsOf, keyOf, split } from "../../static/editor/js/items.js";

const PLACE = { x: 0.4, y: 0.6, scale: 1.5, z: 3, visible: true };
const person = (id, more = {}) => ({ id, name: id.toUpperCase(), is_secret: false, status: "active", ...more });

function scene(more = {}) {
  const characters = [person("a"), person("b", { is_secret: true }), person("c", { name: "" }), person("d")];
  const gm = { characters, roster: ["c", "a", "b"], rosterTiers: { c: "compact" } };
  const format = more.format ?? "wide";
  return { document: blank(), tier: "large", gm, roster: ["c", "a"], looking: (one) => ({ ...one, seen: true }), ...more, format, picture: FORMATS[format] };
}

const measured = (item, size) => ({ left: item.x, bottom: item.y, size });
const items = (more) => itemsOf(scene(more), measured);
const by = (key, found) => found.find((item) => item.key === key);

test("a key is of what and of whom", () => {
  assert.deepEqual(split(keyOf("chips", "a")), ["chips", "a"]);
});

test("who is on stage stands in roster order, a secret one too, each in a size", () => {
  const found = items();
  assert.deepEqual(found.map(({ key }) => key), ["badges/c", "badges/a", "badges/b"]);
  assert.deepEqual(found.map(({ tier }) => tier), ["compact", "large", "large"]);
  assert.deepEqual(found.map(({ name }) => name), ["Nameless", "A", "B"]);
  assert.deepEqual(found.map(({ secret }) => secret), [false, false, true]);
  assert.ok(found.every(({ flows, onStage, locked, character }) => flows && onStage && !locked && character.seen));
});

test("whoever flows stands beside the others; who is secret is in nobody's way", () => {
  const [first, second, secret] = items();
  assert.ok(first.x < second.x);
  assert.deepEqual([secret.x, secret.y], [0, 1], "viewers see no badge of theirs, so there is no place for it");
});

test("a place of its own is kept to the digit", () => {
  const found = by("badges/a", items({ document: withPlaces(blank(), "wide", "badges", { a: { ...PLACE, locked: true, visible: false } }) }));
  const { x, y, scale, z, visible, locked, flows } = found;
  assert.deepEqual({ x, y, scale, z, visible, locked, flows }, { ...PLACE, visible: false, locked: true, flows: false });
});

test("what is measured is the badge's room at its scale", () => {
  const wide = 19.2; // pixels of a unit
  const document = withPlaces(blank(), "wide", "badges", { a: PLACE });
  const [across, down] = by("badges/a", items({ document })).box.size;
  assert.deepEqual([across, down].map(Math.round), [17.5 * 1.5 * wide, 10.5 * 1.5 * wide].map(Math.round));
});

test("who has a place and is not on stage is there too, last; whom nobody knows is not", () => {
  const document = withPlaces(blank(), "wide", "badges", { d: PLACE, gone: PLACE });
  const found = items({ document });
  assert.equal(found.length, 4);
  assert.deepEqual([found.at(-1).key, found.at(-1).onStage, found.at(-1).x], ["badges/d", false, PLACE.x]);
});

test("conditions on their own are an item after their badge", () => {
  const document = withPlaces(blank(), "wide", "chips", { a: { ...PLACE, locked: true } });
  const found = items({ document });
  const at = found.findIndex(({ key }) => key === "chips/a");
  assert.equal(found[at - 1].key, "badges/a");
  const { name, locked, flows, x } = found[at];
  assert.deepEqual({ name, locked, flows, x }, { name: "A: conditions", locked: true, flows: false, x: PLACE.x });
  assert.deepEqual(["a", "c"].map((id) => hasChips(document, FORMATS.wide, id)), [true, false]);
});

test("upright pictures have places of their own; without one it is the wide one's that is fitted in", () => {
  const wide = withPlaces(blank(), "wide", "badges", { a: PLACE });
  const fitted = by("badges/a", items({ document: wide, format: "tall" }));
  assert.equal(fitted.flows, true, "nothing is of its own there");
  const tall = withPlaces(wide, "tall", "badges", { a: { ...PLACE, x: 0.05 } });
  assert.deepEqual([by("badges/a", items({ document: tall, format: "tall" })).x, by("badges/a", items({ document: tall })).x], [0.05, PLACE.x]);
});

test("the list of layers has the front first, and the flow where it lies", () => {
  const z = (key, height, flows = false) => ({ key, z: height, flows });
  const found = [z("front", 5), z("behind", -2), z("one", 0, true), z("two", 0, true), z("near", 1)];
  assert.deepEqual(inLayers(found).map(({ key }) => key), ["front", "near", "two", "one", "behind"]);
});
