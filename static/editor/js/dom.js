/* Making elements without markup in strings. */

const SVG = "http://www.w3.org/2000/svg";

/** `on…` are listeners, `true` an empty attribute; false, null and undefined are left out; a property by `.name`. */
export function make(tag, attributes = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else if (name.startsWith(".")) node[name.slice(1)] = value;
    else if (value !== false && value !== null && value !== undefined) node.setAttribute(name, value === true ? "" : value);
  }
  node.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== false));
  return node;
}

export function icon(name) {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("class", "i");
  svg.setAttribute("aria-hidden", "true");
  const use = document.createElementNS(SVG, "use");
  use.setAttribute("href", `#i-${name}`);
  svg.append(use);
  return svg;
}

export const hint = (text) => make("span", { class: "visually-hidden" }, text);

/** Writes a value unless somebody is typing there. */
export function show(field, value) {
  const text = String(value);
  if (field !== document.activeElement && field.value !== text) field.value = text;
}
