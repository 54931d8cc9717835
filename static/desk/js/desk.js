/*
 * The control desk. The server rendered it as one form; here the form's buttons become entries of a queue that sends
 * them through the API, and the live stream keeps what is shown true. What has been tapped is shown at once.
 */
import { isTouched } from "../../common/js/touched.js";
import { LiveStream } from "../../live/js/stream.js";
import { arrange, element } from "./elements.js";
import { paintEpisode } from "./episode.js";
import { keyboard } from "./keyboard.js";
import { SHARES, paintConditions, paintKinds, paintTray, turnPage } from "./keys.js";
import { clockText, linesAfter, paintLog } from "./log.js";
import { paintNet } from "./net.js";
import { members, newRow, paintRow } from "./party.js";
import { rosterShown, statsShown } from "./prediction.js";
import { Queue } from "./queue.js";
import { sender } from "./send.js";
import { draggable } from "./ordering.js";
import { paintStage } from "./stage.js";
import { paintSources } from "./sources.js";
import { entryStore } from "./store.js";
import { paintScores, paintTurns } from "./turns.js";
import { Refused, entriesOf, spends } from "./verbs.js";
import { keepAwake } from "./wake.js";

const FRESH_MS = 2000;
const embedded = (id) => JSON.parse(document.getElementById(id).textContent);
const byId = (id) => document.getElementById(id);

class Desk {
  #form = byId("desk");
  #keys = document.querySelector(".keys");
  #rows = new Map([...byId("rows").children].map((row) => [row.dataset.character, row]));
  #painted = new Map();
  #shares = new Map();
  #answered = {};
  #lines = embedded("told");
  #lostAt = null;
  #frame = null;
  #notice = "";
  #sources = { overlays: embedded("overlays-known") };
  #heardSources = Date.now();
  #begun = new Set();
  #planned;
  #plan;

  constructor(settings, bootstrap) {
    this.#planned = settings.planned;
    this.#plan = settings.plan;
    this.#form.querySelector("#net").append(element("a", { href: settings.signIn, target: "_blank", "data-sign-in": "", hidden: "" }, "Sign in"));
    this.stream = new LiveStream({ url: `/campaigns/${settings.slug}/ws?view=gm`, state: bootstrap });
    this.queue = new Queue({
      store: entryStore(`desk:${bootstrap.campaign.id}:${settings.user}`),
      send: sender({ root: `/api/v1/campaigns/${bootstrap.campaign.id}/`, csrf: () => this.#csrf() }),
      baseOf: (id) => this.#told(id)?.stats ?? null,
    });
    this.#listen();
    this.#countWaiting();
    this.#enhance();
    this.paint();
    this.stream.start();
    this.queue.pump();
  }

  // --- what is shown ---

  get state() {
    return this.stream.state ?? { characters: [], roster: [], rosterTiers: {}, episode: null, initiative: null, seq: 0 };
  }

  get #seq() {
    return this.state.seq;
  }

  /** The character with what is on its way already applied. */
  character(id) {
    return this.#told(id, this.queue.entries);
  }

  #told(id, entries = []) {
    const known = this.state.characters.find((one) => one.id === id);
    return known && { ...known, stats: statsShown(known, entries, this.#answered, this.#seq) };
  }

  get roster() {
    return rosterShown(this.state, this.queue.entries);
  }

  get chosen() {
    const ids = [...this.#form.querySelectorAll("[name=who]:checked")].map(({ value }) => value);
    return ids.flatMap((id) => {
      const known = this.character(id);
      return known ? [{ id, name: known.name, stats: known.stats, share: this.#shares.get(id) ?? "full" }] : [];
    });
  }

  field(name) {
    const found = new FormData(this.#form).get(name);
    return typeof found === "string" ? found : "";
  }

  /** All fields of the form: [name, text]. */
  fields() {
    return [...new FormData(this.#form)].filter(([, text]) => typeof text === "string");
  }

  get initiative() {
    return this.state.initiative;
  }

  told(seq) {
    return this.#lines.find((line) => line.seq === seq)?.text ?? `no. ${seq}`;
  }

  nameOf = (id) => this.state.characters.find((one) => one.id === id)?.name ?? "";

  /** Everything, once for however many changes come together. */
  paint() {
    this.#frame ??= requestAnimationFrame(() => {
      this.#frame = null;
      this.#form.dataset.seq = this.#seq;
      this.#paintParty();
      this.#paintKeys();
      paintTurns(byId("turns"), this.initiative, this.#sendsTurn, (id) => this.character(id));
      this.#paintEpisode();
      this.#paintLog();
      this.#paintNet();
    });
  }

  #paintParty() {
    const { characters } = this.state;
    const { ids, tiers } = this.roster;
    const shown = members(characters, { ids });
    const rows = shown.map(({ character, onStage }) => this.#row(character.id, onStage));
    arrange(byId("rows"), rows);
    byId("nobody").hidden = rows.length > 0;
    paintStage(byId("roster"), shown, tiers);
    paintScores(byId("scores"), shown);
  }

  #row(id, onStage) {
    if (!this.#rows.has(id)) this.#rows.set(id, newRow(id));
    const row = this.#rows.get(id);
    const character = this.character(id);
    const own = this.queue.entries.filter(({ who }) => who === id);
    const notes = { pending: own.filter(({ state }) => state === "queued"), failed: own.filter(({ state }) => state === "failed") };
    const look = JSON.stringify([character, onStage, notes]);
    if (this.#painted.get(id) !== look) paintRow(row, character, onStage, notes);
    this.#painted.set(id, look);
    return row;
  }

  #paintKeys() {
    const { chosen } = this;
    this.#keys.dataset.mode = this.field("mode");
    paintTray(byId("tray"), chosen, this.field("mode"));
    paintKinds(this.#keys, chosen);
    paintConditions(this.#keys, chosen);
    byId("count").textContent = chosen.length ? `${chosen.length} chosen` : "";
    for (const button of this.#form.querySelectorAll("[data-all]")) button.textContent = chosen.length ? "Select none" : "Select all";
  }

  #paintEpisode() {
    const { episode } = this.state;
    const clock = document.querySelector("[data-part=clock]");
    clock.hidden = !episode;
    clock.querySelector("[data-part=episode]").textContent = episode ? `Episode ${episode.number}` : "";
    clock.querySelector("time").dataset.started = episode?.startedAt ?? "";
    if (episode) this.#begun.add(episode.number);
    const planned = this.#planned.filter(({ number }) => !this.#begun.has(number));
    const way = this.queue.waiting.find(({ path }) => path.startsWith("episodes/"));
    paintEpisode(byId("episode"), episode, { planned, plan: this.#plan, way });
    this.#tick();
  }

  #paintLog() {
    const { entries, sending } = this.queue;
    const started = Date.parse(this.state.episode?.startedAt ?? "") || null;
    paintLog(byId("log"), { lines: this.#lines, entries, sending, nameOf: this.nameOf, started });
    byId("log-empty").hidden = byId("log").children.length > 0;
    this.#paintLast();
  }

  // The thumb's own line: the newest of what is on its way, else of what has happened.
  #paintLast() {
    const line = byId("last");
    const entry = this.queue.entries.filter(({ path }) => path !== "undo").at(-1);
    const newest = this.#lines[0];
    const what = line.querySelector(".what");
    const going = this.queue.waiting.some(({ path, body }) => path === "undo" && body.seq === newest?.seq);
    what.textContent = this.#notice || this.#lastWords(entry, newest, going);
    what.toggleAttribute("data-none", !entry && !newest);
    what.toggleAttribute("data-notice", this.#notice !== "");
    const undo = line.querySelector("[data-undo-last]");
    undo.hidden = going || (!entry && !newest) || (entry && (entry === this.queue.sending || entry.tries > 0));
    undo.value = newest ? `undo ${newest.seq}` : "";
    undo.dataset.drop = entry && !undo.hidden ? entry.key : "";
  }

  #lastWords(entry, newest, going) {
    if (entry) return `${this.nameOf(entry.who)} ${entry.label}`.trim();
    if (going) return `Taking back: ${newest.text}`;
    return newest?.text ?? "Nothing has happened yet.";
  }

  #paintNet() {
    const { queue, stream } = this;
    const lostFor = this.#lostAt === null ? 0 : Date.now() - this.#lostAt;
    paintNet(byId("net"), {
      connection: stream.connection, waiting: queue.waiting.length, failed: queue.failed.length, trouble: queue.trouble, lostFor,
    });
  }

  #tick() {
    const time = document.querySelector("[data-part=clock] time");
    const started = Date.parse(time.dataset.started);
    time.textContent = Number.isNaN(started) ? "" : clockText(Date.now(), started);
  }

  get #sendsTurn() {
    return this.queue.waiting.filter(({ path }) => path === "initiative/next").length;
  }

  say(text) {
    byId("heard").textContent = text;
  }

  // --- what is done ---

  do(value) {
    this.#notice = "";
    try {
      const entries = entriesOf(value, this);
      for (const entry of entries) this.queue.add(entry);
      if (value.startsWith("move")) this.say(entries[0].label);
    } catch (refused) {
      if (!(refused instanceof Refused)) throw refused;
      this.#refuse(refused.message);
      return;
    }
    if (spends(value)) this.#spent();
    else if (/^(roll|cue|condition$)/.test(value)) this.#emptied();
  }

  // Stands on the thumb's line until something else is done.
  #refuse(text) {
    this.say(text);
    this.#notice = text;
    this.paint();
  }

  #spent() {
    this.choose(() => false);
    this.#keys.querySelector("[name=range]").checked = true;
    turnPage(this.#keys, 0);
    this.#typing(false);
  }

  #emptied() {
    for (const name of ["roll_label", "roll_total", "cue", "condition", "rounds"]) this.#form.elements.namedItem(name).value = "";
  }

  /** wanted(id): whether this one is to be in the light. */
  choose(wanted) {
    for (const box of this.#form.querySelectorAll("#rows [name=who]")) box.checked = wanted(box.value, box.checked);
    this.#forgetShares();
    this.paint();
  }

  toggleAll() {
    const none = this.chosen.length === 0;
    this.choose((id) => none && (this.roster.ids.includes(id) || this.roster.ids.length === 0));
  }

  #forgetShares() {
    for (const id of [...this.#shares.keys()]) if (!this.chosen.some((one) => one.id === id)) this.#shares.delete(id);
  }

  nextShare(id) {
    const share = this.#shares.get(id) ?? "full";
    this.#shares.set(id, SHARES[(SHARES.indexOf(share) + 1) % SHARES.length]);
    this.paint();
  }

  mode(name) {
    this.#form.querySelector(`[name=mode][value=${name}]`).checked = true;
    this.#keys.dataset.mode = name; // now: what is asked to take the focus has to be in sight
    this.paint();
  }

  #typing(open) {
    const typed = document.querySelector(".typed");
    typed.hidden = !open;
    byId("type").setAttribute("aria-expanded", String(open));
    byId("number").value = "";
    if (open) byId("number").focus();
    else byId("number").blur(); // what is hidden loses the focus only when it is drawn, and would take the next key
  }

  // --- what is heard ---

  #listen() {
    this.stream.addEventListener("state", ({ detail }) => this.#heard(detail.applied));
    this.stream.addEventListener("status", ({ detail }) => this.#connected(detail.connection));
    this.stream.addEventListener("overlays", ({ detail }) => {
      this.#sources = detail;
      this.#heardSources = Date.now();
      this.#paintSources();
    });
    this.stream.addEventListener("gone", () => location.reload());
    this.queue.addEventListener("change", () => {
      this.#countWaiting();
      this.paint();
    });
    this.queue.addEventListener("answered", ({ detail }) => this.#answer(detail));
    window.addEventListener("online", () => this.queue.wake());
    setInterval(() => {
      this.#tick();
      this.#paintSources();
      this.#paintNet();
    }, 1000);
  }

  // At once, not with the next frame: whoever looks right after a press may not find that all is done.
  #countWaiting() {
    this.#form.dataset.waiting = this.queue.waiting.length;
  }

  #paintSources() {
    paintSources(this.#sources.overlays, (Date.now() - this.#heardSources) / 1000);
  }

  #connected(connection) {
    if (connection === "open") {
      this.#lostAt = null;
      this.queue.wake();
    } else if (connection === "waiting") this.#lostAt ??= Date.now();
    this.paint();
  }

  #answer({ entry, answer }) {
    if (entry.who && answer?.stats && answer.seq > this.#seq) this.#answered[entry.who] = { seq: answer.seq, stats: answer.stats };
  }

  #heard(applied) {
    for (const { message, before, after, age } of applied) {
      if (message.type === "BOOTSTRAP") continue;
      const known = this.#lines;
      this.#lines = linesAfter(known, message, after.characters.find(({ id }) => id === message.data?.characterId)?.name ?? "", before);
      if (this.#lines[0] !== known[0] && age < FRESH_MS && this.#lines.length >= known.length) this.say(this.#lines[0].text);
    }
    this.paint();
  }

  #csrf() {
    const cookie = document.cookie.split("; ").find((one) => one.startsWith("csrftoken="));
    return cookie?.slice("csrftoken=".length) ?? this.#form.elements.namedItem("csrfmiddlewaretoken").value;
  }

  // --- the page ---

  #enhance() {
    this.#keys.classList.add("scripted");
    document.body.classList.add("scripted-page");
    for (const button of document.querySelectorAll("[data-all], [data-help], #clear, .pages")) button.hidden = false;
    // Who types an amount already goes on typing.
    if (byId("number").value === "" && document.activeElement !== byId("number")) this.#typing(false);
    else byId("type").setAttribute("aria-expanded", "true");
    this.#form.addEventListener("submit", (event) => this.#submitted(event));
    this.#form.addEventListener("click", (event) => this.#clicked(event));
    this.#form.addEventListener("change", (event) => this.#changed(event));
    draggable(byId("roster"), { moved: (id, index) => this.do(`move ${id} ${index}`), cancelled: () => this.paint() });
    keyboard(this.#shortcuts());
    for (const select of this.#form.querySelectorAll("[data-tier]")) if (isTouched(select)) this.#setTier(select); // before this was here
    keepAwake();
  }

  #submitted(event) {
    event.preventDefault();
    const { submitter } = event;
    if (submitter?.dataset.drop) this.queue.drop(submitter.dataset.drop);
    else this.do(submitter?.value || "typed");
  }

  #clicked(event) {
    const button = event.target.closest("button[type=button]");
    if (!button) return;
    if (button.dataset.for) this.nextShare(button.dataset.for);
    else if (button.dataset.retry) this.queue.retry(button.dataset.retry);
    else if (button.dataset.drop) this.queue.drop(button.dataset.drop);
    else if ("all" in button.dataset) this.toggleAll();
    else if ("help" in button.dataset) byId("help").showModal();
    else if (button.id === "clear") this.choose(() => false);
    else if (button.id === "type") this.#typing(document.querySelector(".typed").hidden);
  }

  #changed({ target }) {
    if (target.name === "range") turnPage(this.#keys, target.value);
    if (target.name === "kind") target.parentElement.scrollIntoView({ block: "nearest", inline: "center" });
    if (target.matches("[data-tier]")) this.#setTier(target);
    if (target.name === "who") {
      this.#notice = "";
      this.#forgetShares();
    }
    this.paint();
  }

  #setTier(select) {
    this.do(`tier ${select.closest("li").dataset.character}`);
  }

  #shortcuts() {
    const typed = (mode) => () => {
      this.mode(mode);
      this.#typing(true);
    };
    const dying = (result) => () => this.chosen.filter(({ stats }) => stats.hp.max && stats.hp.current === 0).forEach(({ id }) => this.do(`save ${id} ${result}`));
    return {
      choose: (index) => byId("rows").children[index]?.querySelector("[name=who]").click(),
      a: () => this.toggleAll(),
      d: typed("damage"),
      h: typed("heal"),
      t: typed("temp"),
      c: () => {
        this.mode("cond");
        this.#keys.querySelector("[data-condition]").focus();
      },
      i: () => this.do("inspire"),
      f: () => this.chosen.forEach(({ id }) => this.nextShare(id)),
      s: dying("success"),
      x: dying("failure"),
      u: () => {
        const undo = byId("last").querySelector("[data-undo-last]");
        if (undo.hidden) this.#refuse("Nothing can be undone just now.");
        else undo.click();
      },
      n: () => document.querySelector(".turns:not([hidden]) .next")?.click(),
      o: () => this.chosen.forEach(({ id }) => this.do(`stage ${id} ${this.roster.ids.includes(id) ? "off" : "on"}`)),
      r: () => byId("roll").focus(),
      e: () => byId("cue").focus(),
      l: () => byId("h-log").focus(),
      Escape: () => this.choose(() => false),
      "?": () => byId("help").showModal(),
    };
  }
}

new Desk(embedded("settings"), embedded("bootstrap"));
