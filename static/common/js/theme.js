// The theme: as the system has it, dark or light. Kept in a cookie, so that the server renders the next page in it.
const THEMES = ["auto", "dark", "light"];
const NAMES = { auto: "as the system", dark: "dark", light: "light" };
const YEAR = 365 * 24 * 3600;

export function nextTheme(theme) {
  return THEMES[(THEMES.indexOf(theme) + 1) % THEMES.length];
}

function apply(theme, button) {
  document.documentElement.dataset.theme = theme;
  button.setAttribute("aria-label", `Theme: ${NAMES[theme]}`);
  button.title = `Theme: ${NAMES[theme]}`;
}

function store(theme) {
  const secure = location.protocol === "https:" ? "; Secure" : "";
  document.cookie = `theme=${theme}; Path=/; Max-Age=${YEAR}; SameSite=Lax${secure}`;
}

// Somebody who is signed in finds the theme again on every device.
function keep(theme, address) {
  const token = document.querySelector("input[name=csrfmiddlewaretoken]")?.value ?? "";
  const headers = { "Content-Type": "application/json", "X-CSRFToken": token };
  fetch(address, { method: "PATCH", headers, body: JSON.stringify({ theme }) }).catch(() => {});
}

for (const button of document.querySelectorAll("[data-theme-switch]")) {
  apply(document.documentElement.dataset.theme, button);
  button.hidden = false;
  button.addEventListener("click", () => {
    const theme = nextTheme(document.documentElement.dataset.theme);
    apply(theme, button);
    store(theme);
    if (button.dataset.keep) keep(theme, button.dataset.keep);
  });
}
