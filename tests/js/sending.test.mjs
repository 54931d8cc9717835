import assert from "node:assert/strict";
import { test } from "node:test";

import { LONGEST, SOONEST, nextPause, wordsFor } from "../../static/content/js/making.js";
import { kindOf, saidBy, titleOf, tooLarge, waitAfter } from "../../static/content/js/sending.js";

test("which limit counts for a file", () => {
  const kinds = ["image/png", "audio/ogg", "video/mp4", "application/pdf", "text/markdown", "image/svg+xml"];
  assert.deepEqual(kinds.map((type) => kindOf({ name: "x", type })), ["image", "media", "media", "pdf", "text", null]);
  assert.equal(kindOf({ name: "Notes.MD", type: "" }), "text");
});

test("a title is the name without its ending", () => {
  assert.equal(titleOf("Harbour at night.jpeg"), "Harbour at night");
  assert.equal(titleOf(".profile"), ".profile");
  assert.equal([...titleOf(`${"🔔".repeat(200)}.png`)].length, 120);
});

test("what is too large is not sent, and it says by how much", () => {
  const limits = { image: String(5 * 2 ** 20) };
  const photo = (size) => ({ name: "x.png", type: "image/png", size });
  assert.equal(tooLarge(photo(5 * 2 ** 20), limits), "");
  assert.match(tooLarge(photo(12 * 2 ** 20), limits), /12 MB.*5\.0 MB/);
  assert.equal(tooLarge({ name: "x.zip", type: "", size: 10 ** 9 }, limits), "");
});

test("what the server says, in words", () => {
  const refusal = { error: "Some values …", details: [{ field: "file", message: "It is damaged." }] };
  assert.equal(saidBy(422, refusal), "It is damaged.");
  assert.equal(saidBy(429, { error: "Too many.", details: [{ field: "x", message: "y" }] }), "Too many.");
  assert.match(saidBy(0, null), /connection/);
  assert.match(saidBy(500, null), /Try again/);
});

test("a busy server is asked again, three times, and a refusal is not", () => {
  assert.equal(waitAfter(429, "7", 1), 7);
  assert.equal(waitAfter(503, null, 1), 5);
  assert.equal(waitAfter(503, "9999", 2), 60);
  assert.equal(waitAfter(503, "7", 3), null);
  assert.equal(waitAfter(422, "7", 1), null);
});

test("how far it is, and when to ask again", () => {
  assert.equal(wordsFor({ state: "running", percent: 40 }), "Being made: 40 %");
  assert.equal(wordsFor({ state: "failed", reason: "Too long." }), "Could not be made: Too long.");
  assert.equal(nextPause(20, { state: "running" }), SOONEST);
  let pause = SOONEST;
  for (let turn = 0; turn < 20; turn += 1) pause = nextPause(pause, null);
  assert.equal(pause, LONGEST);
});
