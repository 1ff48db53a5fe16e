// The invigilator's page: who sits, who is on, what is left; extra time, pauses and incidents with a reason.

import { h, icon, remembered, show, tell } from "./dom.js";
import { call } from "./saver.js";
import { clockTime, dayTime } from "./strings.js";
import { WORDS } from "./watchwords.js";

const REFRESH_MS = 5000;
const SOON_S = 600;
const KEPT = "academy:language";

const root = document.documentElement;
const { sitting } = root.dataset;
const other = document.getElementById("other");

let language = remembered("localStorage", KEPT) || ((navigator.language || "en").toLowerCase().startsWith("zh") ? "zh" : "en");
let t = WORDS[language];
let view = null;
let offset = 0; // the room's time minus this page's
let shown = "all";
let entered = false;
let old = false;
const drawn = new Map(); // seat -> what its row was drawn from
const alarmed = new Map();

// --- which screen ---------------------------------------------------------------------------------------------------

async function refresh() {
  const [status, answer] = await call("GET", `sittings/${sitting}`);
  if (status === 200) return take(answer);
  if (status === 403) return lock();
  if (status === 401) return location.reload();
  if (view) {
    old = true;
    notice(t.stale(clockTime(view.now, language)), "bad");
  } else show(h("section", { class: "card narrow" }, icon("warn"), h("h1", {}, t.noAnswer), h("p", { class: "lead" }, status ? said(answer) : "")));
  return undefined;
}

function said(answer) {
  return language === "zh" ? answer.zh : answer.message;
}

function take(answer) {
  const first = !entered;
  view = answer;
  entered = true;
  offset = Date.parse(view.now) - performance.now();
  if (old) notice(null);
  old = false;
  if (view.clock_off_s) notice(t.clockOff(view.clock_off_s), "bad");
  if (first) frame();
  draw();
}

function lock() {
  if (document.getElementById("code")) return;
  entered = false;
  const problem = h("p", { id: "problem", class: "problem", role: "alert" });
  const name = h("input", { id: "name", type: "text", autocomplete: "name", maxlength: "60" });
  const code = h("input", { id: "code", type: "text", class: "code", autocomplete: "off", autocapitalize: "characters", spellcheck: "false", maxlength: "64", "aria-describedby": "code-help problem" });
  const submit = async (event) => {
    event.preventDefault();
    problem.textContent = "";
    if (!name.value.trim() || !code.value.trim()) {
      problem.textContent = t.missing;
      (name.value.trim() ? code : name).focus();
      return;
    }
    const [status, answer] = await call("POST", `sittings/${sitting}/enter`, { name: name.value, code: code.value });
    if (status === 200) return void refresh();
    problem.textContent = status === 429 ? t.wait((answer.message.match(/\d+/) || ["30"])[0]) : status === 403 ? t.wrong : said(answer) || t.noAnswer;
    code.setAttribute("aria-invalid", "true");
    code.focus();
  };
  show(h("section", { class: "card narrow" },
    h("p", { class: "over" }, sitting), h("h1", {}, t.enterTitle), h("p", { class: "lead" }, t.enterText),
    h("form", { onsubmit: submit, novalidate: true, class: "enter" },
      h("div", {}, h("label", { for: "name" }, t.name), name),
      h("div", {}, h("label", { for: "code" }, t.code), code, h("p", { class: "hint", id: "code-help" }, t.codeHelp)),
      problem, h("button", { type: "submit", class: "button" }, t.enter, icon("right")))));
}

// --- the frame: drawn once -------------------------------------------------------------------------------------------

function frame() {
  drawn.clear();
  show(
    h("div", { class: "head" },
      h("div", {}, h("h1", { id: "heading" }), h("p", { class: "hint", id: "window" })),
      h("div", { class: "whole", role: "group", "aria-label": t.whole },
        ["pause", "resume", "extra-time", "incident"].map((act) => h("button", { type: "button", class: "button second", "data-act": act, onclick: () => ask(act, null) }, icon(SIGNS[act]), t.wholeActs[act])))),
    h("div", { class: "tiles", id: "tiles", role: "group", "aria-label": t.show }),
    h("section", { class: "card sheet", "aria-labelledby": "seats-title" },
      h("h2", { id: "seats-title", class: "heard-only" }, t.seats),
      h("table", { class: "watch", id: "watch", role: "table" },
        h("thead", { role: "rowgroup" }, h("tr", { role: "row" }, Object.entries(t.columns).map(([name, label]) => h("th", { scope: "col", role: "columnheader", class: `is-${name}` }, label)))),
        h("tbody", { role: "rowgroup", id: "rows" })),
      h("p", { class: "hint", id: "no-rows", hidden: true }, t.none)),
    h("section", { class: "card sheet log", "aria-labelledby": "log-title" },
      h("h2", { id: "log-title" }, t.log),
      h("table", { class: "watch", id: "log", role: "table" },
        h("thead", { role: "rowgroup" }, h("tr", { role: "row" }, Object.values(t.logColumns).map((label) => h("th", { scope: "col", role: "columnheader" }, label)))),
        h("tbody", { role: "rowgroup", id: "lines" })),
      h("p", { class: "hint", id: "no-lines" }, t.logNone)));
}

const SIGNS = { "extra-time": "clock", pause: "pause", resume: "play", incident: "note" };

const GROUPS = {
  all: () => true,
  attention: (seat) => seat.status === "damaged" || (seat.status === "running" && !seat.on),
  working: (seat) => seat.status === "running",
  paused: (seat) => seat.status === "paused",
  ready: (seat) => ["waiting", "open"].includes(seat.status),
  done: (seat) => seat.status === "handed-in",
};

function draw() {
  const title = view.titles[language];
  document.title = `${t.title} · ${sitting}`;
  document.getElementById("title").textContent = t.title;
  document.getElementById("by").textContent = t.by(view.by);
  document.getElementById("heading").textContent = title;
  const sameDay = new Date(view.opens_at).toDateString() === new Date(view.closes_at).toDateString();
  const until = sameDay ? clockTime(view.closes_at, language, false) : dayTime(view.closes_at, language);
  document.getElementById("window").replaceChildren(h("span", { class: `pill ${view.state}` }, t.state[view.state]), ` ${sitting} · ${t.window(dayTime(view.opens_at, language), until)}`);
  drawTiles();
  drawRows();
  drawLog();
  alarm();
  tick();
}

function drawTiles() {
  const box = document.getElementById("tiles");
  const held = box.contains(document.activeElement) ? document.activeElement.dataset.group : null;
  box.replaceChildren(...Object.entries(GROUPS).map(([group, wanted]) => {
    const count = view.seats.filter(wanted).length;
    return h("button", { type: "button", class: `tile ${group}${count ? "" : " none"}`, "data-group": group, "aria-pressed": String(shown === group), onclick: () => { shown = group; drawTiles(); drawRows(); tick(); } },
      h("strong", {}, String(count)), h("span", {}, t.tiles[group]));
  }));
  if (held) box.querySelector(`[data-group="${held}"]`).focus();
}

function drawRows() {
  const rows = document.getElementById("rows");
  const seats = view.seats.filter(GROUPS[shown]);
  const wanted = new Set(seats.map((seat) => seat.seat));
  for (const row of [...rows.children]) {
    if (!wanted.has(row.dataset.seat)) {
      row.remove();
      drawn.delete(row.dataset.seat);
    }
  }
  seats.forEach((seat, index) => {
    const { remaining_s: ignored, ...rest } = seat;
    const state = JSON.stringify(seat.status === "running" ? rest : seat);
    const known = rows.querySelector(`[data-seat="${CSS.escape(seat.seat)}"]`);
    if (known && drawn.get(seat.seat) === state) return;
    const held = known && known.contains(document.activeElement) ? document.activeElement.dataset.act : null;
    const row = seatRow(seat);
    if (known) known.replaceWith(row);
    else rows.insertBefore(row, rows.children[index] || null);
    drawn.set(seat.seat, state);
    if (held) (row.querySelector(`[data-act="${held}"]`) || row.querySelector("button")).focus();
  });
  document.getElementById("no-rows").hidden = seats.length > 0;
}

function seatRow(seat) {
  const over = ["handed-in", "missed"].includes(seat.status);
  const acts = over || seat.status === "damaged" ? ["incident"] : ["extra-time", seat.pause && !seat.pause.break ? "resume" : "pause", "incident"];
  const cell = (name, ...content) => h("td", { role: "cell", class: `is-${name}`, "data-label": t.columns[name] }, content);
  const special = [
    seat.extra_min ? t.extra(seat.extra_min) : null,
    seat.accommodations.break_min ? t.breaks(seat.accommodations.break_min) : null,
    seat.accommodations.type_percent ? t.larger(seat.accommodations.type_percent) : null,
    seat.returns ? t.returns(seat.returns) : null,
    seat.incidents ? t.incidents(seat.incidents) : null,
  ].filter(Boolean);
  return h("tr", { role: "row", "data-seat": seat.seat, class: `seat-row ${seat.status}${GROUPS.attention(seat) ? " look" : ""}` },
    h("th", { scope: "row", role: "rowheader", class: "is-seat" }, h("span", { class: "number" }, seat.seat), h("span", { class: "person" }, seat.name), special.length ? h("span", { class: "special" }, special.join(" · ")) : null),
    cell("state", state(seat)),
    cell("answered", seat.questions ? h("span", { class: "answered" }, t.answered(seat.answered, seat.questions), h("progress", { max: seat.questions, value: seat.answered, "aria-hidden": "true" })) : "–"),
    cell("saved", seat.saved_at ? clockTime(seat.saved_at, language) : h("span", { class: "soft" }, t.never)),
    cell("left", over || !seat.deadline ? (seat.handed_in_at ? t.at(clockTime(seat.handed_in_at, language, false)) : "–")
      : h("span", { class: "left", "data-deadline": seat.status === "running" ? seat.deadline : null, "data-standing": String(seat.remaining_s) }), !over && seat.deadline && seat.status === "running" ? h("span", { class: "soft" }, t.ends(clockTime(seat.deadline, language, false))) : null),
    h("td", { role: "cell", class: "is-acts", "data-label": t.columns.acts }, h("span", { class: "acts" }, acts.map((act) => h("button", { type: "button", class: "act", "data-act": act, "aria-label": t.actOn(t.acts[act], seat.seat), onclick: () => ask(act, seat) }, icon(SIGNS[act]), t.acts[act])))));
}

function state(seat) {
  const pause = seat.pause;
  const words = pause && pause.break ? t.onBreak : t.status[seat.status];
  const more = [];
  if (seat.status === "running") more.push(h("span", { class: seat.on ? "soft" : "off" }, seat.on ? null : icon("warn"), seat.on ? t.on : t.off));
  if (pause) more.push(h("span", { class: "soft" }, `${t.since(clockTime(pause.since, language, false))}${pause.break ? "" : ` · ${pause.reason}`}`));
  if (seat.how === "clock") more.push(h("span", { class: "soft" }, t.byClock));
  if (seat.problem) more.push(h("span", { class: "off" }, t.damagedHelp));
  return [h("span", { class: `pill ${seat.status}` }, seat.status === "damaged" ? icon("warn") : null, words), ...more];
}

function drawLog() {
  const lines = document.getElementById("lines");
  document.getElementById("no-lines").hidden = view.log.length > 0;
  document.getElementById("log").hidden = view.log.length === 0;
  lines.replaceChildren(...view.log.map((line) => {
    const own = line.source === "candidate";
    return h("tr", { role: "row" },
      h("td", { role: "cell", "data-label": t.logColumns.at }, clockTime(line.at, language)), h("td", { role: "cell", "data-label": t.logColumns.seat }, line.seat || t.room),
      h("td", { role: "cell", "data-label": t.logColumns.what }, own ? t.breakDid[line.event] : t.did[line.event](line.minutes)),
      h("td", { role: "cell", "data-label": t.logColumns.reason }, own ? "–" : line.text || t.reasons[line.reason] || line.reason || "–"), h("td", { role: "cell", "data-label": t.logColumns.by }, line.by));
  }));
}

/** A screen reader hears when a seat needs a look that did not need one before. */
function alarm() {
  for (const seat of view.seats) {
    const look = GROUPS.attention(seat);
    if (look && alarmed.has(seat.seat) && !alarmed.get(seat.seat)) tell(t.alerts(seat.seat, seat.status === "damaged" ? t.status.damaged : t.off));
    alarmed.set(seat.seat, look);
  }
}

function tick() {
  if (!entered || !view) return;
  const now = performance.now() + offset;
  const clock = document.getElementById("room-time");
  clock.hidden = false;
  clock.replaceChildren(h("span", { class: "time-label" }, t.roomTime), h("span", { class: "digits" }, clockTime(new Date(now), language)));
  for (const left of document.querySelectorAll(".left")) {
    const seconds = left.dataset.deadline ? Math.max(0, Math.ceil((Date.parse(left.dataset.deadline) - now) / 1000)) : Number(left.dataset.standing);
    const part = (value) => String(value).padStart(2, "0");
    left.textContent = `${Math.floor(seconds / 3600)}:${part(Math.floor(seconds / 60) % 60)}:${part(seconds % 60)}`;
    left.classList.toggle("soon", Boolean(left.dataset.deadline) && seconds <= SOON_S);
  }
}

// --- what is done -----------------------------------------------------------------------------------------------------

function ask(act, seat) {
  const whom = seat ? t.forSeat(seat.seat, seat.name) : act === "incident" ? t.forRoom : t.forAll;
  const problem = h("p", { class: "problem", role: "alert", id: "ask-problem" });
  const minutes = act === "extra-time" ? h("input", { id: "minutes", type: "text", inputmode: "numeric", maxlength: "4", value: "5", "aria-describedby": "ask-problem" }) : null;
  const reason = act === "resume" ? null : h("textarea", { id: "reason", rows: act === "incident" ? "5" : "3", maxlength: "1000", "aria-describedby": "ask-problem" });
  const send = async (event) => {
    event.preventDefault();
    const body = { seat: seat ? seat.seat : null };
    if (minutes) {
      body.minutes = Number(minutes.value.normalize("NFKC"));
      if (!(body.minutes >= 1 && body.minutes <= 1440)) return wrong(t.wantMinutes, minutes);
    }
    if (reason) {
      body.reason = reason.value;
      if (!reason.value.trim()) return wrong(t.wantReason, reason);
    }
    const [status, answer] = await call("POST", `sittings/${sitting}/${act}`, body);
    if (status !== 200) return wrong(status ? said(answer) : t.noAnswer, reason || go);
    dialog.close();
    take(answer);
    const told = t.done(t.dialog[act], whom);
    notice(answer.left_out.length ? `${told} ${t.leftOut(answer.left_out.join(", "))}` : told);
    return undefined;
  };
  const wrong = (sentence, where) => {
    problem.textContent = sentence;
    where.focus();
  };
  const go = h("button", { type: "submit", class: "button", id: "ask-go" }, icon(SIGNS[act]), t.dialog[act]);
  const back = document.activeElement;
  const dialog = h("dialog", { "aria-labelledby": "ask-title", onclose: () => {
    dialog.remove();
    // The row may have been drawn anew, and "Pause" be "Go on" now.
    const row = seat && document.querySelector(`[data-seat="${CSS.escape(seat.seat)}"]`);
    const again = row ? row.querySelector(`[data-act="${act}"]`) || row.querySelector("[data-act='resume'], [data-act='pause'], button") : back;
    if (again) again.focus();
  } },
    h("form", { onsubmit: send, novalidate: true, class: "ask" },
      h("h2", { id: "ask-title" }, t.dialog[act]), h("p", { class: "over" }, whom), h("p", { class: "hint" }, t.explain[act]),
      minutes ? h("div", {}, h("label", { for: "minutes" }, t.minutes), minutes) : null,
      reason ? h("div", {}, h("label", { for: "reason" }, act === "incident" ? t.note : t.reason), reason) : null,
      problem,
      h("div", { class: "moves" }, h("button", { type: "button", class: "button second", onclick: () => dialog.close() }, t.cancel), go)));
  document.body.append(dialog);
  dialog.showModal();
  (minutes || reason || go).focus();
}

function notice(text, kind = "") {
  const box = document.getElementById("notice");
  const same = !box.hidden && box.querySelector("p") && box.querySelector("p").textContent === text;
  box.hidden = !text;
  if (!text || same) return;
  box.className = `notice ${kind}`;
  box.replaceChildren(icon(kind === "bad" ? "warn" : "check"), h("p", {}, text), h("button", { type: "button", class: "quiet", onclick: () => { box.hidden = true; } }, t.ok));
  tell(text);
}

function speak() {
  t = WORDS[language];
  root.lang = language === "zh" ? "zh-CN" : "en";
  other.textContent = t.other;
  other.lang = language === "zh" ? "en" : "zh-CN";
  document.getElementById("skip").textContent = t.skip;
  document.getElementById("notice").setAttribute("aria-label", t.notice);
  document.getElementById("title").textContent = t.title;
}

other.addEventListener("click", () => {
  language = language === "zh" ? "en" : "zh";
  remembered("localStorage", KEPT, language);
  speak();
  notice(null);
  if (entered) {
    frame();
    draw();
  } else {
    document.getElementById("main").replaceChildren();
    refresh();
  }
  other.focus();
});

speak();
await refresh();
setInterval(refresh, REFRESH_MS);
setInterval(tick, 1000);
