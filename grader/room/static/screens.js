// The screens around the questions: access code, start, waiting, closed, receipt.

import { h, icon, show } from "./dom.js";
import { clockTime, dayTime } from "./strings.js";

const MINUTE_S = 60;
const SHORT_CODE = 16;

/** Ask for the access code; `enter(code)` resolves to an error sentence, or to nothing when the seat is open. */
export function askCode(t, { seat, title }, enter) {
  const problem = h("p", { id: "problem", class: "problem", role: "alert" });
  const input = h("input", { id: "code", type: "text", autocomplete: "off", autocapitalize: "characters", spellcheck: "false", maxlength: "64", required: true, class: "code", "aria-describedby": "code-help problem" });
  const button = h("button", { type: "submit", class: "button" }, t.enterButton, icon("right"));
  const submit = async (event) => {
    event.preventDefault();
    if (!input.value.trim()) {
      problem.textContent = t.enterEmpty;
    } else {
      button.setAttribute("aria-busy", "true");
      problem.textContent = (await enter(input.value)) || "";
      button.removeAttribute("aria-busy");
    }
    input.setAttribute("aria-invalid", String(Boolean(problem.textContent)));
    if (problem.textContent) input.focus();
  };
  show(h("section", { class: "card narrow" },
    h("p", { class: "over" }, `${t.seat} ${seat}`),
    h("h1", {}, t.enterTitle),
    h("p", { class: "lead" }, title),
    h("form", { onsubmit: submit, novalidate: true },
      h("label", { for: "code" }, t.enterCode), input, h("p", { class: "hint", id: "code-help" }, t.enterHelp), problem, button)));
}

/** Say what will happen; `start()` begins the exam. */
export function askStart(t, language, view, start) {
  const { paper, state } = view;
  const minutes = Math.max(1, Math.floor(state.remaining_s / MINUTE_S));
  const facts = [
    [t.factTime, t.minutes(Math.floor(paper.minutes))],
    [t.factQuestions, t.questions(paper.count, paper.points)],
    paper.practical && [t.factPractical, t.practicalFact(paper.practical.title, paper.practical.minutes)],
    view.closes_at && [t.factCloses, dayTime(view.closes_at, language)],
    state.extra_min > 0 && [t.factExtra, t.minutes(Math.floor(state.extra_min))],
    state.break_left_s > 0 && [t.factBreaks, t.breaksFact(Math.floor(state.break_left_s / 60))],
  ].filter(Boolean);
  const problem = h("p", { id: "problem", class: "problem", role: "alert" });
  const tick = h("input", { type: "checkbox", id: "honour", "aria-describedby": "problem", onchange: () => { problem.textContent = ""; } });
  const begin = async (event) => {
    event.preventDefault();
    if (tick.checked) {
      problem.textContent = (await start()) || "";
    } else {
      problem.textContent = t.honourMissing;
      tick.focus();
    }
  };
  show(h("section", { class: "card" },
    h("p", { class: "over" }, [`${t.seat} ${paper.seat}`, t.purpose[paper.purpose]].filter(Boolean).join(" · ")),
    h("h1", {}, t.hello(paper.candidate.name)),
    h("p", { class: "lead" }, t.startLead),
    h("dl", { class: "facts" }, facts.map(([name, value]) => h("div", {}, h("dt", {}, name), h("dd", {}, value)))),
    minutes < Math.floor(paper.minutes) ? h("p", { class: "problem" }, t.shorter(minutes)) : null,
    h("h2", {}, t.rulesTitle),
    h("ul", { class: "rules" }, [...t.rules, ...(paper.practical ? [t.rulePractical] : []), ...(paper.trial ? [t.ruleTrial] : [])].map((rule) => h("li", {}, icon("check"), h("span", {}, rule)))),
    h("form", { onsubmit: begin, novalidate: true, class: "begin" },
      h("label", { class: "option", for: "honour" }, tick, h("span", { class: "words" }, t.honour)), problem,
      h("button", { type: "submit", class: "button large" }, t.start, icon("right")))));
}

/** A screen with nothing to do: not open yet, closed, time over. */
export function tellOnly(title, text) {
  show(h("section", { class: "card narrow" }, icon("clock"), h("h1", {}, title), h("p", { class: "lead" }, text)));
}

/** The clock stands. `goOn()` ends a break of the candidate's own; null while an invigilator has stopped the exam. */
export function showPause(t, language, view, goOn) {
  const { state } = view;
  const left = h("strong", {}, digits(state.remaining_s));
  const problem = h("p", { class: "problem", role: "alert" });
  const until = goOn && clockTime(state.pause.until, language);
  const known = document.getElementById("paused");
  if (known && known.dataset.kind === String(Boolean(goOn))) return; // on already: leave the focus where it is
  show(h("section", { class: "card narrow calm", id: "paused", "data-kind": String(Boolean(goOn)) },
    h("span", { class: "medal" }, icon("pause")),
    h("h1", {}, goOn ? t.onBreak : t.paused),
    h("p", { class: "lead" }, goOn ? t.onBreakText(until) : t.pausedText),
    h("dl", { class: "facts one" }, h("div", {}, h("dt", {}, t.timeStands), h("dd", { class: "standing" }, left))),
    problem,
    goOn ? h("button", { type: "button", class: "button large", id: "go-on", onclick: async () => { problem.textContent = (await goOn()) || ""; } }, t.goOn, icon("right")) : null));
}

/** Another window or computer has this seat; `goOn()` takes it back. `was`: this page wrote until a moment ago. */
export function askElsewhere(t, was, goOn) {
  show(h("section", { class: "card narrow" }, icon("warn"),
    h("h1", {}, was ? t.takenOver : t.elsewhere),
    h("p", { class: "lead" }, was ? t.takenOverText : t.elsewhereText),
    h("div", { class: "row" }, h("button", { type: "button", class: "button", id: "take-over", onclick: goOn }, t.takeOver, icon("right")))));
}

function digits(seconds) {
  const part = (value) => String(value).padStart(2, "0");
  const hours = Math.floor(seconds / 3600);
  return `${hours ? `${hours}:` : ""}${part(Math.floor(seconds / 60) % 60)}:${part(seconds % 60)}`;
}

/** What the candidate keeps. */
export function showReceipt(t, language, view) {
  const { receipt, paper } = view;
  const byClock = receipt.how === "clock";
  const short = receipt.digest.slice(0, SHORT_CODE).match(/.{4}/g).join(" ");
  const rows = [
    [t.receiptTime, h("strong", {}, dayTime(receipt.at, language, true))],
    [t.receiptCode, h("strong", { class: "receipt-code" }, short)],
    [t.seat, `${paper.seat} · ${paper.candidate.name}`],
    [t.receiptAnswered, t.answeredOf(receipt.answered, receipt.answered + receipt.unanswered.length)],
    paper.practical && [t.receiptPractical, view.practical_unchanged ? t.practicalUnchanged : receipt.practical ? t.practicalIn : t.practicalOut],
    receipt.note && [t.receiptNote, receipt.note[language]],
  ].filter(Boolean);
  const lines = [paper.title, ...rows.map(([name, value]) => `${name}: ${value.textContent || value}`), `${t.receiptWhole}: ${receipt.digest}`];
  const file = `data:text/plain;charset=utf-8,${encodeURIComponent(`\ufeff${lines.join("\n")}\n`)}`;
  show(h("section", { class: "card narrow receipt" },
    h("span", { class: "medal" }, icon(byClock ? "clock" : "check")),
    h("p", { class: "over" }, paper.title),
    h("h1", {}, byClock ? t.receiptClockTitle : t.receiptTitle),
    h("p", { class: "lead" }, byClock ? t.receiptClockText : t.receiptText),
    h("dl", { class: "facts one" }, rows.map(([name, value]) => h("div", {}, h("dt", {}, name), h("dd", {}, value)))),
    h("p", {}, t.receiptWrite),
    h("p", { class: "hint" }, t.receiptWhole, h("br"), h("code", {}, receipt.digest)),
    h("div", { class: "row" }, h("button", { type: "button", class: "button", id: "print", onclick: () => window.print() }, t.print),
      h("a", { class: "button second", id: "keep", href: file, download: `${paper.seat}-${receipt.digest.slice(0, 8)}.txt` }, icon("save"), t.keepReceipt), h("p", { class: "hint" }, t.leave))));
}

/** The save line and the clock in the bar; returns functions that change them. */
export function facts(t, language, box) {
  const save = h("p", { class: "save", id: "save" }, t.nothingYet);
  const time = h("span", { class: "digits", id: "clock", role: "timer" });
  const left = h("p", { class: "time" }, h("span", { class: "time-label" }, t.timeLeft), time);
  box.replaceChildren(save, left);
  box.hidden = false;
  return {
    saveLine(state, at) {
      const said = { saving: t.saving, saved: at ? t.saved(clockTime(at, language)) : t.nothingYet, "not-saved": t.notSaved }[state];
      save.className = `save ${state}`;
      save.replaceChildren(...(state === "not-saved" ? [icon("warn")] : state === "saved" && at ? [icon("check")] : []), said);
    },
    clock(seconds) {
      time.textContent = digits(seconds);
      left.classList.toggle("soon", seconds <= 600);
      left.classList.toggle("last", seconds <= 300);
    },
  };
}
