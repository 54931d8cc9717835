// <character-files> around the form with the files: they can be dropped, and the server says what is in them before
// they are brought in. Without script the form is sent as it is.
import { saidBy } from "../../content/js/sending.js";

function make(tag, className, ...children) {
  const made = document.createElement(tag);
  if (className) made.className = className;
  made.append(...children);
  return made;
}

/** What a GM calls that which the finding is about, and what is said of it; as the server words it afterwards. */
function words({ field, message }, labels) {
  const [, label] = Object.entries(labels).find(([name]) => field.startsWith(name)) ?? [];
  return label ? `${label}: ${message}` : message;
}

function line(icons, labels, { status, name, file, classes, species, stats, warnings }) {
  const role = [species, ...classes.map(([title, level]) => `${title} ${level}`)].filter(Boolean).join(" ");
  const told = make("div", "", make("span", "name", name || file), " ", make("span", "muted", role));
  for (const finding of warnings) told.append(make("p", "hint", words(finding, labels)));
  const row = make("li", "", icons[status === "ok" ? "ok" : "attention"].content.cloneNode(true), told);
  row.dataset.status = status;
  if (stats?.hp?.max) row.append(make("span", "num", `${stats.hp.current} / ${stats.hp.max}`));
  return row;
}

/** How it will go, before the lines that say why. */
function outlook(results) {
  const out = results.filter(({ status }) => status === "refused").length;
  const come = results.length - out;
  if (!come) return "Nobody can come in with these files.";
  const coming = `${come} character${come > 1 ? "s" : ""} can come in`;
  return out ? `${coming}, ${out} cannot.` : `${coming}. Nothing is written yet.`;
}

class CharacterFiles extends HTMLElement {
  #listening = new AbortController();
  #asked = 0;

  connectedCallback() {
    this.#listening = new AbortController();
    const { signal } = this.#listening;
    this.#part("hint").append(" Or drop them here.");
    this.#input.addEventListener("change", () => this.#look(), { signal });
    this.addEventListener("dragover", (event) => this.#over(event, true), { signal });
    this.addEventListener("dragleave", (event) => this.#over(event, false), { signal });
    this.addEventListener("drop", (event) => this.#drop(event), { signal });
    if (this.#input.files.length) this.#look(); // chosen before the script was here, or restored by the browser
  }

  disconnectedCallback() {
    this.#listening.abort();
  }

  get #input() {
    return this.querySelector("input[type=file]");
  }

  get #icons() {
    return Object.fromEntries([...this.querySelectorAll("template")].map((one) => [one.dataset.icon, one]));
  }

  #part(name) {
    return this.querySelector(name === "hint" ? "#files-hint" : `[data-part=${name}]`);
  }

  #over(event, inside) {
    if (!event.dataTransfer?.types.includes("Files")) return;
    event.preventDefault();
    this.toggleAttribute("data-over", inside);
  }

  #drop(event) {
    this.removeAttribute("data-over");
    if (!event.dataTransfer?.files.length) return;
    event.preventDefault();
    this.#input.files = event.dataTransfer.files;
    this.#look();
  }

  /** Ask what would become of the files; nothing is written. Of two questions the later one's answer is shown. */
  async #look() {
    const asked = ++this.#asked;
    const files = [...this.#input.files];
    this.#part("error").textContent = "";
    this.#part("preview").replaceChildren(...(files.length ? [make("p", "hint", "Reading…")] : []));
    if (!files.length) return;
    const [status, answer] = await this.#ask(files);
    if (asked !== this.#asked) return;
    const labels = JSON.parse(this.querySelector("#finding-labels").textContent);
    const rows = status === 200 ? [make("p", "outlook", outlook(answer.results)), make("ul", "arrivals", ...answer.results.map((one) => line(this.#icons, labels, one)))] : [];
    this.#part("preview").replaceChildren(...rows);
    if (status !== 200) this.#part("error").textContent = saidBy(status, answer);
  }

  async #ask(files) {
    const body = new FormData();
    for (const file of files) body.append("files", file);
    const token = this.querySelector("[name=csrfmiddlewaretoken]").value;
    try {
      const answer = await fetch(this.dataset.api, { method: "POST", body, headers: { "X-CSRFToken": token } });
      return [answer.status, await answer.json()];
    } catch {
      return [0, null];
    }
  }
}

customElements.define("character-files", CharacterFiles);
