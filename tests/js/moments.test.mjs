import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { words } from "../../static/pages/js/moments.js";

const cases = JSON.parse(readFileSync(new URL("../campaigns/moments.json", import.meta.url), "utf8"));

for (const { case: title, message, name, told } of cases) {
  test(`moment: ${title}`, () => assert.deepEqual(words(message, name), told));
}
