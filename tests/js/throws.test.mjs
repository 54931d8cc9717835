// What is sent when dice are rolled, and that each throw happens once.
import assert from "node:assert/strict";
import { test } from "node:test";
import { Throws, asked } from "../../static/sheets/js/throws.js";

const form = { traits: ["strength"], modifier: -1, difficulty: 3, hidden: false, level: 2, fury: true, surge: false };

test("a check sends only what it knows", () => {
  assert.deepEqual(asked("rouse", form), { kind: "rouse", level: 2 });
  assert.deepEqual(asked("rouse", { ...form, level: undefined, hidden: true }), { kind: "rouse", hidden: true });
  assert.deepEqual(asked("remorse", form), { kind: "remorse" });
  assert.deepEqual(asked("frenzy", form), { kind: "frenzy", difficulty: 3, fury: true });
});

test("a pool with what its button or its form adds", () => {
  const pool = { traits: ["strength"], modifier: -1, difficulty: 3 };
  assert.deepEqual(asked("roll", form), pool);
  assert.deepEqual(asked("roll", { ...form, surge: true, specialty: "id" }), { ...pool, specialty: "id", surge: true });
  assert.deepEqual(asked("surge", form), { ...pool, surge: true });
  assert.deepEqual(asked("desperation", { ...form, hidden: true }), { ...pool, hidden: true, desperation: true });
});

/** A server that answers what stands in `answers`, and what it was asked. */
function server(...answers) {
  const heard = [];
  const ask = async (method, address, body, headers) => {
    heard.push({ address, body, key: headers["Idempotency-Key"] });
    return answers.shift();
  };
  return { throws: new Throws(ask), heard };
}

const fell = { status: 201, body: { id: "7" } };
const nothing = { status: 0, body: null };

test("a throw without an answer is asked for again with its key", async () => {
  const { throws, heard } = server(nothing, fell, fell);
  assert.match((await throws.send("/roll", { dice: 5 })).error, /No answer/);
  assert.deepEqual(await throws.send("/roll", { dice: 5 }), { roll: { id: "7" } });
  await throws.send("/roll", { dice: 5 });
  assert.equal(heard[0].key, heard[1].key);
  assert.notEqual(heard[1].key, heard[2].key);
});

test("another throw than the one that was lost has a key of its own", async () => {
  const { throws, heard } = server(nothing, fell);
  await throws.send("/roll", { dice: 5 });
  await throws.send("/roll", { dice: 6 });
  assert.notEqual(heard[0].key, heard[1].key);
});

test("what is refused is said in the words of the field", async () => {
  const refused = { status: 422, body: { error: "No.", details: [{ message: "There are no stains." }] } };
  const { throws } = server(refused, { status: 409, body: { error: "Taken back." } });
  assert.deepEqual(await throws.send("/roll", {}), { error: "There are no stains." });
  assert.deepEqual(await throws.send("/roll", {}), { error: "Taken back." });
});

test("one throw at a time", async () => {
  const { throws, heard } = server(fell);
  const first = throws.send("/roll", { dice: 5 });
  assert.equal(throws.busy, true);
  assert.deepEqual(await throws.send("/roll", { dice: 5 }), {});
  await first;
  assert.equal(throws.busy, false);
  assert.equal(heard.length, 1);
});
