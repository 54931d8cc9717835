// What an event will do to a character, before the server has said so: the rules of characters/vitals.py and
// characters/tracks.py, held to them by tests/overlay/vectors/predictions.json. A guess only; the stream's word replaces it.

function wounded(stats, amount) {
  const { hp, death_saves: saves } = stats;
  const soaked = Math.min(hp.temp, amount);
  const lost = Math.min(hp.current, amount - soaked);
  const wasDown = hp.current === 0;
  hp.temp -= soaked;
  hp.current -= lost;
  const leftOver = amount - soaked - lost;
  if (hp.current === 0 && leftOver >= hp.max) saves.failure = 3;
  else if (wasDown && leftOver) saves.failure = Math.min(saves.failure + 1, 3);
}

function forgetSavesAboveZero({ hp, death_saves: saves }) {
  if (hp.current > 0) saves.success = saves.failure = 0;
}

function hpChange(stats, { delta, temp }) {
  const { hp } = stats;
  if (temp !== undefined) hp.temp = temp ? Math.max(hp.temp, temp) : 0;
  else if (delta < 0) wounded(stats, -delta);
  else {
    hp.current = Math.min(hp.current + delta, hp.max);
    forgetSavesAboveZero(stats);
  }
}

function conditionAdded(stats, { condition, rounds }) {
  if (!stats.conditions.includes(condition)) stats.conditions.push(condition);
  delete stats.condition_rounds[condition];
  if (rounds) stats.condition_rounds[condition] = rounds;
}

function conditionRemoved(stats, { condition }) {
  stats.conditions = stats.conditions.filter((name) => name !== condition);
  delete stats.condition_rounds[condition];
}

function deathSave(stats, { result }) {
  const saves = stats.death_saves;
  if (stats.hp.current > 0 || saves.success === 3 || saves.failure === 3) return;
  if (result === "critical_success") {
    stats.hp.current = 1;
    saves.success = saves.failure = 0;
  } else if (result === "success") saves.success = Math.min(saves.success + 1, 3);
  else saves.failure = Math.min(saves.failure + (result === "critical_failure" ? 2 : 1), 3);
}

const free = (track) => track.max - track.superficial - track.aggravated;

function markAggravated(track) {
  if (free(track) === 0) {
    if (track.superficial === 0) return;
    track.superficial -= 1;
  }
  track.aggravated += 1;
}

function markSuperficial(track) {
  if (free(track)) track.superficial += 1;
  else if (track.superficial) {
    track.superficial -= 1;
    track.aggravated += 1;
  }
}

function hurt(track, { superficial = 0, aggravated = 0 }) {
  for (let n = 0; n < aggravated; n += 1) markAggravated(track);
  for (let n = 0; n < superficial; n += 1) markSuperficial(track);
  track.superficial = Math.max(track.superficial + Math.min(superficial, 0), 0);
  track.aggravated = Math.max(track.aggravated + Math.min(aggravated, 0), 0);
}

function moved(track, { delta = 0, stains = 0 }) {
  track.value = Math.min(Math.max(track.value + delta, 0), track.max);
  if ("stains" in track) track.stains = Math.min(Math.max(track.stains + stains, 0), track.max);
}

function trackChange(stats, event) {
  const track = stats.tracks[event.track];
  if (track) ("superficial" in track ? hurt : moved)(track, event);
}

const RULES = {
  hp_change: hpChange,
  condition_added: conditionAdded,
  condition_removed: conditionRemoved,
  death_save: deathSave,
  track_change: trackChange,
};

/** New stats; the old ones are not touched. An edit ({stats}) puts its own in their place; what is about no character's body changes nothing. */
export function predicted(stats, event) {
  if (event.stats) return { ...stats, ...event.stats };
  const rule = RULES[event.type];
  if (!rule) return stats;
  const after = structuredClone(stats);
  rule(after, event);
  return after;
}
