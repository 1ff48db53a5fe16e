// One question on the page: an answer field for each kind. Each returns a node and calls change(value, typing).

import { h, html, icon, tell, words } from "./dom.js";

const DEFAULT_CHARACTERS = 3000;

/** The field for `question` with its `value`; `change` hears every new value (null: cleared). `hint`: how it is read. */
export function field(question, value, t, change, hint) {
  return KINDS[question.kind](question, value, t, change, hint);
}

/** Whether a value counts as an answer. */
export function isAnswer(value) {
  if (value === null || value === undefined) return false;
  if (typeof value === "string") return value.trim() !== "";
  return Array.isArray(value) ? value.length > 0 : Object.keys(value).length > 0;
}

function group(legend, hint, ...children) {
  return h("fieldset", { "aria-describedby": "stem" }, h("legend", {}, legend, hint ? h("span", { class: "hint", id: "hint" }, hint) : null), ...children);
}

function optionRow(type, question, option, checked, onchange) {
  const id = `${question.slot}-${option.id}`;
  const input = h("input", { type, id, name: question.slot, value: option.id, checked, onchange });
  return h("label", { class: "option", for: id }, input, html("span", { class: "words" }, option.html));
}

function choice(question, value, t, change) {
  return group(t.choice, null, question.options.map((option) => optionRow("radio", question, option, value === option.id, () => change(option.id))));
}

function multi(question, value, t, change) {
  const chosen = new Set(value || []);
  const count = h("p", { class: "hint", id: "count" });
  const recount = () => { count.textContent = t.chosen(chosen.size, question.choose); };
  const rows = question.options.map((option) => optionRow("checkbox", question, option, chosen.has(option.id), (event) => {
    if (event.target.checked) chosen.add(option.id);
    else chosen.delete(option.id);
    recount();
    tell(count.textContent);
    change(chosen.size ? [...chosen].sort() : null);
  }));
  recount();
  return group(t.multi(question.choose), null, rows, count);
}

function number(question, value, t, change, hint) {
  const id = `${question.slot}-number`;
  const input = h("input", {
    id, type: "text", inputmode: "decimal", autocomplete: "off", spellcheck: "false", maxlength: "100", class: "number", value: value || "",
    "aria-describedby": `stem ${id}-help ${question.slot}-hint${question.unit ? ` ${id}-unit` : ""}`,
    oninput: () => change(input.value.trim() === "" ? null : input.value, true),
  });
  return h("div", { class: "field" }, h("label", { for: id }, t.number),
    h("div", { class: "with-unit" }, input, question.unit ? h("span", { id: `${id}-unit`, class: "unit" }, question.unit) : null),
    h("p", { class: "hint", id: `${id}-help` }, t.numberHelp),
    h("p", { class: "read-as", id: `${question.slot}-hint`, role: "status" }, hint || ""));
}

function order(question, value, t, change) {
  const byId = new Map(question.options.map((option) => [option.id, option]));
  let steps = value ? [...value] : question.options.map((option) => option.id);
  const list = h("ol", { class: "steps" });
  const note = h("p", { class: "hint" });
  const keep = h("button", { type: "button", class: "quiet", onclick: () => { answered(); list.querySelector("button").focus(); } }, icon("check"), t.keepOrder);

  function answered() {
    note.textContent = t.orderKept;
    keep.hidden = true;
    tell(t.orderKept);
    change([...steps]);
  }

  function move(id, by) {
    const from = steps.indexOf(id);
    const to = from + by;
    if (to < 0 || to >= steps.length) return;
    steps.splice(to, 0, ...steps.splice(from, 1));
    draw();
    const buttons = list.children[to].querySelectorAll("button");
    buttons[by < 0 ? 0 : 1].focus();
    answered();
    tell(t.moved(words(byId.get(id).html), to + 1, steps.length));
  }

  function draw() {
    list.replaceChildren(...steps.map((id, index) => {
      const text = words(byId.get(id).html);
      const arrow = (name, by, label, edge) => h("button", { type: "button", class: "arrow", "aria-label": label, "aria-disabled": edge ? "true" : null, onclick: () => move(id, by) }, icon(name));
      return h("li", { class: "step" }, h("span", { class: "place", "aria-hidden": "true" }, String(index + 1)), html("span", { class: "words" }, byId.get(id).html),
        h("span", { class: "arrows" }, arrow("up", -1, t.up(text), index === 0), arrow("down", 1, t.down(text), index === steps.length - 1)));
    }));
  }

  draw();
  note.textContent = value ? t.orderKept : t.orderUntouched;
  keep.hidden = Boolean(value);
  return group(t.order, null, list, h("div", { class: "under" }, note, keep));
}

function match(question, value, t, change) {
  const pairs = { ...(value || {}) };
  const rows = question.options.map((option) => {
    const id = `${question.slot}-${option.id}`;
    const select = h("select", {
      id,
      onchange: () => {
        if (select.value) pairs[option.id] = select.value;
        else delete pairs[option.id];
        change(Object.keys(pairs).length ? { ...pairs } : null);
      },
    }, h("option", { value: "" }, t.matchChoose), question.targets.map((target) => h("option", { value: target.id }, words(target.html))));
    select.value = pairs[option.id] || "";
    return h("div", { class: "pair" }, html("label", { for: id, class: "words" }, option.html), icon("right"), select);
  });
  const heads = question.headings ? h("div", { class: "pair heads", "aria-hidden": "true" }, h("span", {}, question.headings[0]), h("span", {}), h("span", {}, question.headings[1])) : null;
  return group(t.match, null, heads, rows);
}

/** How long a text is, as its question counts: words, and each Chinese character as one; a number is one, a mark none. */
function length(text) {
  const apart = text.replace(/\p{Script=Han}/gu, " 字 ").split(/[\s，。；：！？、（）“”…—]+/u);
  return apart.filter((word) => /[\p{L}\p{N}]/u.test(word)).length;
}

function text(question, value, t, change) {
  const id = `${question.slot}-text`;
  const most = question.max_chars || DEFAULT_CHARACTERS;
  const count = h("p", { class: "hint", id: `${id}-count` });
  const recount = () => { count.textContent = area.value.length < most ? t.written(length(area.value)) : t.full(most); };
  const area = h("textarea", {
    id, rows: "10", maxlength: String(most), "aria-describedby": `stem ${id}-count`,
    oninput: () => { recount(); change(area.value.trim() === "" ? null : area.value, true); },
  });
  area.value = value || "";
  recount();
  return h("div", { class: "field" }, h("label", { for: id }, t.text), area, count);
}

function code(question, value, t, change) {
  const id = `${question.slot}-code`;
  const most = question.max_chars || DEFAULT_CHARACTERS;
  // Tab leaves the field as everywhere on the page, so nobody is caught in it; spaces indent.
  const area = h("textarea", {
    id, rows: "8", maxlength: String(most), class: "code", spellcheck: "false", autocapitalize: "off", autocomplete: "off", wrap: "off",
    "aria-describedby": `stem ${id}-help`, oninput: () => change(area.value.trim() === "" ? null : area.value, true),
  });
  area.value = value || "";
  const given = question.given ? h("div", { class: "given" }, h("p", { class: "hint", id: `${id}-given` }, t.given), h("pre", { tabindex: "0", "aria-labelledby": `${id}-given` }, h("code", {}, question.given.trim()))) : null;
  return h("div", { class: "field" }, given, h("label", { for: id }, t.code), area, h("p", { class: "hint", id: `${id}-help` }, t.codeHelp));
}

const KINDS = { choice, multi, number, order, match, text, code };
