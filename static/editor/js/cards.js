/* Stats on a card: which, in which order, by which name, in which shape. Lists of {key, label, shape}. */

export const MOST_STATS = 8;
export const SHAPES = ["plain", "shield", "circle", "diamond", "square"];
const ABILITIES = { str: "Strength", dex: "Dexterity", con: "Constitution", int: "Intelligence", wis: "Wisdom", cha: "Charisma" };

const words = (key) => {
  const text = key.replaceAll("_", " ");
  return text.charAt(0).toUpperCase() + text.slice(1);
};

/** Everything that a card could show of these characters: [{key, name, short}]. */
export function catalogue(characters) {
  const tracks = new Set(characters.flatMap(({ stats }) => Object.keys(stats?.tracks ?? {})));
  return [
    ...Object.entries(ABILITIES).map(([key, name]) => ({ key: `abilities.${key}`, name, short: key.toUpperCase() })),
    ...[...tracks].sort().map((key) => ({ key: `tracks.${key}`, name: words(key), short: words(key) })),
    { key: "level", name: "Level", short: "LVL" },
    { key: "inspiration", name: "Inspiration", short: "INSP" },
  ];
}

export const isTrack = (key) => key.startsWith("tracks.");

/** Chosen ones in their order, then the others; what is chosen and not in the catalogue is kept. */
export function rows(stats, known) {
  const chosen = stats.map((stat) => ({ ...stat, name: known.find(({ key }) => key === stat.key)?.name ?? stat.key, on: true }));
  const rest = known.filter(({ key }) => !stats.some((stat) => stat.key === key));
  return [...chosen, ...rest.map(({ key, name, short }) => ({ key, name, label: short, shape: "plain", on: false }))];
}

export function toggled(stats, row) {
  const kept = stats.filter(({ key }) => key !== row.key);
  if (kept.length < stats.length) return kept;
  return stats.length < MOST_STATS ? [...stats, { key: row.key, label: row.label, shape: row.shape }] : stats;
}

export const changed = (stats, key, change) => stats.map((stat) => (stat.key === key ? { ...stat, ...change } : stat));

/** One up (-1) or down (1) among those chosen. */
export function shifted(stats, key, by) {
  const from = stats.findIndex((stat) => stat.key === key);
  const to = Math.max(0, Math.min(stats.length - 1, from + by));
  if (from < 0 || from === to) return stats;
  const rest = stats.filter((stat) => stat.key !== key);
  return [...rest.slice(0, to), stats[from], ...rest.slice(to)];
}
