/*
 * What a page knows of a thing that others edit too, and what it has still to tell: pure functions, state to state.
 *
 *   version, base   what the server said last
 *   mine            field to value: typed here, not acknowledged yet
 *   sent            field to values that were sent and never answered: they may have arrived, or may yet
 *   flight          {id, fields}: the one request that is on its way
 *   conflicts       field to {theirs}: somebody else changed it meanwhile; not sent before the person chose
 *   errors          field to sentence: refused; not sent before it is typed again
 *   behind          the server said 409: ask it how things are before the next request
 *
 * Nothing typed is dropped before the server has acknowledged it or the person chose the other's value.
 */
export const fresh = ({ version, values }) => ({
  version,
  base: { ...values },
  mine: {},
  sent: {},
  flight: null,
  conflicts: {},
  errors: {},
  behind: false,
  requests: 0,
});

const without = (object, ...names) =>
  Object.fromEntries(Object.entries(object).filter(([name]) => !names.includes(name)));
const has = (object, name) => Object.hasOwn(object, name);
const unanswered = (state, field) => state.sent[field] ?? [];
const trimmed = (value) => (typeof value === "string" ? value.normalize("NFC").replace(/\s+/g, " ").trim() : value);
/** Is this one's own, of before? The server may have left out spaces: who types on has one at the end. */
const ownEarlier = (state, field, theirs) => unanswered(state, field).some((value) => trimmed(value) === trimmed(theirs));

export const shown = (state, field) => (has(state.mine, field) ? state.mine[field] : state.base[field]);

/** Somebody typed. Back to what the server has, there is nothing to tell, unless another value may yet arrive there. */
export function edit(state, field, value) {
  const settled = value === state.base[field] && !unanswered(state, field).length && !has(state.conflicts, field);
  const mine = settled ? without(state.mine, field) : { ...state.mine, [field]: value };
  return { ...state, mine, errors: without(state.errors, field) };
}

const sendable = (state) => without(state.mine, ...Object.keys(state.conflicts), ...Object.keys(state.errors));

export const waits = (state) => Object.keys(sendable(state)).length > 0;

/** [state, request], or [state, null] where there is nothing to send now. */
export function begin(state) {
  const fields = sendable(state);
  if (state.flight || state.behind || !Object.keys(fields).length) return [state, null];
  const sent = { ...state.sent };
  for (const [field, value] of Object.entries(fields)) sent[field] = [...unanswered(state, field), value];
  const id = state.requests + 1;
  return [{ ...state, requests: id, flight: { id, fields }, sent }, { id, version: state.version, fields }];
}

/** How things are now, by the server: a document of {version, values}. An older one than is known tells nothing. */
export function merge(state, { version, values }) {
  if (version < state.version) return state;
  let next = { ...state, version, behind: false };
  for (const [field, theirs] of Object.entries(values)) next = mergeField(next, field, theirs);
  return next;
}

function mergeField(state, field, theirs) {
  const before = state.base[field];
  const next = { ...state, base: { ...state.base, [field]: theirs } };
  if (!has(state.mine, field)) return next;
  const mine = state.mine[field];
  const changed = theirs !== before;
  if (theirs === mine && (changed || !unanswered(state, field).length)) return settled(next, field);
  if (has(state.conflicts, field)) return { ...next, conflicts: { ...state.conflicts, [field]: { theirs } } };
  if (!changed || ownEarlier(state, field, theirs)) return next;
  return { ...next, conflicts: { ...state.conflicts, [field]: { theirs } } };
}

const settled = (state, field) => ({
  ...state,
  mine: without(state.mine, field),
  sent: without(state.sent, field),
  conflicts: without(state.conflicts, field),
  errors: without(state.errors, field),
});

const own = (state, id) => state.flight?.id === id;

/** The request of this id was done; `document` is how things are now: what it says of the fields sent is what became
 * of one's own. What was typed meanwhile stays to be sent. */
export function accepted(state, id, document) {
  if (!own(state, id)) return merge(state, document);
  const { fields } = state.flight;
  let next = { ...state, flight: null };
  for (const [field, value] of Object.entries(fields)) {
    if (next.mine[field] === value) next = { ...next, mine: without(next.mine, field) };
    next = { ...next, sent: { ...next.sent, [field]: [...unanswered(next, field), document.values[field]] } };
  }
  next = merge(next, document);
  return { ...next, sent: without(next.sent, ...Object.keys(fields)) };
}

/** 409: nothing of it was done. */
export const stale = (state, id) => (own(state, id) ? { ...unsent(state), flight: null, behind: true } : state);

/** No answer: it may have been done, and may yet be. */
export const lost = (state, id) => (own(state, id) ? { ...state, flight: null } : state);

/** 422: nothing of it was done. `details` are {field, message}. */
export function refused(state, id, details) {
  if (!own(state, id)) return state;
  const fields = Object.keys(state.flight.fields);
  const named = details.filter(({ field }) => fields.includes(field));
  const found = named.length ? named : fields.map((field) => ({ field, message: details[0]?.message ?? "Not saved." }));
  const errors = { ...state.errors };
  for (const { field, message } of found) if (state.mine[field] === state.flight.fields[field]) errors[field] = message;
  return { ...unsent(state), flight: null, errors };
}

function unsent(state) {
  const sent = { ...state.sent };
  for (const field of Object.keys(state.flight.fields)) sent[field] = unanswered(state, field).slice(0, -1);
  return { ...state, sent };
}

/** The person chose between the own value and the other's. */
export function resolve(state, field, keepMine) {
  if (!has(state.conflicts, field)) return state;
  const next = { ...state, conflicts: without(state.conflicts, field) };
  return keepMine ? next : settled(next, field);
}

/** What outlives the page: null where nothing waits. */
export function kept(state) {
  if (!Object.keys(state.mine).length) return null;
  const names = Object.keys(state.mine);
  const base = Object.fromEntries(names.map((name) => [name, state.base[name]]));
  return { version: state.version, base, mine: state.mine, sent: state.sent, conflicts: state.conflicts };
}

/** What waited when the page was left, brought together with how things are now. */
export function restored(document, { base, mine, sent, conflicts, version }) {
  const known = Object.keys(mine).filter((name) => has(document.values, name));
  const pick = (object) => Object.fromEntries(known.filter((name) => has(object, name)).map((n) => [n, object[n]]));
  const before = fresh({ version: Math.min(version, document.version), values: { ...document.values, ...pick(base) } });
  return merge({ ...before, mine: pick(mine), sent: pick(sent), conflicts: pick(conflicts) }, document);
}

/** "attention", "saving", "waiting" or "saved". */
export function standing(state) {
  if (Object.keys(state.conflicts).length || Object.keys(state.errors).length) return "attention";
  if (state.flight) return "saving";
  return waits(state) || state.behind ? "waiting" : "saved";
}
