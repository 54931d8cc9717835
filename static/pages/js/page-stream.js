// One live stream for a public page: starts from what the server rendered, says quietly when it is behind.
import { LiveStream } from "../../live/js/stream.js";

const LATE_MS = 4000;
const RELOAD_AGAIN_MS = 60_000;
const STALE = "The connection is lost. Reconnecting; what you see may be old.";

export const embedded = (id) => JSON.parse(document.getElementById(id).textContent);

/** Asks the server what is left to see, but not again and again where page and stream disagree. */
export function reloadOnce() {
  const key = `reloaded ${location.pathname}`;
  const last = Number(sessionStorage.getItem(key) ?? 0);
  if (Date.now() - last < RELOAD_AGAIN_MS) return;
  sessionStorage.setItem(key, String(Date.now()));
  location.reload();
}

/** Calls `changed(state, applied)` after each change. */
export function follow({ slug, state, delay, changed }) {
  const stream = new LiveStream({ url: `/campaigns/${slug}/ws`, state, delay });
  stream.addEventListener("state", ({ detail }) => changed(detail.state, detail.applied));
  stream.addEventListener("gone", () => {
    stream.stop();
    reloadOnce();
  });
  sayConnection(stream);
  return stream.start();
}

// A blip of a few seconds is nobody's business.
function sayConnection(stream) {
  const line = document.querySelector("[data-part=connection]");
  const badges = () => document.querySelectorAll(".live[data-follows]");
  let timer = null;
  const tell = (late) => {
    line.textContent = late ? STALE : "";
    for (const badge of badges()) badge.toggleAttribute("data-late", late);
  };
  stream.addEventListener("status", ({ detail }) => {
    if (detail.connection === "open") {
      clearTimeout(timer);
      timer = null;
      tell(false);
    } else if (detail.connection === "waiting") {
      timer ??= setTimeout(() => tell(true), LATE_MS);
    }
  });
}
