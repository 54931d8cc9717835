// From a button and what is set beside it to events as the API takes them. overlay/desk/orders.py says the same;
// tests/overlay/vectors/orders.json holds both to it. `chosen`: [{id, stats, share: "full" | "half" | "none"}].
const TRACK = "track:";
const SHARES = { full: (number) => number, half: (number) => Math.floor(number / 2), none: () => 0 };

const document_ = (type, one, facts) => ({ type, character_id: one.id, ...facts });

const HIT_POINTS = {
  damage: (kind, number, one) => document_("hp_change", one, { delta: -number, ...(kind ? { kind } : {}) }),
  heal: (_kind, number, one) => document_("hp_change", one, { delta: number }),
  temp: (_kind, number, one) => document_("hp_change", one, { temp: number }),
};

function steps(mode, kind, number, one) {
  const [, track, count] = kind.split(":");
  if (number === 0 || !Object.hasOwn(one.stats.tracks, track)) return null;
  return document_("track_change", one, { track, [count]: mode === "heal" ? -number : number });
}

function amount(mode, kind, number, one) {
  const share = mode === "damage" ? SHARES[one.share](number) : number;
  if (kind.startsWith(TRACK) && mode !== "temp") return steps(mode, kind, share, one);
  if (!one.stats.hp.max || (share === 0 && mode !== "temp")) return null;
  return HIT_POINTS[mode](kind, share, one);
}

/** Damage, healing or temporary hit points; whoever has no such count is left out, and whoever takes nothing. */
export function amounts(mode, kind, number, chosen) {
  return chosen.map((one) => amount(mode, kind, number, one)).filter(Boolean);
}

/** Put on whoever lacks it; when all have it, it is taken off. */
export function condition(name, rounds, chosen) {
  const has = (one) => one.stats.conditions.includes(name);
  if (chosen.every(has)) return chosen.map((one) => document_("condition_removed", one, { condition: name }));
  const lasting = rounds ? { rounds } : {};
  return chosen.filter((one) => !has(one)).map((one) => document_("condition_added", one, { condition: name, ...lasting }));
}

/** Given to whoever lacks it, taken when all have it: [{id, on}] of those whom that changes. */
export function inspiration(chosen) {
  const on = !chosen.every(({ stats }) => stats.inspiration);
  return chosen.filter(({ stats }) => stats.inspiration !== on).map(({ id }) => ({ id, on }));
}

export const deathSave = (result, one) => document_("death_save", one, { result });
