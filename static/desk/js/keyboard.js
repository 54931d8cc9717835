// Every action by keyboard. Single keys can be switched off (WCAG 2.1.4), and are never taken from a field.

const STORED = "desk:single-keys";
const TYPED_INTO = "input:not([type=checkbox], [type=radio]), textarea, select";

/** `act` maps a key ("d", "?", "Escape") to what it does; digits call act.choose(index). */
export function keyboard(act, { page = document, storage = safeStorage() } = {}) {
  const toggle = page.getElementById("single-keys");
  toggle.checked = storage?.getItem(STORED) !== "off";
  toggle.addEventListener("change", () => storage?.setItem(STORED, toggle.checked ? "on" : "off"));
  page.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.repeat || page.querySelector("dialog[open]")) return;
    if (event.target.matches(TYPED_INTO)) {
      if (event.key === "Escape") event.target.blur();
      return;
    }
    if (event.key !== "Escape" && !toggle.checked) return;
    const run = actionOf(event.key, act);
    if (!run) return;
    event.preventDefault();
    run();
  });
}

function actionOf(key, act) {
  if (/^[1-9]$/.test(key)) return () => act.choose(Number(key) - 1);
  return act[key.length === 1 ? key.toLowerCase() : key];
}

function safeStorage() {
  try {
    return globalThis.localStorage;
  } catch {
    return null;
  }
}
