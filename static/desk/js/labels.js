// What an order is called while it is on its way: "−7 fire", "+12 healing", "Hunger +1".

const signed = (number) => (number < 0 ? `−${-number}` : `+${number}`);
const RESULTS = {
  success: "death save passed",
  failure: "death save failed",
  critical_success: "natural 20",
  critical_failure: "natural 1",
};

function hpChange({ delta, temp, kind }) {
  if (temp !== undefined) return temp ? `${temp} temporary` : "no temporary hit points";
  return delta < 0 ? `−${-delta}${kind ? ` ${kind}` : " damage"}` : `+${delta} healing`;
}

function trackChange({ track, delta, stains, superficial, aggravated }) {
  const name = track.charAt(0).toUpperCase() + track.slice(1).replaceAll("_", " ");
  if (superficial !== undefined) return `${name} ${signed(superficial)} superficial`;
  if (aggravated !== undefined) return `${name} ${signed(aggravated)} aggravated`;
  return stains === undefined ? `${name} ${signed(delta)}` : `${signed(stains)} stains`;
}

const LABELS = {
  hp_change: hpChange,
  track_change: trackChange,
  condition_added: ({ condition, rounds }) => condition + (rounds ? ` for ${rounds}` : ""),
  condition_removed: ({ condition }) => `no longer ${condition}`,
  death_save: ({ result }) => RESULTS[result],
  roll: ({ label, total, roll }) => `${label}: ${roll?.summary ?? total}`,
  custom: ({ name }) => name,
};

export const labelOf = (event) => LABELS[event.type](event);
