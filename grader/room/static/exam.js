// The exam page: which screen is on, the question in hand, the overview, the clock and handing in.
// Beyond 400 lines, since all of it turns on one state: who writes, what is open, and how long still.

import { h, html, icon, remembered, show, tell } from "./dom.js";
import { field, isAnswer } from "./questions.js";
import { call, Saver } from "./saver.js";
import { askCode, askElsewhere, askStart, facts, showPause, showReceipt, tellOnly } from "./screens.js";
import { STRINGS, dayTime } from "./strings.js";

const RESYNC_S = 15;
const PAUSE_RESYNC_S = 5;
const LAST_FLUSH_S = 2;
const WARN_MIN = [10, 5, 1];
const ROOT_SIZE = 112.5;

const root = document.documentElement.dataset;
const { seat, language } = root;
const t = STRINGS[language] || STRINGS.en;
const title = document.getElementById("title").textContent;

// A page names itself, and only the page that started last may write: an older one is told so. The tab remembers its
// name, so that a reload is no other page.
const shelf = `academy:page:${seat}`;
const page = crypto.getRandomValues(new Uint32Array(2)).join("-");
let name = remembered("sessionStorage", shelf) || page;

let view = null; // what the room said last: paper, state, receipt
let clock = { offset: 0, deadline: 0, extra: 0, told: new Set(), next: 0 };
let bar = null;
let saver = null;
let here = 0;
let ticking = null;
let leaving = false;

// --- which screen ---------------------------------------------------------------------------------------------------

async function refresh() {
  const [status, answer] = await call("GET", `seats/${seat}?page=${name}`);
  if (status === 200) return open(answer);
  if (status === 403) return lock();
  if (status === 401) return loginAgain("");
  if (!view) tellOnly(t.seat, status ? said(answer) : t.cannotLoad);
  if (status === 0 || status >= 500) setTimeout(refresh, 3000);
  return undefined;
}

function lock() {
  if (document.getElementById("code")) return; // asked already: leave what is being typed
  rest();
  askCode(t, { seat, title }, async (code) => {
    const [status, answer] = await call("POST", `seats/${seat}/enter`, { code });
    if (status === 200) return void (await refresh());
    if (status === 429) return t.enterWait((answer.message.match(/\d+/) || ["30"])[0]);
    return status === 403 ? t.enterWrong : said(answer) || t.cannotLoad;
  });
}

/** A sentence of the room in the language of the seat. */
function said(answer) {
  return language === "zh" ? answer.zh : answer.message;
}

async function open(answer) {
  view = answer;
  document.documentElement.style.fontSize = `${(ROOT_SIZE * (view.accommodations.type_percent || 100)) / 100}%`;
  document.getElementById("who").textContent = `${view.paper.candidate.name} · ${t.seat} ${seat}`;
  setClock(view.state);
  const status = view.state.status;
  if (view.elsewhere && ["running", "paused"].includes(status)) return elsewhere();
  if (status === "running" && view.state.remaining_s > 0) return comeBack();
  stopClock();
  if (status === "paused") return pause();
  document.getElementById("facts").hidden = true;
  if (status === "handed-in") {
    if (saver) saver.close();
    notice(null);
    return showReceipt(t, language, view);
  }
  if (status === "running") { // the time is over, and the room is about to hand in
    setTimeout(refresh, 700);
    return tellOnly(t.ending, t.endingText);
  }
  if (status === "missed") return tellOnly(t.missed, t.missedText(dayTime(view.closes_at, language)));
  if (status === "waiting") {
    setTimeout(refresh, 5000);
    return tellOnly(t.waiting, t.waitingText(dayTime(view.opens_at, language)));
  }
  return askStart(t, language, view, begin);
}

async function begin() {
  const [status, answer] = await claim();
  if (status !== 200) return status ? said(answer) : t.cannotLoad;
  if (!writes(answer)) return void (await open(answer));
  view = answer;
  setClock(view.state);
  return sit(false);
}

/** Whether the room lets this page write: the seat may have been paused, handed in or taken over meanwhile. */
function writes(answer) {
  return answer.state.status === "running" && answer.state.remaining_s > 0 && !answer.elsewhere;
}

/** From now on this page writes. */
async function claim() {
  const reply = await call("POST", `seats/${seat}/start`, { page });
  if (reply[0] === 200) remembered("sessionStorage", shelf, (name = page));
  return reply;
}

async function comeBack() {
  if (view.mine && saver && !saver.paused && document.getElementById("question")) { // the page never went away
    saver.recover(view.state.times);
    return saver.retry();
  }
  if (!view.mine || name !== page) {
    const [status, answer] = await claim();
    if (status !== 200) return setTimeout(refresh, 1000);
    if (!writes(answer)) return open(answer);
    view = answer;
  }
  return sit(true);
}

/** Another page has this seat: say so, and let the candidate choose to go on here. */
function elsewhere() {
  if (document.getElementById("take-over")) return;
  rest();
  notice(null);
  document.getElementById("facts").hidden = true;
  askElsewhere(t, Boolean(saver), comeBack);
}

/** Stop everything that this page does by itself; what is not sent stays on this computer. */
function rest() {
  stopClock();
  if (saver) saver.pause();
  const dialog = document.querySelector("dialog[open]");
  if (dialog) dialog.close();
}

/** The clock stands: by an invigilator, or for a break of the candidate's own. */
function pause() {
  rest();
  notice(null);
  document.getElementById("facts").hidden = true;
  const own = view.state.pause.break;
  const goOn = async () => {
    const [status, answer] = await call("POST", `seats/${seat}/break`, { on: false, page: name });
    return status === 200 ? void (await open(answer)) : said(answer) || t.cannotLoad;
  };
  showPause(t, language, view, own ? goOn : null);
  const until = own ? Date.parse(view.state.pause.until) - roomNow() + 500 : Infinity;
  setTimeout(refresh, Math.max(500, Math.min(PAUSE_RESYNC_S * 1000, until)));
}

async function takeBreak() {
  saver.flush();
  const [status, answer] = await call("POST", `seats/${seat}/break`, { on: true, page: name });
  if (status === 200) await open(answer);
  else notice(said(answer) || t.cannotLoad, null, "bad");
}

function sit(again) {
  const { paper, state } = view;
  bar = facts(t, language, document.getElementById("facts"));
  const fresh = !saver;
  if (fresh) saver = new Saver({ seat, sitting: paper.sitting, page, now: roomNow, tellState, refused, acknowledged });
  saver.paused = false;
  const kept = saver.recover(state.times);
  for (const [slot, change] of Object.entries(kept)) {
    if ("value" in change) state.answers[slot] = change.value;
    if ("flag" in change) state.flags = state.flags.filter((one) => one !== slot).concat(change.flag ? [slot] : []);
  }
  bar.saveLine(saver.clean ? "saved" : "saving", state.saved_at);
  if (fresh) here = Math.max(0, again ? paper.questions.findIndex((question) => !isAnswer(state.answers[question.slot])) : 0);
  if (again && !fresh) notice(t.goesOn, null, "calm");
  else if (again && state.saved_at) notice(Object.keys(kept).length ? t.backSent : t.back, null, "calm");
  drawQuestion();
  startClock();
}

// --- the clock ------------------------------------------------------------------------------------------------------

function setClock(state) {
  clock.offset = Date.parse(state.now) - performance.now();
  clock.deadline = state.deadline ? Date.parse(state.deadline) : 0;
  if (state.status === "running" && state.extra_min > clock.extra && clock.seen) {
    notice(t.extra(state.extra_min - clock.extra));
    clock.told.clear();
  }
  if (state.status !== "paused") clock.extra = state.extra_min; // told when the exam goes on
  clock.seen = true;
  clock.next = performance.now() + RESYNC_S * 1000;
}

function roomNow() {
  return performance.now() + clock.offset;
}

function startClock() {
  stopClock();
  ticking = setInterval(tick, 250);
  tick();
}

function stopClock() {
  clearInterval(ticking);
  ticking = null;
}

function tick() {
  const seconds = Math.max(0, Math.ceil((clock.deadline - roomNow()) / 1000));
  bar.clock(seconds);
  const passed = WARN_MIN.filter((minutes) => seconds <= minutes * 60 && seconds > 0 && !clock.told.has(minutes));
  if (passed.length) {
    passed.forEach((minutes) => clock.told.add(minutes));
    if (view.paper.minutes > Math.min(...passed)) notice(t.warning(Math.max(1, Math.floor((seconds + 5) / 60))), [], "time"); // a clock that was read a moment late is no minute less
  }
  if (seconds <= LAST_FLUSH_S && !saver.clean) saver.flush();
  if (seconds === 0) return timeIsOver();
  if (performance.now() > clock.next) resync();
  return undefined;
}

async function resync() {
  clock.next = performance.now() + RESYNC_S * 1000;
  const [status, answer] = await call("GET", `seats/${seat}/clock?page=${name}`);
  if (status === 200) setClock(answer);
  const moved = status === 200 && (answer.status !== "running" || !answer.mine);
  if (moved || status === 401 || status === 403) await refresh(); // a login or a code that ended is told before the next answer
}

function timeIsOver() {
  stopClock();
  const dialog = document.querySelector("dialog[open]");
  if (dialog) dialog.close();
  tellOnly(t.ending, t.endingText);
  setTimeout(refresh, 1200);
}

// The bar grows with the letters and on a narrow screen: a notice stays below it, in sight wherever one has scrolled.
new ResizeObserver(([bar]) => document.documentElement.style.setProperty("--bar", `${bar.target.offsetHeight}px`))
  .observe(document.getElementById("bar"));

document.addEventListener("visibilitychange", () => {
  if (ticking && document.visibilityState === "visible") resync();
});

// --- what is told ---------------------------------------------------------------------------------------------------

function notice(text, buttons = null, kind = "") {
  const box = document.getElementById("notice");
  box.hidden = !text;
  if (!text) return;
  box.className = `notice ${kind}`;
  const dismiss = h("button", { type: "button", class: "quiet", onclick: () => { box.hidden = true; focusQuestion(); } }, t.ok);
  box.replaceChildren(icon(kind === "time" ? "clock" : kind === "bad" ? "warn" : "check"), h("p", {}, text), ...(buttons && buttons.length ? buttons : [dismiss]));
  tell(text);
}

/** The login has ended: by this button the page goes without the browser asking, since what was written is kept. */
function loginAgain(kind) {
  const reload = () => { leaving = true; location.reload(); };
  notice(t.loginAgain, [h("button", { type: "button", class: "quiet", id: "reload", onclick: reload }, t.reload)], kind);
}

/** What the room says to a saved answer: how a number is read, where that may not be what was meant. */
function acknowledged(slot, answer) {
  if (answer.hint) view.hints[slot] = answer.hint;
  else delete view.hints[slot];
  const place = document.getElementById(`${slot}-hint`);
  if (place) place.textContent = view.hints[slot] || "";
}

let lastTold = "saved";

function tellState(state, at) {
  bar.saveLine(state, at);
  if (state === "not-saved" && lastTold !== "not-saved") tell(t.notSavedHeard);
  if (state === "saved" && lastTold === "not-saved") tell(t.savedAgain);
  if (state !== "saving") lastTold = state;
}

function refused(slot, status) {
  if (status === 401) loginAgain("bad");
  else if (status === 403 || status === 409) refresh();
  else notice(t.refused(view.paper.questions.findIndex((question) => question.slot === slot) + 1), null, "bad");
}

// --- the question ---------------------------------------------------------------------------------------------------

function focusQuestion() {
  const heading = document.querySelector("#question h1");
  if (heading) heading.focus();
}

function go(index) {
  saver.flush();
  here = index;
  drawQuestion();
}

function drawQuestion() {
  const { questions } = view.paper;
  const question = questions[here];
  const last = here === questions.length - 1;
  const answer = h("div", { class: "answer" });
  const clear = h("button", { type: "button", class: "plain", onclick: () => { setValue(question, null); fill(); tell(t.cleared); answer.querySelector("input, textarea, select, button").focus(); } }, t.clear);
  function fill() {
    answer.replaceChildren(field(question, view.state.answers[question.slot], t, (value, typing) => setValue(question, value, typing), view.hints[question.slot]));
  }
  fill();
  show(
    h("div", { class: "exam" },
      h("section", { id: "question", class: "card question", "aria-labelledby": "number" },
        h("div", { class: "question-head" },
          h("h1", { id: "number" }, t.question(here + 1, questions.length)),
          h("span", { class: "points" }, t.points(question.points)),
          flagButton(question)),
        html("div", { id: "stem", class: "stem" }, question.stem_html),
        answer,
        h("nav", { class: "moves", "aria-label": t.question(here + 1, questions.length) },
          here > 0 ? h("button", { type: "button", class: "button second", id: "previous", onclick: () => go(here - 1) }, icon("left"), t.previous) : null,
          h("a", { class: "button second to-overview", href: "#overview" }, icon("grid"), t.overview),
          clear,
          last ? h("button", { type: "button", class: "button", id: "hand-in", onclick: askHandIn }, t.toHandIn)
            : h("button", { type: "button", class: "button", id: "next", onclick: () => go(here + 1) }, t.next, icon("right")))),
      overview()),
  );
  document.title = `${here + 1}/${questions.length} · ${title}`;
}

function setValue(question, value, typing = false) {
  if (value === null) delete view.state.answers[question.slot];
  else view.state.answers[question.slot] = value;
  saver.change(question.slot, { value }, typing);
  drawOverview();
}

function flagButton(question) {
  const { state } = view;
  const button = h("button", { type: "button", class: "flag", id: "flag", "aria-label": t.flagHelp(here + 1) });
  const draw = () => {
    const on = state.flags.includes(question.slot);
    button.setAttribute("aria-pressed", String(on));
    button.replaceChildren(icon("flag"), on ? t.flagged : t.flag);
  };
  button.addEventListener("click", () => {
    const on = !state.flags.includes(question.slot);
    state.flags = state.flags.filter((one) => one !== question.slot).concat(on ? [question.slot] : []);
    saver.change(question.slot, { flag: on });
    draw();
    drawOverview();
  });
  draw();
  return button;
}

// --- the overview ---------------------------------------------------------------------------------------------------

function overview() {
  const { paper } = view;
  const aside = h("aside", { class: "side", id: "overview", tabIndex: -1, "aria-label": t.overview },
    h("div", { class: "card" },
      h("h2", {}, icon("grid"), t.overview), h("p", { class: "hint", id: "count-answered" }),
      h("ol", { class: "cells", id: "cells" }),
      h("ul", { class: "legend" },
        h("li", {}, h("span", { class: "cell done", "aria-hidden": "true" }), t.isAnswered),
        h("li", {}, h("span", { class: "cell", "aria-hidden": "true" }), t.isOpen),
        h("li", {}, h("span", { class: "cell flagged", "aria-hidden": "true" }, icon("flag")), t.isFlagged)),
      h("button", { type: "button", class: "button second wide", id: "hand-in-side", onclick: askHandIn }, t.toHandIn)),
    paper.practical ? practical(paper.practical) : null,
    view.state.break_left_s > 0 ? ownBreak() : null);
  queueMicrotask(drawOverview);
  return aside;
}

function practical(about) {
  return h("div", { class: "card" }, h("h2", {}, t.practical), h("p", {}, about.title),
    view.practical_url ? h("a", { class: "button second wide", href: view.practical_url, target: "_blank", id: "practical" }, t.openPractical, h("span", { class: "heard-only" }, t.newTab)) : null,
    h("p", { class: "hint" }, t.rulePractical));
}

function ownBreak() {
  return h("div", { class: "card" }, h("h2", {}, icon("pause"), t.breakTitle), h("p", {}, t.breakLeft(Math.floor(view.state.break_left_s / 60), view.state.break_left_s % 60)),
    h("button", { type: "button", class: "button second wide", id: "break", onclick: takeBreak }, t.breakTake),
    h("p", { class: "hint" }, t.breakHelp));
}

function drawOverview() {
  const { paper, state } = view;
  const cells = document.getElementById("cells");
  if (!cells) return;
  const held = cells.contains(document.activeElement) ? [...cells.children].indexOf(document.activeElement.parentNode) : -1;
  cells.replaceChildren(...paper.questions.map((question, index) => {
    const done = isAnswer(state.answers[question.slot]);
    const flagged = state.flags.includes(question.slot);
    const said = [t.question(index + 1, paper.questions.length), done ? t.isAnswered : t.isOpen, flagged && t.isFlagged].filter(Boolean);
    const cell = h("button", { type: "button", class: `cell${done ? " done" : ""}${flagged ? " flagged" : ""}`, "aria-label": said.join(", "), "aria-current": index === here ? "step" : null, onclick: () => go(index) },
      String(index + 1), flagged ? icon("flag") : null);
    return h("li", {}, cell);
  }));
  if (held >= 0) cells.children[held].firstChild.focus();
  document.getElementById("count-answered").textContent = t.answeredOf(paper.questions.filter((question) => isAnswer(state.answers[question.slot])).length, paper.questions.length);
}

// --- handing in -----------------------------------------------------------------------------------------------------

function askHandIn() {
  saver.flush();
  const { paper, state } = view;
  const list = (label, wanted) => {
    const found = paper.questions.map((question, index) => [question, index]).filter(([question]) => wanted(question));
    if (!found.length) return null;
    return h("div", { class: "listed" }, h("p", {}, h("strong", {}, label(found.length))),
      h("ul", { class: "jump" }, found.map(([, index]) => h("li", {}, h("button", { type: "button", class: "cell", "aria-label": t.question(index + 1, paper.questions.length), onclick: () => { dialog.close(); go(index); } }, String(index + 1))))));
  };
  const unanswered = list(t.handInOpen, (question) => !isAnswer(state.answers[question.slot]));
  const flagged = list(t.handInFlagged, (question) => state.flags.includes(question.slot));
  const problem = h("p", { class: "problem", role: "alert" });
  const stay = h("button", { type: "button", class: "button second", id: "stay", onclick: () => dialog.close() }, t.goBack);
  const hand = h("button", { type: "button", class: "button", id: "hand-in-now", onclick: () => handIn(dialog, hand, problem) }, t.handIn);
  const dialog = h("dialog", { "aria-labelledby": "hand-in-title", onclose: () => dialog.remove() },
    h("h2", { id: "hand-in-title" }, t.handInTitle),
    unanswered, flagged, unanswered || flagged ? null : h("p", { class: "all" }, icon("check"), t.handInAll),
    paper.practical ? h("p", {}, t.handInPractical) : null,
    h("p", {}, t.handInFinal), problem, h("div", { class: "moves" }, stay, hand));
  document.body.append(dialog);
  dialog.showModal();
  stay.focus();
}

async function handIn(dialog, button, problem) {
  if (button.textContent !== t.handIn) return; // pressed already
  problem.textContent = "";
  button.textContent = t.handingIn;
  const all = await saver.settle();
  if (!dialog.open) return; // the candidate went back meanwhile, or the seat was taken over
  const [status, answer] = all ? await call("POST", `seats/${seat}/hand-in`, { page: name }) : [];
  button.textContent = t.handIn;
  if (!all) {
    problem.textContent = t.notAllSaved;
  } else if (status === 200) {
    dialog.close();
    await refresh();
  } else {
    problem.textContent = status ? said(answer) : t.handInFailed;
  }
}

document.getElementById("skip").textContent = t.skip;
document.getElementById("notice").setAttribute("aria-label", t.notice);
document.getElementById("who").textContent = `${t.seat} ${seat}`;
document.getElementById("main").addEventListener("focusout", () => { if (saver && !saver.clean) saver.flush(); });
window.addEventListener("pagehide", () => { if (view) call("POST", `seats/${seat}/leave`, { page: name }, { keepalive: true }); }); // after what the saver sends
window.addEventListener("beforeunload", (event) => { if (saver && !saver.clean && !leaving) event.preventDefault(); });
tellOnly(title, t.loading);
refresh();
