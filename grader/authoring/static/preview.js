// The preview of an item: asks every second whether its file was saved, and shows it again when it was.

import { h, html } from "./dom.js";
import { field } from "./questions.js";
import { STRINGS } from "./strings.js";

const EVERY_MS = 1000;
const HEADS = {
  en: { key: "Key", reasons: "Reasons", samples: "Sample answers", points: (n) => `${n} points` },
  zh: { key: "答案", reasons: "理由", samples: "参考答案", points: (n) => `${n}分` },
};
// The frame around the two candidates' pages, in the reader's own language. English facts stand as in the item's file.
const FRAME = {
  en: { item: "Item", draw: "Draw", fact: (name, value) => `${name} ${value}` },
  zh: {
    item: "试题", draw: "抽取",
    names: {
      kind: "题型", statement: "能力条目", cognitive: "认知层次", minutes: "分钟", use: "用途", status: "状态", difficulty: "难度",
      version: "版本", case: "案例", sources: "来源",
    },
    values: {
      kind: { choice: "单选", multi: "多选", number: "数值", order: "排序", match: "配对", text: "简答", code: "代码" },
      cognitive: { R: "记忆", A: "应用", E: "评价" },
      use: { exam: "考试", pilot: "试测", practice: "练习" },
      status: { draft: "草稿", review: "审题", approved: "已批准", pilot: "试测", live: "在用", retired: "已停用" },
    },
    fact(name, value) {
      return `${this.names[name]}：${this.values[name]?.[value] ?? value}`;
    },
  },
};
const place = (id) => document.getElementById(id);
let state = "";
let shown = null;
let language = navigator.language.startsWith("zh") ? "zh" : "en";

function side(language, shown) {
  const heads = HEADS[language];
  const rows = (title, items, kind) => items.length ? [h("h2", {}, title), h("ul", { class: kind }, items.map((item) => html("li", {}, item)))] : [];
  return h("section", { class: "card question", lang: language === "zh" ? "zh-CN" : "en" },
    html("div", { class: "stem" }, shown.question.stem_html),
    field(shown.question, null, STRINGS[language], () => {}, ""),
    shown.key && h("div", { class: "office" }, // a second reader's page has none
      h("p", { class: "statement" }, shown.statement),
      rows(heads.key, shown.key, "key"),
      rows(heads.reasons, shown.reasons, "reasons"),
      rows(heads.samples, shown.samples.map(([points, text]) => `<p>${heads.points(points)}</p>${text}`), "samples")));
}

function speak(chosen) {
  language = chosen;
  document.documentElement.lang = language === "zh" ? "zh-CN" : "en";
  place("speak").value = language;
  for (const node of document.querySelectorAll("[data-word]")) node.textContent = FRAME[language][node.dataset.word];
  if (shown) frame(shown);
}

function frame(item) {
  place("facts").textContent = Object.entries(item.facts || {}).map(([name, value]) => FRAME[language].fact(name, value)).join(" · ");
  const said = language === "zh" ? item.chinese : item;
  place("problems").replaceChildren(...said.problems.map((text) => h("li", {}, text)), ...said.hints.map((text) => h("li", { class: "hint" }, text)));
}

function show(item) {
  shown = item;
  place("name").textContent = item.id;
  document.title = item.id;
  frame(item);
  place("sides").replaceChildren(...Object.entries(item.languages).map(([language, shown]) => side(language, shown)));
  const seeds = item.seeds || [];
  place("seeds").hidden = seeds.length === 0;
  place("seed").replaceChildren(...seeds.map((seed) => h("option", { value: String(seed) }, String(seed))));
  place("seed").value = String(item.seed);
}

async function look() {
  const asked = place("pick").value;
  const seed = place("seed").value ? `&seed=${place("seed").value}` : "";
  const answer = await fetch(`items/${asked}?state=${state}${seed}`);
  if (answer.status !== 200) return;
  const item = await answer.json();
  if (asked !== place("pick").value) return; // another item was picked meanwhile
  state = item.state;
  show(item);
}

async function follow() {
  try {
    await look();
  } catch {
    // The server has been stopped; the page stays as it is and goes on asking.
  }
  setTimeout(follow, EVERY_MS);
}

speak(language);
const ids = await (await fetch("items")).json();
place("pick").replaceChildren(...ids.map((id) => h("option", { value: id }, id)));
place("pick").addEventListener("change", () => { state = ""; place("seed").replaceChildren(); look(); });
place("speak").addEventListener("change", () => speak(place("speak").value));
place("seed").addEventListener("change", () => { state = ""; look(); });
follow();
