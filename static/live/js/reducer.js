/*
 * The live state as a pure function of messages; docs/live-protocol.md is the law it follows.
 * State is a BOOTSTRAP without its envelope, or null when nothing is held yet. Nothing here mutates its input.
 */

const HELD = ["seq", "epoch", "build", "audience", "campaign", "characters", "roster", "rosterTiers", "layoutOverrides", "episode", "initiative", "story"];
const EMPTY = { characters: [], roster: [], rosterTiers: {}, layoutOverrides: {}, episode: null, initiative: null, story: null };

/** Takes a BOOTSTRAP (from the socket or rendered into a page) and returns the state. */
export function fromBootstrap(message) {
  const state = { ...EMPTY };
  for (const key of HELD) if (message[key] !== undefined) state[key] = message[key];
  return state;
}

const without = (object, key) => {
  const { [key]: _gone, ...rest } = object;
  return rest;
};

function putCharacter(state, character) {
  const known = state.characters.some((one) => one.id === character.id);
  const characters = known
    ? state.characters.map((one) => (one.id === character.id ? character : one))
    : [...state.characters, character];
  return { ...state, characters };
}

function dropCharacter(state, { id }) {
  return {
    ...state,
    characters: state.characters.filter((one) => one.id !== id),
    roster: state.roster.filter((one) => one !== id),
    rosterTiers: without(state.rosterTiers, id),
  };
}

function putLayout(state, { tier, layout }) {
  const others = without(state.layoutOverrides, tier);
  return { ...state, layoutOverrides: layout ? { ...others, [tier]: layout } : others };
}

function patchCharacter(state, data) {
  const patch = {};
  if (data.stats !== undefined) patch.stats = data.stats;
  if (data.version !== undefined) patch.version = data.version;
  const characters = state.characters.map((one) => (one.id === data.characterId ? { ...one, ...patch } : one));
  return { ...state, characters };
}

function applyEvent(state, data) {
  const patched = data.characterId === undefined ? state : patchCharacter(state, data);
  const next = data.episode === undefined ? patched : { ...patched, episode: data.episode };
  return data.initiative === undefined ? next : { ...next, initiative: data.initiative };
}

const HANDLERS = {
  CHAR_CREATED: putCharacter,
  CHAR_UPDATED: putCharacter,
  CHAR_DELETED: dropCharacter,
  LAYOUT_UPDATED: putLayout,
  CAMPAIGN_UPDATED: (state, campaign) => ({ ...state, campaign }),
  EVENT: applyEvent,
  HP_CHANGE: applyEvent,
};

function beside(state, message) {
  const next = { ...state, seq: message.seq };
  if (message.roster !== undefined) next.roster = message.roster;
  if (message.rosterTiers !== undefined) next.rosterTiers = message.rosterTiers;
  return next;
}

/**
 * Brings the state to the message's seq. It trusts the order: `apply` is the guard.
 * A type it does not know still counts, because every ledger entry is exactly one message.
 */
export function reduce(state, message) {
  if (message.type === "BOOTSTRAP") return fromBootstrap(message);
  if (message.type === "BATCH") return message.messages.reduce(reduce, state);
  if (message.type === "HEARTBEAT" || message.type === "ERROR") return state;
  const handle = HANDLERS[message.type];
  return beside(handle && message.data ? handle(state, message.data) : state, message);
}

function applyBootstrap(state, message) {
  const stale = state && message.epoch === state.epoch && message.seq < state.seq && message.audience === state.audience;
  return stale ? { state, status: "dropped" } : { state: reduce(state, message), status: "applied" };
}

function applyBatch(state, message, seen) {
  let held = state;
  let status = "dropped";
  for (const one of message.messages ?? []) {
    const result = apply(held, one, seen);
    held = result.state;
    if (result.status === "gap" || result.status === "epoch") return result;
    if (result.status === "applied") status = "applied";
  }
  return { state: held, status };
}

function place(state, message) {
  if (!state) return "gap";
  if (message.epoch !== undefined && message.epoch !== state.epoch) return "epoch";
  if (message.seq <= state.seq) return "dropped";
  return message.type !== "HEARTBEAT" && message.seq === state.seq + 1 ? "applied" : "gap";
}

/**
 * Returns {state, status}: "applied", "dropped" (already known, or carries no state), "gap" (something is missing:
 * resume) or "epoch" (history was rewritten: only a BOOTSTRAP helps). `seen(message, before, after)` hears of every
 * single message applied, also those inside a BATCH.
 */
export function apply(state, message, seen = () => {}) {
  if (message.type === "BATCH") return applyBatch(state, message, seen);
  if (message.type === "BOOTSTRAP") {
    const result = applyBootstrap(state, message);
    if (result.status === "applied") seen(message, state, result.state);
    return result;
  }
  if (!Number.isInteger(message.seq)) return { state, status: "dropped" };
  const status = place(state, message);
  if (status !== "applied") return { state, status };
  const next = reduce(state, message);
  seen(message, state, next);
  return { state: next, status };
}
