/*
 * The page of an overlay that cannot be shown: transparent, and asking the same address until it can.
 * It reloads only on a good answer, so that the browser's own error page never gets on air.
 */

const FIRST_MS = 1_000;
const QUICK_CAP_MS = 3_000;
const SLOW_CAP_MS = 30_000;
const QUICK_ATTEMPTS = 30;

/** Milliseconds before attempt number `attempt` (0, 1, …); `random` lies in [0, 1). */
export function pause(attempt, random) {
  const quick = Math.min(QUICK_CAP_MS, FIRST_MS * 2 ** attempt);
  const slow = Math.min(SLOW_CAP_MS, QUICK_CAP_MS * 1.5 ** Math.max(0, attempt - QUICK_ATTEMPTS));
  return (attempt < QUICK_ATTEMPTS ? quick : slow) * (0.5 + random / 2);
}

/** Resolves to true when the address answered well. */
async function answers(win) {
  try {
    return (await win.fetch(win.location.href, { method: "HEAD", cache: "no-store" })).ok;
  } catch {
    return false;
  }
}

export function keepAsking(win, random = Math.random) {
  let attempt = 0;
  let timer = null;
  const ask = async () => {
    win.clearTimeout(timer);
    if (await answers(win)) win.location.reload();
    else later();
  };
  const later = () => {
    win.clearTimeout(timer);
    timer = win.setTimeout(ask, pause(attempt, random()));
    attempt += 1;
  };
  win.addEventListener("online", ask);
  later();
}

if (globalThis.document) keepAsking(globalThis.window);
