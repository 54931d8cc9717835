import assert from "node:assert/strict";
import { test } from "node:test";
import { themeProperties } from "../../static/overlay/js/theme.js";

const of = (theme) => Object.fromEntries(themeProperties(theme).filter(([, value]) => value !== null));

test("known names with a colour become properties", () => {
  assert.deepEqual(of({ accent: "#f0bd4f", hp_ground: "#000000", plate: "#120b0d" }), {
    "--accent": "#f0bd4f", "--hp-ground": "#000000", "--plate": "18 11 13",
  });
});

test("nothing else does", () => {
  const hostile = { accent: "red", text: "#f0bd4f;}", hp: "url(//evil)", temp: 7, ac: "#fff", "--x": "#f0bd4f", __proto__: { chip: "red" } };
  assert.deepEqual(of(hostile), {});
  for (const theme of [undefined, null, {}, "x"]) assert.deepEqual(of(theme), {});
});

test("what is no longer set is unset", () => {
  assert.deepEqual(themeProperties({}).map(([, value]) => value).filter((value) => value !== null), []);
  assert.equal(themeProperties({}).length, 11);
});
