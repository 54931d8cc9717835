// How many dice a pool has, as sheets/rolling.py counts it: what the button says before the dice fall. Pure.
import { overlapping } from "./boxes.js";

const full = (track) => track && track.superficial + track.aggravated >= track.max;

/** How many dice full tracks take from traits of these columns. */
export function impairment(tracks, columns) {
  const body = full(tracks.health) && columns.includes("physical") ? 2 : 0;
  const stained = overlapping(tracks.humanity) ? 2 : 0;
  return stained + body + (full(tracks.willpower) && columns.some((column) => column === "social" || column === "mental") ? 2 : 0);
}

/** {dice, special, lost}. `traits` are {dice, column, bonus, plain}; `special` the kind of special dice of the line. */
export function counted({ traits, more, tracks, special, desperate }) {
  const plain = traits.every((trait) => trait.plain); // tracks alone, or dice by number
  const lost = plain ? 0 : impairment(tracks, traits.map(({ column }) => column));
  const bonus = Math.max(0, ...traits.map((trait) => trait.bonus));
  const dice = Math.max(traits.reduce((sum, trait) => sum + trait.dice, 0) + bonus + more - lost, 1);
  if (traits.length && plain) return { dice, special: 0, lost };
  if (special === "desperation") return { dice, special: desperate ? tracks.desperation.value : 0, lost };
  return { dice, special: special === "hunger" ? Math.min(tracks.hunger?.value ?? 0, dice) : 0, lost };
}

export function inWords({ dice, special, lost }, kind) {
  const count = `${dice} ${dice === 1 ? "die" : "dice"}`;
  const others = { hunger: `, ${special} of them hunger`, desperation: ` and ${special} of desperation` };
  return `${count}${special ? others[kind] : ""}${lost ? ", impaired" : ""}`;
}
