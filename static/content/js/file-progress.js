// <file-progress> says how far the further forms of a picture are: as the campaign's live stream tells its GM, and for
// others by asking, while they are being made.
import { LiveStream } from "../../live/js/stream.js";
import { SOONEST, nextPause } from "./making.js";

const WORDS = {
  queued: () => "Smaller sizes will be made.",
  running: ({ percent }) => `Smaller sizes are being made: ${percent} %`,
  done: () => "All sizes are made.",
  failed: ({ reason }) => `Smaller sizes could not be made: ${reason}`,
};

const streams = new Map(); // one for all elements of the page

function streamAt(url) {
  if (!streams.has(url)) {
    const stream = new LiveStream({ url });
    stream.addEventListener("gone", () => stream.stop());
    streams.set(url, stream.start());
  }
  return streams.get(url);
}

export class FileProgress extends HTMLElement {
  #listening = new AbortController();

  connectedCallback() {
    const { live, character, purpose } = this.dataset;
    this.#listening = new AbortController();
    if (!live) {
      if (["queued", "running"].includes(this.dataset.state)) this.#ask(SOONEST);
      return;
    }
    const hear = ({ detail }) => {
      if (detail.characterId !== character || detail.purpose !== purpose) return;
      this.#tell(detail);
    };
    streamAt(live).addEventListener("progress", hear, { signal: this.#listening.signal });
  }

  #tell(job) {
    this.textContent = WORDS[job.state](job);
    this.dataset.state = job.state;
  }

  async #ask(pause) {
    const { signal } = this.#listening;
    await new Promise((resolve) => setTimeout(resolve, pause * 1000));
    if (signal.aborted) return;
    let job = null;
    try {
      const answer = await fetch(this.dataset.poll, { headers: { Accept: "application/json" }, signal });
      if ([401, 403, 404].includes(answer.status)) return;
      if (answer.ok) ({ job } = await answer.json());
      if (answer.ok && !job) return;
    } catch {
      if (signal.aborted) return; // else no connection: asked again, later
    }
    if (job) this.#tell(job);
    if (!job || ["queued", "running"].includes(job.state)) this.#ask(nextPause(pause, job));
  }

  disconnectedCallback() {
    this.#listening.abort();
  }
}

customElements.define("file-progress", FileProgress);
