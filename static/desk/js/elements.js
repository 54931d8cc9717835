// Small hands for the document.

export function element(tag, attributes = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) if (value !== null) made.setAttribute(name, value);
  made.append(...children);
  return made;
}

export function icon(name) {
  const space = "http://www.w3.org/2000/svg";
  const made = document.createElementNS(space, "svg");
  const use = document.createElementNS(space, "use");
  made.setAttribute("aria-hidden", "true");
  use.setAttribute("href", `#i-${name}`);
  made.append(use);
  return made;
}

export const part = (root, name) => root.querySelector(`[data-part=${name}]`);

/** Brings the children of `list` to `wanted` without taking out those that stay: focus and scrolling survive. */
export function arrange(list, wanted) {
  const held = document.activeElement;
  for (const child of [...list.children]) if (!wanted.includes(child)) child.remove();
  wanted.forEach((node, index) => {
    if (list.children[index] !== node) list.insertBefore(node, list.children[index] ?? null);
  });
  if (held !== document.activeElement && list.contains(held)) held.focus({ preventScroll: true });
}

/** A clone of a template's one element, in this document. */
export const cloneOf = (id) => document.importNode(document.getElementById(id).content.firstElementChild, true);
