// <file-sender> around a form with a file: several at once, dropped or pasted, each with its progress; what failed is
// sent again at a press. Without script the form is sent as it is.
import { saidBy, titleOf, tooLarge, waitAfter } from "./sending.js";

function make(tag, className, attributes = {}, ...children) {
  const made = document.createElement(tag);
  if (className) made.className = className;
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  made.append(...children);
  return made;
}

const pause = (seconds) => new Promise((resolve) => setTimeout(resolve, seconds * 1000));

/** One file on its way: a line of the list. */
class Parcel {
  state = "waiting"; // sending, done, failed
  tries = 0;

  constructor(file, again) {
    this.file = file;
    this.bar = make("progress", "", { max: "1", value: "0", "aria-label": `${file.name}: sent so far` });
    this.said = make("p", "said", { role: "status" }, "Waits");
    this.name = make("span", "truncate", {}, file.name);
    this.again = make("button", "btn btn-small", { type: "button" }, "Send again", make("span", "visually-hidden", {}, `: ${file.name}`));
    this.again.addEventListener("click", again);
    this.line = make("li", "", {}, this.name, this.again, this.bar, this.said);
    this.become("waiting", "Waits");
  }

  /** Whether anything may still become of it. */
  get isOpen() {
    return this.state !== "done" && !(this.state === "failed" && this.again.hidden);
  }

  become(state, words, again = state === "failed") {
    this.state = state;
    this.line.dataset.state = state;
    this.said.textContent = words;
    this.again.hidden = !again;
    this.bar.hidden = state === "failed";
  }
}

export class FileSender extends HTMLElement {
  #form;
  #list;
  #rest; // the way to those that are there, while others have failed
  #parcels = [];
  #busy = false;
  #hasSent = false; // something that this page does not show yet
  #listening = new AbortController();

  connectedCallback() {
    this.#form = this.querySelector("form");
    if (!this.#list) {
      this.#list = make("ol", "sending", { role: "list" });
      const here = location.pathname + location.search;
      this.#rest = make("p", "rest", {}, make("a", "btn btn-small", { href: here }, "Show what is in the library now"));
      this.#rest.hidden = true;
      this.#form.append(this.#list, this.#rest);
      this.#input.closest(".field").append(make("p", "hint", {}, this.#one ? "Or drop it here." : "Or drop files here, or paste one. Several at once are fine."));
    }
    this.#input.multiple = !this.#one;
    this.#listening = new AbortController();
    const { signal } = this.#listening;
    this.#form.addEventListener("submit", (event) => this.#submit(event), { signal });
    this.addEventListener("dragover", (event) => this.#over(event, true), { signal });
    this.addEventListener("dragleave", (event) => this.#over(event, false), { signal });
    this.addEventListener("drop", (event) => this.#drop(event), { signal });
    if (!this.#one) document.addEventListener("paste", (event) => this.#paste(event), { signal });
    window.addEventListener("beforeunload", (event) => this.#busy && event.preventDefault(), { signal });
  }

  disconnectedCallback() {
    this.#listening.abort();
  }

  get #one() {
    return "one" in this.dataset;
  }

  get #input() {
    return this.#form.elements.namedItem("file");
  }

  #over(event, inside) {
    if (!event.dataTransfer?.types.includes("Files")) return;
    event.preventDefault();
    this.toggleAttribute("data-over", inside);
  }

  #drop(event) {
    this.removeAttribute("data-over");
    const files = [...(event.dataTransfer?.files ?? [])];
    if (!files.length) return;
    event.preventDefault();
    this.#take(files);
  }

  #paste(event) {
    const files = [...(event.clipboardData?.files ?? [])];
    const elsewhere = document.activeElement?.matches("input:not([type=file]), textarea");
    if (files.length && !elsewhere) this.#take(files);
  }

  #submit(event) {
    const files = [...this.#input.files];
    if (!files.length) return;
    event.preventDefault();
    this.#input.value = "";
    this.#take(files);
  }

  #take(files) {
    this.#tell("");
    this.#parcels = this.#parcels.filter((one) => one.isOpen && (!this.#one || one.state !== "failed"));
    for (const file of this.#one ? files.slice(0, 1) : files) {
      const parcel = new Parcel(file, () => this.#resend(parcel));
      this.#parcels.push(parcel);
      const reason = tooLarge(file, this.dataset);
      if (reason) parcel.become("failed", reason, false); // sent again it would be as large
    }
    this.#list.replaceChildren(...this.#parcels.map((one) => one.line));
    this.#work();
  }

  #resend(parcel) {
    parcel.tries = 0;
    parcel.become("waiting", "Waits");
    this.#work();
  }

  async #work() {
    if (this.#busy) return;
    this.#busy = true;
    try {
      for (let next; (next = this.#parcels.find((one) => one.state === "waiting")); ) await this.#deliver(next);
    } finally {
      this.#busy = false;
    }
    if (!this.#hasSent) return;
    if (this.#parcels.every((one) => one.state === "done")) location.reload();
    else this.#rest.hidden = false;
  }

  async #deliver(parcel) {
    const { status, answer, retryAfter } = await this.#send(parcel);
    if (status === 201) {
      this.#hasSent = true;
      return parcel.become("done", "In the library");
    }
    parcel.tries += 1;
    const wait = waitAfter(status, retryAfter, parcel.tries);
    if (wait === null) return parcel.become("failed", saidBy(status, answer));
    parcel.become("waiting", `The server is busy. Sent again in ${Math.ceil(wait)} seconds.`);
    await pause(wait);
  }

  #send(parcel) {
    const body = new FormData();
    body.set("file", parcel.file);
    if (!this.#one) body.set("title", titleOf(parcel.file.name));
    const request = new XMLHttpRequest(); // fetch does not tell how much has been sent
    parcel.become("sending", "Is sent");
    return new Promise((resolve) => {
      request.upload.addEventListener("progress", ({ lengthComputable, loaded, total }) => {
        if (!lengthComputable) return;
        parcel.bar.value = loaded / total;
        if (loaded === total) parcel.said.textContent = "Is looked at";
      });
      request.addEventListener("loadend", () =>
        resolve({ status: request.status, answer: request.response, retryAfter: request.getResponseHeader("Retry-After") }),
      );
      request.open("POST", this.dataset.api);
      request.setRequestHeader("X-CSRFToken", this.#form.elements.namedItem("csrfmiddlewaretoken").value);
      request.responseType = "json";
      request.send(body);
    });
  }

  #tell(words) {
    this.querySelector("[data-part=error]").textContent = words;
    this.#input.setAttribute("aria-invalid", String(Boolean(words)));
  }
}

customElements.define("file-sender", FileSender);
