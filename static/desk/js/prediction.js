// What the desk shows of a character: the stream's state, and on top of it what has been done and not been told yet.
import { predicted } from "./rules.js";

/**
 * entries: the queue's; answered: {<character id>: {seq, stats}} of answers that came before the stream's word.
 * From the first attempt of an entry until its answer the stream's state may hold it or not: its `base` stands in.
 */
export function statsShown(character, entries, answered, seq) {
  const own = entries.filter(({ who, state }) => who === character.id && state === "queued");
  const underWay = own.find(({ base }) => base);
  const known = answered[character.id];
  const start = underWay?.base ?? (known && known.seq > seq ? known.stats : character.stats);
  return own.reduce((stats, { body }) => predicted(stats, body), start);
}

/** The roster with what is still to be told: {ids, tiers}. */
export function rosterShown(state, entries) {
  const next = entries.filter(({ path, state: now }) => path === "roster" && now === "queued").at(-1);
  if (!next) return { ids: state.roster, tiers: state.rosterTiers };
  const rows = next.body.entries;
  const tiers = Object.fromEntries(rows.filter(({ tier }) => tier).map(({ character_id: id, tier }) => [id, tier]));
  return { ids: rows.map(({ character_id: id }) => id), tiers };
}
