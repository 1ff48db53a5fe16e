// The preview of an item: asks every second whether its file was saved, and shows it again when it was.

import { h, html } from "./dom.js";
import { field } from "./questions.js";
import { STRINGS } from "./strings.js";

const EVERY_MS = 1000;
const HEADS = {
  en: { key: "Key", reasons: "Reasons", samples: "Sample answers", points: (n) => `${n} points` },
  zh: { key: "答案", reasons: "理由", samples: "参考答案", points: (n) => `${n}分` },
};
const place = (id) => document.getElementById(id);
let state = "";

function side(language, shown) {
  const heads = HEADS[language];
  const rows = (title, items, kind) => items.length ? [h("h2", {}, title), h("ul", { class: kind }, items.map((item) => html("li", {}, item)))] : [];
  return h("section", { class: "card question", lang: language === "zh" ? "zh-CN" : "en" },
    html("div", { class: "stem" }, shown.question.stem_html),
    field(shown.question, null, STRINGS[language], () => {}, ""),
    h("div", { class: "office" },
      h("p", { class: "statement" }, shown.statement),
      rows(heads.key, shown.key, "key"),
      rows(heads.reasons, shown.reasons, "reasons"),
      rows(heads.samples, shown.samples.map(([points, text]) => `<p>${heads.points(points)}</p>${text}`), "samples")));
}

function show(item) {
  place("name").textContent = item.id;
  document.title = item.id;
  place("facts").textContent = Object.entries(item.facts || {}).map(([name, value]) => `${name} ${value}`).join(" · ");
  place("problems").replaceChildren(...item.problems.map((text) => h("li", {}, text)), ...item.hints.map((text) => h("li", { class: "hint" }, text)));
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

const ids = await (await fetch("items")).json();
place("pick").replaceChildren(...ids.map((id) => h("option", { value: id }, id)));
place("pick").addEventListener("change", () => { state = ""; place("seed").replaceChildren(); look(); });
place("seed").addEventListener("change", () => { state = ""; look(); });
follow();
