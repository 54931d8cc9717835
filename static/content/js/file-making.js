// <file-making> asks how far the making of a file is, until it is made; then the page is shown anew, unless somebody is
// at work in it.
import { SOONEST, nextPause, wordsFor } from "./making.js";

export class FileMaking extends HTMLElement {
  #timer = null;
  #pause = SOONEST;

  connectedCallback() {
    if (this.dataset.api && !["done", "failed"].includes(this.dataset.state)) this.#later();
  }

  disconnectedCallback() {
    clearTimeout(this.#timer);
  }

  #later() {
    this.#timer = setTimeout(() => this.#ask(), this.#pause * 1000);
  }

  async #ask() {
    let job = null;
    try {
      const answer = await fetch(this.dataset.api, { headers: { Accept: "application/json" } });
      if ([401, 403, 404].includes(answer.status)) return;
      if (answer.ok) job = (await answer.json()).job;
    } catch {
      // no connection: asked again, later
    }
    if (!this.isConnected) return;
    this.#pause = nextPause(this.#pause, job);
    if (job) this.#tell(job);
    if (!job || !["done", "failed"].includes(job.state)) this.#later();
  }

  #tell(job) {
    const words = wordsFor(job);
    if (this.textContent !== words) this.textContent = words;
    this.dataset.state = job.state;
    if (job.state === "done" && "reload" in this.dataset) this.#show();
  }

  #show() {
    const atWork = document.activeElement?.matches("input, textarea, select") || document.querySelector("file-sender li");
    const plays = [...document.querySelectorAll("audio, video")].some((one) => !one.paused);
    if (!atWork && !plays) location.reload();
  }
}

customElements.define("file-making", FileMaking);
