// The parts of a quiz: elements, icons, safe HTML, and an answer field for each kind of question.

/** Class names of our own: JupyterLab's extensions bring style sheets (Bootstrap among them) that claim the short ones. */
function own(names) {
  return names.split(" ").filter(Boolean).map((name) => `ccq-${name}`).join(" ");
}

/**
 * An element: h("p", {class: "x", onclick: f}, "text", child). False and null children are left out.
 * Every element tells JupyterLab to leave its keys alone: said on the quiz as a whole it does not count, and an arrow
 * key pressed on a radio button would move on to another cell of the notebook.
 */
function h(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  element.setAttribute("data-lm-suppress-shortcuts", "true");
  for (const [name, value] of Object.entries(attributes)) {
    if (name === "class") element.className = own(value);
    else if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (name in element && typeof value !== "string") element[name] = value;
    else if (value !== null && value !== false) element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children.flat(2).filter((child) => child !== null && child !== undefined && child !== false));
  return element;
}

const ALLOWED = new Set("P BR STRONG EM S CODE PRE UL OL LI BLOCKQUOTE HR H1 H2 H3 H4 H5 H6 TABLE THEAD TBODY TR TH TD".split(" "));

/** The quiz's own HTML; a tag or attribute that Markdown does not make is left out, its words stay. */
function html(tag, attributes, text) {
  const template = document.createElement("template");
  template.innerHTML = text;
  for (const element of [...template.content.querySelectorAll("*")]) {
    const align = (element.getAttribute("style") || "").match(/^text-align:\s*(left|center|right);?$/);
    if (!ALLOWED.has(element.tagName)) element.replaceWith(...element.childNodes);
    for (const { name } of [...element.attributes]) element.removeAttribute(name);
    if (align) element.className = own(`to-${align[1]}`);
  }
  for (const table of template.content.querySelectorAll("table")) {
    const scroll = h("div", { class: "table" });
    table.replaceWith(scroll);
    scroll.append(table);
  }
  return h(tag, attributes, template.content);
}

/** HTML as plain words, for labels and lists. */
function words(text) {
  return html("div", {}, text).textContent.replace(/\s+/g, " ").trim();
}

/** A text with its {names} filled in. */
function fill(text, values) {
  return text.replace(/\{(\w+)\}/g, (_, name) => String(values[name]));
}

const PATHS = {
  check: "M4 12.5l5 5L20 6.5",
  cross: "M6 6l12 12M18 6L6 18",
  part: "M5 12h14",
  up: "M6 15l6-6 6 6",
  down: "M6 9l6 6 6-6",
  right: "M9 6l6 6-6 6",
  warn: "M12 4l9 16H3zM12 10v4.5M12 17.2v.3",
  again: "M5 12a7 7 0 107-7c-2.5 0-4.4 1-6 3M6 3.5V8h4.5",
  bars: "M5 20v-6M12 20V5M19 20v-9",
};

function svg(attributes, ...shapes) {
  const make = (tag, values) => {
    const element = document.createElementNS("http://www.w3.org/2000/svg", tag);
    for (const [name, value] of Object.entries(values)) element.setAttribute(name, name === "class" ? own(value) : value);
    return element;
  };
  const element = make("svg", { "aria-hidden": "true", ...attributes });
  element.append(...shapes.map(([tag, values]) => make(tag, values)));
  return element;
}

/** A line drawing of 1 em; it says nothing to a screen reader. */
function icon(name) {
  return svg({ viewBox: "0 0 24 24", class: `icon ${name}` }, ["path", { d: PATHS[name] }]);
}

/** The academy's mark, as on the exam page. */
function mark() {
  return svg({ viewBox: "0 0 40 40", class: "mark" }, ["rect", { width: 40, height: 40, rx: 10, class: "mark-ground" }], ["path", { d: "M11 21.5l6 6L29.5 13", class: "mark-tick" }]);
}

/* Fields. Each takes a context {question, value, result, t, say, uid, tell, change}: `result` is there once the question
   is answered (then nothing can be changed), `say` picks the language, `tell` speaks to a screen reader. */

function group(legend, ...children) {
  return h("fieldset", {}, h("legend", {}, legend), ...children);
}

function tag(kind, name, text) {
  return h("span", { class: `tag ${kind}` }, icon(name), text);
}

function optionRow(type, c, option, checked, onchange) {
  const id = `${c.uid}-${option.id}`;
  const input = h("input", { type, id, name: c.uid, value: option.id, checked, onchange, disabled: Boolean(c.result) });
  const right = c.result && [c.result.key].flat().includes(option.id);
  const look = !c.result ? "" : right ? " is-right" : checked ? " is-wrong" : " is-past";
  const tags = c.result && (right || checked) ? h("span", { class: "tags" },
    checked ? tag(right ? "right" : "wrong", right ? "check" : "cross", c.t.yours) : null,
    right && !checked ? tag("right", "check", type === "radio" ? c.t.answer : c.t.missed) : null) : null;
  return h("label", { class: `option${look}`, for: id }, input, html("span", { class: "words" }, c.say(option.html)), tags);
}

function choice(c) {
  return group(c.t.choice, c.question.options.map((option) => optionRow("radio", c, option, c.value === option.id, () => c.change(option.id))));
}

function multi(c) {
  const chosen = new Set(c.value || []);
  const count = h("p", { class: "hint" });
  const recount = () => { count.textContent = fill(c.t.chosen, { n: chosen.size, of: c.question.choose }); };
  const rows = c.question.options.map((option) => optionRow("checkbox", c, option, chosen.has(option.id), (event) => {
    if (event.target.checked) chosen.add(option.id);
    else chosen.delete(option.id);
    recount();
    c.tell(count.textContent);
    c.change(chosen.size ? [...chosen].sort() : null);
  }));
  recount();
  return group(fill(c.t.multi, { n: c.question.choose }), rows, c.result ? null : count);
}

function number(c) {
  const id = `${c.uid}-number`;
  const input = h("input", {
    id, type: "text", inputmode: "decimal", autocomplete: "off", spellcheck: "false", maxlength: "100", class: "number", value: c.value || "",
    disabled: Boolean(c.result), "aria-describedby": `${id}-help ${id}-unit`, oninput: () => c.change(input.value.trim() === "" ? null : input.value),
  });
  return h("div", { class: "field" }, h("label", { for: id }, c.t.number),
    h("div", { class: "with-unit" }, input, h("span", { id: `${id}-unit`, class: "unit" }, c.question.unit ? c.say(c.question.unit) : "")),
    c.result ? null : h("p", { class: "hint", id: `${id}-help` }, c.t.numberHelp));
}

function order(c) {
  const byId = new Map(c.question.options.map((option) => [option.id, option]));
  const steps = c.value ? [...c.value] : c.question.options.map((option) => option.id);
  const list = h("ol", { class: "steps" });

  function move(id, by) {
    const from = steps.indexOf(id);
    const to = from + by;
    if (to < 0 || to >= steps.length) return;
    steps.splice(to, 0, ...steps.splice(from, 1));
    draw();
    list.children[to].querySelectorAll("button")[by < 0 ? 0 : 1].focus();
    c.change([...steps]);
    c.tell(fill(c.t.moved, { text: words(c.say(byId.get(id).html)), n: to + 1, of: steps.length }));
  }

  function draw() {
    list.replaceChildren(...steps.map((id, index) => {
      const text = words(c.say(byId.get(id).html));
      const arrow = (name, by, label, edge) => h("button", { type: "button", class: "arrow", "aria-label": fill(label, { text }), "aria-disabled": edge ? "true" : null, onclick: () => move(id, by) }, icon(name));
      const look = !c.result ? "" : c.result.key[index] === id ? " is-right" : " is-wrong";
      return h("li", { class: `step${look}` }, h("span", { class: "place", "aria-hidden": "true" }, String(index + 1)), html("span", { class: "words" }, c.say(byId.get(id).html)),
        c.result ? null : h("span", { class: "arrows" }, arrow("up", -1, c.t.up, index === 0), arrow("down", 1, c.t.down, index === steps.length - 1)));
    }));
  }

  draw();
  c.change(steps); // as they stand, the steps are an answer
  return group(c.t.order, list);
}

function match(c) {
  const pairs = { ...(c.value || {}) };
  const text = (id) => words(c.say(c.question.targets.find((target) => target.id === id).html));
  const rows = c.question.options.map((option) => {
    const id = `${c.uid}-${option.id}`;
    const select = h("select", {
      id, disabled: Boolean(c.result),
      onchange: () => {
        if (select.value) pairs[option.id] = select.value;
        else delete pairs[option.id];
        c.change(Object.keys(pairs).length ? { ...pairs } : null);
      },
    }, h("option", { value: "" }, c.result ? "–" : c.t.matchChoose), c.question.targets.map((target) => h("option", { value: target.id }, words(c.say(target.html)))));
    select.value = pairs[option.id] || "";
    const right = c.result && c.result.key[option.id];
    const told = !c.result ? null : right === pairs[option.id] ? tag("right", "check", c.t.right) : h("span", { class: "tags" }, tag("wrong", "cross", c.t.wrong), tag("right", "check", fill(c.t.answerIs, { text: text(right) })));
    const look = !c.result ? "" : right === pairs[option.id] ? " is-right" : " is-wrong";
    return h("div", { class: `pair${look}` }, html("label", { for: id, class: "words" }, c.say(option.html)), icon("right"), h("div", { class: "partner" }, select, told));
  });
  return group(c.t.match, rows);
}

const FIELDS = { choice, multi, number, order, match };
