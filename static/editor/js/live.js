/*
 * What others do: the campaign as its viewers see it and as its GM does, kept up to date.
 *
 * Events: `viewer`, `gm` {applied}, each after its state changed.
 */
import { LiveStream } from "../../live/js/stream.js";

export class Live extends EventTarget {
  #first;
  #viewer;
  #gm;

  /** live: address of the stream; viewer, gm: the states rendered into the page. */
  constructor({ live, viewer, gm }) {
    super();
    this.#first = { viewer, gm };
    this.#viewer = new LiveStream({ url: live, state: viewer });
    this.#gm = new LiveStream({ url: `${live}?view=gm`, state: gm });
    this.#viewer.addEventListener("state", () => this.dispatchEvent(new CustomEvent("viewer")));
    this.#gm.addEventListener("state", ({ detail }) => this.dispatchEvent(new CustomEvent("gm", { detail })));
  }

  start() {
    this.#viewer.start();
    this.#gm.start();
  }

  stop() {
    this.#viewer.stop();
    this.#gm.stop();
  }

  /** What viewers see, or null. */
  get viewer() {
    return this.#viewer.state;
  }

  /** What the GM's stream says, or null. */
  get told() {
    return this.#gm.state;
  }

  get gm() {
    return this.told ?? this.#first.gm;
  }

  get roster() {
    return this.viewer?.roster ?? this.#first.viewer.roster;
  }
}
