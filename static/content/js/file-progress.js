// <file-progress> says how far the further forms of a picture are, as the campaign's live stream tells its GM.
import { LiveStream } from "../../live/js/stream.js";

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
    if (!live) return;
    const hear = ({ detail }) => {
      if (detail.characterId !== character || detail.purpose !== purpose) return;
      this.textContent = WORDS[detail.state](detail);
      this.dataset.state = detail.state;
    };
    this.#listening = new AbortController();
    streamAt(live).addEventListener("progress", hear, { signal: this.#listening.signal });
  }

  disconnectedCallback() {
    this.#listening.abort();
  }
}

customElements.define("file-progress", FileProgress);
