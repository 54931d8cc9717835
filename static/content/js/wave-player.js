// <wave-player> around a waveform and an <audio>: what was played is lit, and a press on the waveform goes there. The
// sound's own controls do all of that too, by keyboard.
const SVG = "http://www.w3.org/2000/svg";

export class WavePlayer extends HTMLElement {
  #lit = null;
  #wanted = null; // a share of the sound whose length is not known yet
  #listening = new AbortController();

  connectedCallback() {
    const wave = this.querySelector(".wave");
    const audio = this.querySelector("audio");
    if (!wave || !audio) return;
    this.#lit ??= this.#light(wave);
    this.#listening = new AbortController();
    const { signal } = this.#listening;
    for (const type of ["timeupdate", "seeked", "loadedmetadata"]) {
      audio.addEventListener(type, () => this.#show(audio), { signal });
    }
    wave.addEventListener("click", (event) => this.#go(event, wave, audio), { signal });
    this.toggleAttribute("data-ready", true);
    this.#show(audio);
  }

  disconnectedCallback() {
    this.#listening.abort();
  }

  /** The same path once more, lit, behind a window that grows. */
  #light(wave) {
    const { width, height } = wave.viewBox.baseVal;
    const clip = document.createElementNS(SVG, "clipPath");
    const window_ = document.createElementNS(SVG, "rect");
    clip.id = "played-so-far";
    window_.setAttribute("width", "0");
    window_.setAttribute("height", height);
    window_.dataset.whole = width;
    clip.append(window_);
    const lit = wave.querySelector("path").cloneNode();
    lit.classList.add("played");
    lit.setAttribute("clip-path", "url(#played-so-far)");
    wave.append(clip, lit);
    return window_;
  }

  #show(audio) {
    const share = audio.duration > 0 ? audio.currentTime / audio.duration : 0;
    this.#lit.setAttribute("width", String(share * Number(this.#lit.dataset.whole)));
    if (this.#wanted !== null) this.#goTo(this.#wanted, audio);
  }

  #go(event, wave, audio) {
    const { left, width } = wave.getBoundingClientRect();
    this.#goTo(Math.min(1, Math.max(0, (event.clientX - left) / width)), audio);
  }

  #goTo(share, audio) {
    const known = audio.duration > 0;
    this.#wanted = known ? null : share;
    if (!known) return;
    audio.currentTime = share * audio.duration;
    this.#show(audio);
  }
}

customElements.define("wave-player", WavePlayer);
