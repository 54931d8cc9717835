/* A clock that only moves when told, and sockets that only say what they are told. */

export class Clock {
  #at = 1_700_000_000_000;
  #next = 1;
  #due = new Map();

  now = () => this.#at;
  set = (run, ms) => {
    this.#due.set(this.#next, { run, at: this.#at + ms });
    return this.#next++;
  };
  clear = (id) => this.#due.delete(id);

  get pending() {
    return this.#due.size;
  }

  /** Lets the time pass, running what falls due in order. */
  pass(ms) {
    const end = this.#at + ms;
    for (;;) {
      const [first] = [...this.#due].filter(([, { at }]) => at <= end).sort(([, a], [, b]) => a.at - b.at);
      if (!first) break;
      const [id, { run, at }] = first;
      this.#due.delete(id);
      this.#at = at;
      run();
    }
    this.#at = end;
  }

  /** The time passes while timers sleep, as in a hidden page. */
  sleep(ms) {
    this.#at += ms;
  }
}

export function fakeSockets() {
  const opened = [];
  class FakeSocket {
    readyState = 0;
    sent = [];
    closed = false;

    constructor(url) {
      this.url = new URL(url);
      opened.push(this);
    }

    open() {
      this.readyState = 1;
      this.onopen?.();
      return this;
    }

    say(message) {
      this.onmessage?.({ data: typeof message === "string" ? message : JSON.stringify(message) });
    }

    send(text) {
      this.sent.push(JSON.parse(text));
    }

    drop(code = 1006) {
      this.readyState = 3;
      this.onclose?.({ code });
    }

    close() {
      this.closed = true;
      this.readyState = 3;
    }
  }
  return { FakeSocket, opened };
}
