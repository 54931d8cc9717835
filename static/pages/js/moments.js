// What happened at the table, in words. campaigns/moments.py says the same; tests/campaigns/moments.json holds both to it.
const THINGS_TO_HAVE = new Set(["bless", "exhaustion", "guidance", "haste", "hex", "inspiration", "rage", "sanctuary"]);

const points = (count) => `${count} hit point${count === 1 ? "" : "s"}`;

function hitPoints(data, name) {
  if (data.delta === undefined) return ["", `${name}’s hit points change`];
  const { delta, from: before, to: after } = data;
  if (data.kind === "temp") return ["temp", `${name} ${delta >= 0 ? "gains" : "loses"} ${Math.abs(delta)} temporary hit points`];
  if (delta > 0) return ["heal", `${name} regains ${points(delta)}${before === 0 && after ? " and is back up" : ""}`];
  if (delta === 0) return after === 0 ? ["wound", `${name} is hit while down`] : ["", `${name} stays at ${points(after)}`];
  const kind = data.kind ? `${data.kind} damage` : "damage";
  return ["wound", `${name} takes ${-delta} ${kind}${before && !after ? " and falls" : ""}`];
}

function track(data, name) {
  const label = data.track.replaceAll("_", " ");
  const row = data.stats?.tracks?.[data.track];
  if (!row) return ["", `${name}’s ${label} changes`];
  if ("superficial" in row) return ["", `${name}’s ${label}: ${row.superficial} superficial, ${row.aggravated} aggravated of ${row.max}`];
  return ["", `${name}’s ${label}: ${row.value} of ${row.max}${row.stains ? `, ${row.stains} stained` : ""}`];
}

function conditionAdded({ condition, rounds }, name) {
  const lasting = rounds ? ` for ${rounds} round${rounds === 1 ? "" : "s"}` : "";
  return ["", `${name} ${THINGS_TO_HAVE.has(condition) ? "has" : "is"} ${condition}${lasting}`];
}

function conditionRemoved({ condition }, name) {
  return ["", `${name} ${THINGS_TO_HAVE.has(condition) ? "no longer has" : "is no longer"} ${condition}`];
}

function deathSave(data, name) {
  const saves = data.stats?.death_saves ?? {};
  if (data.result === "critical_success") return ["heal", `${name} rolls a natural 20 and is back up`];
  if (data.result === "success") return ["heal", `${name} passes a death save${saves.success === 3 ? " and is stable" : ""}`];
  const fails = data.result === "critical_failure" ? "rolls a natural 1: two failed death saves" : "fails a death save";
  return ["wound", `${name} ${fails}${saves.failure === 3 ? " and dies" : ""}`];
}

function roll(data, name) {
  const who = data.characterId === undefined || name === "Somebody" ? "" : `${name}, `;
  return ["", `${who}${data.label}: ${data.roll?.summary ?? data.total}`];
}

const TELLERS = {
  HP_CHANGE: hitPoints,
  TRACK_CHANGE: track,
  CONDITION_ADDED: conditionAdded,
  CONDITION_REMOVED: conditionRemoved,
  DEATH_SAVE: deathSave,
  ROLL: roll,
  EPISODE_STARTED: ({ episode }) => (episode ? ["", `Episode ${episode.number} begins: ${episode.title}`] : null),
  EPISODE_ENDED: () => ["", "The episode ends"],
};

/** [tone, sentence] for one message, or null for what is not told. */
export function words(message, name) {
  if (message.type === "CHAR_CREATED") return ["", `${message.data.name} joins the company`];
  const tell = TELLERS[message.data?.type];
  return tell ? tell(message.data, name || "Somebody") : null;
}
