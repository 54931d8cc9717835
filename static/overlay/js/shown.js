/* Stands in for the live stream where another page says what is shown: beneath the layout editor. */
import { fromBootstrap } from "../../live/js/reducer.js";

export class Shown extends EventTarget {
  connection = "stopped";

  constructor(bootstrap) {
    super();
    this.state = bootstrap ? fromBootstrap(bootstrap) : null;
  }

  start() {
    return this;
  }

  stop() {}

  check() {}

  send() {
    return false;
  }

  show(state) {
    this.state = state;
    this.dispatchEvent(new CustomEvent("state", { detail: { state, applied: [], status: "applied" } }));
  }
}
