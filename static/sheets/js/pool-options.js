// The choices of a pool's form, on a sheet and at the storyteller's table.

/** The trait that an option stands for, as `pool.js` counts it. `rating` is what a field says now; of a row, or where
 * nobody says, it is what it was when the page came. */
export function traitOf({ value, dataset: { label, dice, column, bonus, plain } }, tracks, rating) {
  const track = plain === undefined ? null : tracks[value];
  const now = track ? (track.value ?? track.max - track.superficial - track.aggravated) : Number(rating ?? dice);
  return { label, dice: now, column, bonus: Number(bonus), plain: plain !== undefined };
}

/** Only the specialties of the chosen skills can be chosen. */
export function offerSpecialties(select, skills) {
  for (const option of select.options) option.hidden = option.disabled = Boolean(option.dataset.skill) && !skills.includes(option.dataset.skill);
  if (select.selectedOptions[0]?.disabled) select.value = "";
  select.closest(".cell").hidden = ![...select.options].some((option) => option.value && !option.disabled);
}

/** What the form says, for `asked` of throws.js: of the `chosen` options the values, and of each control that it has. */
export function filledIn({ elements }, chosen) {
  const { modifier, difficulty, hidden, specialty, surge, desperation, level, fury } = elements;
  return {
    traits: chosen.map(({ value }) => value),
    modifier: Number(modifier.value) || 0,
    difficulty: Number(difficulty.value) || 0,
    hidden: hidden.checked,
    specialty: specialty?.value,
    surge: surge?.checked,
    desperation: desperation?.checked,
    level: level ? Number(level.value) : undefined,
    fury: fury?.checked,
  };
}
