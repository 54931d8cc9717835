// One entry of the queue to the API, and what its answer means for the queue.

const PATIENCE_MS = 10_000;
const UNKNOWN = "Not accepted. Look at the values and try again.";

/** root: "/api/v1/campaigns/<id>/"; csrf(): the token as it is now. */
export function sender({ root, csrf, fetch = globalThis.fetch.bind(globalThis), patience = PATIENCE_MS }) {
  return async function send(entry) {
    const answer = await fetch(root + entry.path, {
      method: entry.method,
      headers: { "Content-Type": "application/json", "Idempotency-Key": entry.key, "X-CSRFToken": csrf() },
      ...(entry.method === "DELETE" ? {} : { body: JSON.stringify(entry.body) }),
      credentials: "same-origin",
      cache: "no-store",
      signal: AbortSignal.timeout(patience),
    });
    return meaning(answer, await json(answer));
  };
}

async function json(answer) {
  try {
    return await answer.json();
  } catch (error) {
    // The head of an answer without its body: whether it was done is not known, and asking again is safe.
    if (answer.ok && answer.status !== 204) throw error;
    return null;
  }
}

export function meaning(answer, body) {
  if (answer.ok) return { outcome: "done", answer: body };
  if (answer.status === 401) return { outcome: "signed-out" };
  if (answer.status === 429 || answer.status >= 500) return { outcome: "away", wait: retryAfter(answer) };
  return { outcome: "refused", message: reason(body) };
}

function retryAfter(answer) {
  const seconds = Number(answer.headers.get("Retry-After"));
  return seconds > 0 ? Math.min(seconds, 60) * 1000 : undefined;
}

// The field's own sentence says what to do; without one the refusal as a whole does.
function reason(body) {
  const told = (body?.details ?? []).map(({ message }) => message).filter((text) => text?.includes(" "));
  return told[0] ?? body?.error ?? UNKNOWN;
}
