// <picture-picker> around a form with a file: drop, paste, crop, progress. Without script the form is sent as it is.
import { WHOLE, asText, asWords, byKey, moved, resized } from "./crop.js";
import { saidBy, tooLarge } from "./sending.js";

const LONGEST = 640; // pixels of the preview
const DONE = "picture-is-shown"; // what the page, loaded anew, has to say

function make(tag, className, attributes = {}, ...children) {
  const made = document.createElement(tag);
  if (className) made.className = className;
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  made.append(...children);
  return made;
}

export class PicturePicker extends HTMLElement {
  #form;
  #file = null;
  #crop = WHOLE;
  #parts = {};
  #listening = new AbortController();

  connectedCallback() {
    this.#form = this.querySelector("form");
    if (!this.#parts.stage) this.#build();
    this.#listening = new AbortController();
    const { signal } = this.#listening;
    this.#form.addEventListener("submit", (event) => this.#submit(event), { signal });
    this.#input.addEventListener("change", () => this.#choose(this.#input.files[0]), { signal });
    const place = this.closest(".place") ?? this;
    place.addEventListener("dragover", (event) => this.#over(event, true), { signal });
    place.addEventListener("dragleave", (event) => this.#over(event, false), { signal });
    place.addEventListener("drop", (event) => this.#drop(event), { signal });
    // Pasted where one is: in this place's fields, or with nothing chosen, into the first.
    document.addEventListener("paste", (event) => this.#paste(event, place), { signal });
    this.#tellDone();
    const [early] = this.#input.files; // chosen before the script was here, or restored by the browser
    if (early && !this.#file) this.#choose(early);
  }

  disconnectedCallback() {
    this.#listening.abort();
  }

  get #input() {
    return this.#form.elements.namedItem("file");
  }

  #build() {
    const canvas = make("canvas", "preview");
    const frame = make("div", "frame", { tabindex: "0", role: "group", "aria-label": "Crop" }, make("i", "corner", { "aria-hidden": "true" }));
    const said = make("p", "hint", { role: "status" });
    const whole = make("button", "btn btn-small btn-quiet", { type: "button" }, "Whole picture");
    const keys = make("p", "hint", {}, "Drag the frame and its corner, or use the arrow keys; with Shift they resize.");
    const stage = make("div", "crop", {}, make("div", "crop-stage", {}, canvas, frame), keys, make("div", "row", {}, whole, said));
    const bar = make("progress", "", { max: "1", value: "0", "aria-label": "Sent so far" });
    stage.hidden = bar.hidden = true;
    this.#parts = { stage, canvas, frame, said, bar };
    this.#input.closest(".field").append(make("p", "hint drop-hint", {}, "Or drop a picture here, or paste one."));
    this.#input.closest(".field").after(stage);
    this.#form.querySelector("[type=submit]").parentElement.before(bar);
    whole.addEventListener("click", () => this.#frame(WHOLE));
    frame.addEventListener("keydown", (event) => this.#key(event));
    frame.addEventListener("pointerdown", (event) => this.#grab(event));
  }

  #over(event, inside) {
    if (!event.dataTransfer?.types.includes("Files")) return;
    event.preventDefault();
    this.toggleAttribute("data-over", inside);
  }

  #drop(event) {
    this.removeAttribute("data-over");
    const file = event.dataTransfer?.files[0];
    if (!file) return;
    event.preventDefault();
    this.#choose(file);
  }

  #paste(event, place) {
    const file = [...(event.clipboardData?.files ?? [])].find((one) => one.type.startsWith("image/"));
    const here = place.contains(document.activeElement);
    const first = document.activeElement === document.body && place === document.querySelector(".place");
    if (file && (here || first)) this.#choose(file);
  }

  async #choose(file) {
    this.#tell("");
    this.#file = file ?? null;
    this.#parts.stage.hidden = true;
    this.#form.elements.namedItem("crop").value = ""; // which was another picture's
    if (!file) return;
    if (file !== this.#input.files[0]) this.#input.required = false; // dropped or pasted: the field itself stays empty
    if (this.#tooLarge()) return;
    try {
      await this.#preview(file);
    } catch {
      return; // the server says what is wrong with it
    }
    if (file !== this.#file) return; // another was chosen meanwhile
    this.#parts.stage.hidden = false;
    this.#frame(WHOLE);
  }

  async #preview(file) {
    const bitmap = await createImageBitmap(file);
    if (file !== this.#file) return;
    const scale = Math.min(1, LONGEST / Math.max(bitmap.width, bitmap.height));
    const { canvas } = this.#parts;
    canvas.width = Math.max(1, Math.round(bitmap.width * scale));
    canvas.height = Math.max(1, Math.round(bitmap.height * scale));
    canvas.getContext("2d").drawImage(bitmap, 0, 0, canvas.width, canvas.height);
    bitmap.close();
  }

  #frame(crop) {
    this.#crop = crop;
    const { frame, said } = this.#parts;
    for (const side of ["left", "top", "width", "height"]) frame.style[side] = `${crop[side] * 100}%`;
    this.#form.elements.namedItem("crop").value = asText(crop);
    said.textContent = asText(crop) ? asWords(crop) : "Nothing is cut off.";
  }

  /** Whether it is; it says so. */
  #tooLarge() {
    const reason = tooLarge(this.#file, { image: this.dataset.most });
    if (reason) this.#tell(reason);
    return Boolean(reason);
  }

  #key(event) {
    const crop = byKey(this.#crop, event.key, event.shiftKey);
    if (!crop) return;
    event.preventDefault();
    this.#frame(crop);
  }

  #grab(event) {
    const { frame, canvas } = this.#parts;
    const { width, height } = canvas.getBoundingClientRect();
    const [begun, x, y] = [this.#crop, event.clientX, event.clientY];
    const change = event.target.classList.contains("corner") ? resized : moved;
    const follow = (move) => this.#frame(change(begun, (move.clientX - x) / width, (move.clientY - y) / height));
    event.preventDefault();
    frame.focus();
    frame.setPointerCapture(event.pointerId);
    frame.addEventListener("pointermove", follow);
    const end = () => frame.removeEventListener("pointermove", follow);
    frame.addEventListener("pointerup", end, { once: true });
    frame.addEventListener("pointercancel", end, { once: true });
  }

  #submit(event) {
    if (!this.#file) return; // the browser asks for one
    event.preventDefault();
    if (this.#tooLarge()) return;
    const body = new FormData(this.#form);
    const token = body.get("csrfmiddlewaretoken");
    for (const name of ["purpose", "csrfmiddlewaretoken"]) body.delete(name);
    if (!body.get("crop")) body.delete("crop");
    body.set("file", this.#file);
    this.#send(body, token);
  }

  #send(body, token) {
    const request = new XMLHttpRequest(); // fetch does not tell how much has been sent
    const { bar } = this.#parts;
    this.#busy(true);
    request.upload.addEventListener("progress", (event) => (bar.value = event.lengthComputable ? event.loaded / event.total : 0));
    request.addEventListener("load", () => this.#answered(request));
    request.addEventListener("error", () => this.#failed("The picture could not be sent. Look at your connection, and try again."));
    request.open("POST", this.dataset.api);
    request.setRequestHeader("X-CSRFToken", token);
    request.responseType = "json";
    request.send(body);
  }

  #answered({ status, response }) {
    if (status === 201) {
      sessionStorage.setItem(DONE, this.dataset.api);
      history.scrollRestoration = "manual"; // else the page stays where its button was
      return location.reload();
    }
    this.#failed(saidBy(status, response));
  }

  #failed(words) {
    this.#busy(false);
    this.#tell(words);
  }

  /** Once, on the page that shows the new picture. */
  #tellDone() {
    if (sessionStorage.getItem(DONE) !== this.dataset.api) return;
    sessionStorage.removeItem(DONE);
    window.addEventListener("pagehide", () => (history.scrollRestoration = "auto"), { once: true }); // not before it is here
    const said = make("p", "notice", { role: "status", tabindex: "-1", "data-kind": "good" }, "This picture is shown from now on.");
    (this.closest("details") ?? this.#form).before(said);
    (this.closest(".place") ?? this).scrollIntoView();
    said.focus({ preventScroll: true });
  }

  #busy(busy) {
    this.#parts.bar.hidden = !busy;
    this.#parts.bar.value = 0;
    this.#form.querySelector("[type=submit]").disabled = busy;
  }

  #tell(words) {
    this.querySelector("[data-part=error]").textContent = words;
    this.#input.setAttribute("aria-invalid", String(Boolean(words)));
  }
}

customElements.define("picture-picker", PicturePicker);
