// The quiz on the page: steps on top, one question, what was right and why, and the result at the end.

const PATIENCE_MS = 8000;
const LOOK = { right: "check", partly: "part", wrong: "cross" };

function verdict(result) {
  return result.points >= 1 ? "right" : result.points > 0 ? "partly" : "wrong";
}

function render({ model, el }) {
  const all = model.get("questions");
  const uid = `quiz-${Math.random().toString(36).slice(2, 10)}`;
  const drafts = new Map(); // what is chosen or typed and not checked yet
  let language = model.get("language");
  let results = model.get("results");
  let here = firstOpen(0);
  let waiting = null;
  let notice = model.get("restored") ? "restored" : null;
  const t = () => model.get("words")[language];
  const say = (text) => text[language];

  const sheet = h("section", { class: "quiz" });
  const top = h("div", { class: "top" });
  const card = h("div", { class: "card" });
  const heard = h("p", { class: "heard-only", role: "status" });
  sheet.append(top, card, heard);
  el.append(sheet);

  function tell(text) {
    heard.textContent = "";
    requestAnimationFrame(() => { heard.textContent = text; });
  }

  /** The first question without an answer at or after `from`, then from the start; the result when there is none. */
  function firstOpen(from) {
    const order = all.map((_, index) => (from + index) % all.length);
    return order.find((index) => !results[all[index].id]) ?? all.length;
  }

  function button(text, look, onclick, name = null) {
    return h("button", { type: "button", class: look, onclick }, text, name ? icon(name) : null);
  }

  // --- the frame ------------------------------------------------------------------------------------------------------

  function drawTop() {
    const step = (index, state, label, child) => h("li", {}, h("button", {
      type: "button", class: `step-to ${state}`, "aria-current": index === here ? "step" : null, "aria-label": index === here ? `${label} · ${t().here}` : label, title: label, onclick: () => go(index),
    }, child));
    const steps = all.map((question, index) => {
      const state = results[question.id] ? verdict(results[question.id]) : "open";
      const name = `${fill(t().question, { n: index + 1, of: all.length })} · ${t()[state]}`;
      return step(index, state, name, state === "open" ? String(index + 1) : icon(LOOK[state]));
    });
    const foreign = button(t().other, "plain", () => { language = language === "en" ? "zh" : "en"; notice = null; draw(); sheet.querySelector(".ccq-plain").focus(); });
    foreign.lang = language === "en" ? "zh-CN" : "en";
    top.replaceChildren(
      h("div", { class: "bar" }, mark(), h("p", { class: "title" }, say(model.get("title"))), foreign),
      h("nav", { "aria-label": t().questions }, h("ol", { class: "steps-to" }, steps, step(all.length, "result", t().summaryStep, icon("bars")))));
    const said = !model.get("kept") ? t().notKept : notice === "restored" ? fill(model.get("restored") === 1 ? t().restoredOne : t().restored, { n: model.get("restored") }) : null;
    if (said) top.append(h("p", { class: `notice${model.get("kept") ? "" : " bad"}` }, icon(model.get("kept") ? "check" : "warn"), said));
  }

  function draw() {
    sheet.lang = language === "zh" ? "zh-CN" : "en";
    sheet.setAttribute("aria-label", say(model.get("title")));
    drawTop();
    card.replaceChildren(...(here < all.length ? drawQuestion() : drawResult()).filter(Boolean));
  }

  function go(index) {
    here = index;
    notice = null;
    heard.textContent = "";
    draw();
    card.querySelector("h2").focus({ preventScroll: true });
    top.scrollIntoView({ block: "nearest" });
  }

  // --- a question -----------------------------------------------------------------------------------------------------

  function drawQuestion() {
    const question = all[here];
    const result = results[question.id];
    const value = result ? result.value : drafts.get(question.id);
    const problem = h("p", { class: "problem", role: "alert" });
    const field = FIELDS[question.kind]({
      question, value, result, t: t(), say, uid: `${uid}-${here}`, tell,
      change: (changed) => {
        if (changed === null) drafts.delete(question.id);
        else drafts.set(question.id, changed);
        problem.textContent = "";
      },
    });
    const check = result ? null : h("button", { type: "submit", class: "button" }, t().check);
    const submit = (event) => {
      event.preventDefault();
      if (!result) ask({ do: "answer", question: question.id, value: drafts.get(question.id) ?? null });
    };
    // In JupyterLab, Enter in a text field does not send its form. The Enter that ends the typing of a Chinese word is not ours.
    const onEnter = (event) => {
      if (event.key === "Enter" && !event.isComposing && !event.repeat && event.target.matches("input")) submit(event);
    };
    const form = h("form", { novalidate: true, onsubmit: submit, onkeydown: onEnter },
      field, problem, check ? h("div", { class: "row" }, check) : null);
    return [
      h("h2", { tabindex: "-1" }, fill(t().question, { n: here + 1, of: all.length })),
      html("div", { class: "stem" }, say(question.stem_html)), form, result ? feedback(question, result) : null,
    ];
  }

  function feedback(question, result) {
    const how = verdict(result);
    const done = firstOpen(here) === all.length;
    return h("section", { class: `said ${how}` },
      h("h3", {}, icon(LOOK[how]), t()[{ right: "saidRight", partly: "saidPartly", wrong: "saidWrong" }[how]]),
      ...REASONS[question.kind](question, result),
      result.reason_html ? h("div", { class: "why" }, h("h4", {}, question.kind === "number" ? t().worked : t().why), html("div", {}, say(result.reason_html))) : null,
      h("p", { class: "belongs" }, h("span", { class: "code" }, fill(t().belongs, { code: question.statement })), say(question.statement_text)),
      h("div", { class: "row" }, button(done ? t().toResult : t().next, "button next", (event) => { if (event.detail < 2) go(firstOpen(here)); }, "right")));
  }

  const reasonOf = (result, id) => (result.reasons[id] ? html("div", { class: "reason" }, say(result.reasons[id])) : null);
  const textOf = (question, id) => words(say(question.options.find((option) => option.id === id).html));

  function others(question, result, told) {
    const rest = question.options.filter((option) => !told.includes(option.id) && result.reasons[option.id]);
    if (!rest.length) return null;
    return h("details", {}, h("summary", {}, t().others), h("ul", {}, rest.map((option) => h("li", {}, h("p", { class: "quoted" }, textOf(question, option.id)), reasonOf(result, option.id)))));
  }

  const REASONS = {
    choice(question, result) {
      const { value, key } = result;
      return [reasonOf(result, value), value === key ? null : h("div", { class: "why" }, h("h4", {}, t().answer), h("p", { class: "quoted" }, textOf(question, key)), reasonOf(result, key)), others(question, result, [value, key])];
    },
    multi(question, result) {
      const { value, key } = result;
      const about = question.options.map((option) => option.id).filter((id) => value.includes(id) || key.includes(id));
      const name = (id) => (key.includes(id) ? (value.includes(id) ? ["right", "check", t().tickedRight] : ["wrong", "warn", t().missed]) : ["wrong", "cross", t().tickedWrong]);
      const taken = value.some((id) => !key.includes(id)) && value.some((id) => key.includes(id));
      return [taken ? h("p", {}, t().multiRule) : null, h("ul", { class: "each" }, about.map((id) => h("li", {}, tag(...name(id)), h("p", { class: "quoted" }, textOf(question, id)), reasonOf(result, id)))), others(question, result, about)];
    },
    number(question, result) {
      const unit = question.unit ? say(question.unit) : "";
      const gap = language === "en" && /^\w/.test(unit) ? " " : "";
      const key = result.key.toLocaleString("en-GB", { maximumFractionDigits: 6 });
      return [h("p", {}, `${fill(t().yoursIs, { text: String(result.value).trim() })}`), h("p", {}, h("strong", {}, fill(t().answerIs, { text: `${key}${gap}${unit}` })))];
    },
    order(question, result) {
      return result.points >= 1 ? [] : [h("div", { class: "why" }, h("h4", {}, t().orderIs), h("ol", { class: "listed" }, result.key.map((id) => h("li", {}, textOf(question, id)))))];
    },
    match: () => [],
  };

  // --- the result -----------------------------------------------------------------------------------------------------

  function drawResult() {
    const marks = all.map((question) => (results[question.id] ? verdict(results[question.id]) : "open"));
    const count = (state) => marks.filter((one) => one === state).length;
    const weak = all.map((question, index) => ({ question, index })).filter(({ index }) => ["partly", "wrong"].includes(marks[index]));
    const codes = [...new Set(weak.map(({ question }) => question.statement))];
    const score = fill(count("partly") ? t().scorePartly : t().score, { n: count("right"), of: all.length, more: count("partly") });
    const bar = h("div", { class: "meter", "aria-hidden": "true" }, ["right", "partly", "wrong", "open"].map((state) => h("span", { class: state, style: `flex-grow: ${count(state)}` })));
    const statement = (code) => {
      const mine = weak.filter(({ question }) => question.statement === code);
      return h("li", {}, h("p", {}, h("span", { class: "code" }, code), say(mine[0].question.statement_text)),
        h("p", { class: "looks" }, mine.map(({ index }) => button(fill(t().look, { n: index + 1 }), "plain", () => go(index)))));
    };
    return [
      h("h2", { tabindex: "-1" }, t().resultTitle), h("p", { class: "score" }, score), bar,
      count("open") ? h("p", { class: "hint" }, fill(t().stillOpen, { n: count("open") })) : null,
      weak.length ? h("h3", {}, t().repeatTitle) : null,
      weak.length ? h("ul", { class: "statements" }, codes.map(statement)) : null,
      !weak.length && !count("open") ? h("p", { class: "all" }, icon("check"), t().allRight) : null,
      h("p", { class: "problem", role: "alert" }),
      h("div", { class: "row" },
        count("open") ? button(t().goOn, "button", () => go(firstOpen(0)), "right") : null,
        weak.length ? button(fill(t().againWrong, { n: weak.length }), count("open") ? "button second" : "button", () => again(weak.map(({ question }) => question)), "again") : null,
        count("open") < all.length ? button(t().againAll, "button second", () => again(all)) : null),
    ];
  }

  function again(questions) {
    drafts.clear();
    ask({ do: "again", questions: questions.map((question) => question.id) });
  }

  // --- the notebook ---------------------------------------------------------------------------------------------------

  function ask(message) {
    if (waiting) return;
    waiting = setTimeout(() => refuse(t().noReply), PATIENCE_MS);
    card.setAttribute("aria-busy", "true");
    model.send(message);
  }

  function settled() {
    clearTimeout(waiting);
    waiting = null;
    card.removeAttribute("aria-busy");
  }

  function refuse(text) {
    settled();
    const problem = card.querySelector(".ccq-problem");
    if (problem) problem.textContent = text;
    const input = card.querySelector("input.ccq-number");
    if (input) input.focus();
  }

  function hear(message) {
    if (message.refused) return void (waiting && refuse(message.refused[language]));
    results = message.results; // not model.get: the model may hear of its new state later than of this message
    const mine = waiting !== null;
    settled();
    notice = null;
    if (message.done === "again") return mine ? go(firstOpen(0)) : draw();
    draw();
    const said = card.querySelector(".ccq-said");
    if (!mine || !said) return undefined;
    const next = said.querySelector(".ccq-next");
    next.focus({ preventScroll: true });
    next.scrollIntoView({ block: "nearest" });
    const parts = "h3, h4, p, li, .ccq-tag";
    const spoken = [...said.querySelectorAll(parts)].filter((part) => !part.querySelector(parts) && !part.closest("details, .ccq-belongs"));
    return tell(spoken.map((part) => part.textContent.trim()).join(" "));
  }

  /** JupyterLab leaves the keys of the quiz alone, but Ctrl+S (Cmd+S) is for the notebook: it is told once more, from outside. */
  function save(event) {
    if (!(event.ctrlKey || event.metaKey) || event.key.toLowerCase() !== "s") return;
    event.preventDefault();
    event.stopPropagation();
    el.parentElement?.dispatchEvent(new KeyboardEvent("keydown", event));
  }

  sheet.addEventListener("keydown", save);
  model.on("msg:custom", hear);
  model.on("change:kept", drawTop);
  draw();
  return () => {
    clearTimeout(waiting);
    model.off("msg:custom", hear);
    model.off("change:kept", drawTop);
  };
}

export default { render };
