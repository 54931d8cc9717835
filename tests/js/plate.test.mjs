import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { plate } from "../../static/pages/js/plate.js";

const cases = JSON.parse(readFileSync(new URL("../characters/plates.json", import.meta.url), "utf8"));

for (const { case: name, character, plate: expected } of cases) {
  test(`plate: ${name}`, () => assert.deepEqual(plate(character), expected));
}
