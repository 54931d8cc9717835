/* How the parts of the draft are sent to the API and read from its answers; see saving.js for what a wire is. */
import { changes } from "./tree.js";
import { documentOf, patchBetween, versionOf } from "./document.js";

const AWAY = "The server cannot be reached. Your changes are kept here and sent again by themselves.";
const SIGNED_OUT = "You are signed out. Sign in in another tab, then push again.";
const GONE = "This campaign is not yours to change any more.";

async function asked(address, token, method, body) {
  const headers = { Accept: "application/json", ...(body && { "Content-Type": "application/json", "X-CSRFToken": token }) };
  const response = await fetch(address, { method, headers, body: body && JSON.stringify(body), cache: "no-store" });
  const said = await response.json().catch(() => ({}));
  return { status: response.status, said };
}

function refusal({ status, said }) {
  if (status === 401) return { status: "refused", words: SIGNED_OUT };
  if (status === 403 || status === 404) return { status: "refused", words: said.status_code === 403 ? said.error : GONE };
  if (status === 429 || status >= 500 || status === 0) return { status: "away", words: AWAY };
  const details = (said.details ?? []).map(({ field, message }) => `${field}: ${message}`).join(" ");
  return { status: "refused", words: details || said.error || "The change was refused." };
}

/** read: from what the API tells to {value, version}; write: the body for a difference. */
function wire({ address, token, read, write, current }) {
  return {
    async send(base, draft, version) {
      try {
        const answer = await asked(address, token, "PATCH", { ...write(base, draft), version });
        if (answer.status === 200) return { status: "done", ...read(answer.said) };
        if (answer.status === 409) return { status: "conflict", current: await current(answer.said.current, base) };
        return refusal(answer);
      } catch {
        return refusal({ status: 0 });
      }
    },
    async ask() {
      const answer = await asked(address, token, "GET");
      return answer.status === 200 ? read(answer.said) : null;
    },
  };
}

const readLayout = (said) => ({ value: documentOf(said), version: versionOf(said) });

export const layoutWire = (api, token, tier) =>
  wire({ address: `${api}/layout/${tier}`, token, read: readLayout, write: patchBetween, current: readLayout });

const keyed = (base, draft) => Object.fromEntries(changes(base, draft).map(({ path: [key] }) => [key, draft[key] ?? null]));

export const themeWire = (api, token) =>
  wire({
    address: api,
    token,
    read: (said) => ({ value: said.theme, version: said.version }),
    write: (base, draft) => ({ theme: keyed(base, draft) }),
    current: (said, base) => ({ value: said.theme ?? base, version: said.version }),
  });

export const lookOf = ({ accent, focal }) => ({ accent, focal });

export const lookWire = (api, token, id) =>
  wire({
    address: `${api}/characters/${id}`,
    token,
    read: (said) => ({ value: lookOf(said), version: said.version }),
    write: keyed,
    current: (said, base) => ({
      value: { accent: said.accent ?? base.accent, focal: { x: said.focal_x ?? base.focal.x, y: said.focal_y ?? base.focal.y } },
      version: said.version,
    }),
  });
