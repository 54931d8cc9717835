// Tracks as characters/tracks.py moves them: what a step will make of a row, before the server has said so. Pure.
const clamp = (value, low, high) => Math.min(Math.max(value, low), high);
export const isDamage = (track) => "superficial" in track;

function marked(track, kind) {
  const free = track.max - track.superficial - track.aggravated;
  if (kind === "superficial" && free) return { ...track, superficial: track.superficial + 1 };
  if (!free && !track.superficial) return track;
  return { ...track, superficial: track.superficial - (free ? 0 : 1), aggravated: track.aggravated + 1 };
}

export function moved(track, { superficial = 0, aggravated = 0, delta = 0, stains = 0 }) {
  if (isDamage(track)) {
    let after = track;
    for (let n = 0; n < aggravated; n += 1) after = marked(after, "aggravated");
    for (let n = 0; n < superficial; n += 1) after = marked(after, "superficial");
    const mended = (count, step) => Math.max(count + Math.min(step, 0), 0);
    return { ...after, superficial: mended(after.superficial, superficial), aggravated: mended(after.aggravated, aggravated) };
  }
  const after = { ...track, value: clamp(track.value + delta, 0, track.max) };
  if ("stains" in track) after.stains = clamp(track.stains + stains, 0, track.max);
  return after;
}

/** One mark for each box: x aggravated, / superficial or a stain, o filled, - empty. */
export function marks(track) {
  if (isDamage(track)) {
    const hurt = "x".repeat(track.aggravated) + "/".repeat(track.superficial);
    return hurt.padEnd(track.max, "-");
  }
  const stains = Math.min(track.stains ?? 0, track.max - track.value); // over none that is filled
  return "o".repeat(track.value).padEnd(track.max - stains, "-") + "/".repeat(stains);
}

/** How many stains find no empty box. */
export const overlapping = (track) => Math.max((track?.stains ?? 0) - (track ? track.max - track.value : 0), 0);

export function said(track) {
  if (isDamage(track)) return `${track.max - track.superficial - track.aggravated} of ${track.max} left`;
  const over = overlapping(track) ? ", impaired" : "";
  const stains = track.stains ? `, ${track.stains} ${track.stains === 1 ? "stain" : "stains"}${over}` : "";
  return `${track.value} of ${track.max}${stains}`;
}
