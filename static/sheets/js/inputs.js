// The inputs of the page and what they hold, whatever they are drawn as.
export const inputs = (id) => [...document.querySelectorAll(`[form="${id}"][name]:not([type=hidden])`)];
export const isPlain = (name) => !name.startsWith("tracks.") && name !== "flags";

export function valueOf(input) {
  if (input.type === "checkbox") return input.checked;
  if (input.type === "number") return input.value === "" ? null : Number(input.value);
  return input.value;
}

export function put(input, value) {
  const holder = input.closest("dot-track");
  if (holder) holder.value = value;
  else if (input.type === "checkbox") input.checked = value;
  else if (input.tagName === "SELECT") choose(input, value);
  else if (input.value !== String(value ?? "")) input.value = value ?? "";
}

function choose(select, value) {
  if (![...select.options].some((option) => option.value === value)) select.add(new Option(value, value), 1);
  select.value = value;
}

// Words of one's own where the list has none.
export const OTHER = "\u0000other";

export function offerOwnWords(within = document) {
  for (const select of within.querySelectorAll("select[data-own]")) {
    if (![...select.options].some((option) => option.value === OTHER)) select.add(new Option("In your own words…", OTHER));
  }
}

export function ownWords(select) {
  const input = document.createElement("input");
  for (const name of ["id", "name", "class", "form"]) input.setAttribute(name, select.getAttribute(name));
  input.maxLength = Number(select.dataset.own);
  select.replaceWith(input);
  input.focus();
}

export function labelOf(key, field) {
  const input = inputs(key).find(({ name }) => name === field);
  return document.getElementById(`${input?.id}-l`)?.textContent ?? input?.labels?.[0]?.textContent ?? field;
}

export const inWords = (value) => (value === "" || value === null ? "nothing" : `“${value}”`);
