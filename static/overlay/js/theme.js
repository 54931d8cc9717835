/*
 * Theme tokens of a campaign (its presets are resolved by the server), a closed grammar: a known name, and "#rrggbb" as
 * the value. Anything else is passed over, so nothing that a theme says can reach further than a colour.
 */

export const COLOURS = {
  accent: "--accent", border: "--border", text: "--text", plate: "--plate", hp: "--hp", hp_ground: "--hp-ground", temp: "--temp",
  ac: "--ac", ac_text: "--ac-text", chip: "--chip", chip_text: "--chip-text",
};

// The plate is the one see-through colour: its CSS takes three numbers to add the alpha to.
const triple = (hex) => [1, 3, 5].map((at) => parseInt(hex.slice(at, at + 2), 16)).join(" ");

/** Custom properties, each with a value or null (unset), from the campaign's theme. */
export function themeProperties(theme) {
  return Object.entries(COLOURS).map(([name, property]) => {
    const value = theme?.[name];
    const valid = typeof value === "string" && /^#[0-9a-f]{6}$/i.test(value);
    return [property, valid ? (name === "plate" ? triple(value) : value) : null];
  });
}

function set(element, property, value) {
  if (value === null) element.style.removeProperty(property);
  else element.style.setProperty(property, value);
}

export function applyTheme(element, theme) {
  for (const [property, value] of themeProperties(theme)) set(element, property, value);
}

/** One character's own colours, of the layout; the accent that the character has anyway gives way to one of these. */
export function applyColours(elements, colours, accent) {
  for (const [property, value] of themeProperties(colours)) {
    for (const element of elements) set(element, property, value ?? (property === "--accent" && accent ? accent : null));
  }
}
