// The data of the page, and how one value of it is drawn; page.js puts them into tables.
"use strict";
const all = (query, where = document) => [...where.querySelectorAll(query)];
const one = (query, where = document) => where.querySelector(query);
const root = document.documentElement;
let data;

// --- the data: a header of words, then columns of numbers ---

async function unpack(text) {
  const packed = atob(text);
  const bytes = new Uint8Array(packed.length);
  for (let at = 0; at < packed.length; at++) bytes[at] = packed.charCodeAt(at);
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate"));
  const buffer = await new Response(stream).arrayBuffer();
  const length = new DataView(buffer).getUint32(0, true);
  const header = JSON.parse(new TextDecoder().decode(new Uint8Array(buffer, 4, length)));
  const kinds = { uint8: Uint8Array, uint16: Uint16Array, int32: Int32Array };
  const found = { ...header, today: Date.parse(header.today) / 864e5 };
  for (const [name, [kind, at, count]] of Object.entries(header.columns)) {
    found[name] = new kinds[kind](buffer, 4 + length + at, count);
  }
  for (const [name, lines] of Object.entries(header.texts)) found[name] = lines.split("\n");
  found.paperFrom = starts(found.papers);
  found.resultFrom = starts(found.results);
  found.paperPerson = owners(found.papers, found.paperLevel.length);
  return found;
}

function starts(counts) {
  const from = new Uint32Array(counts.length + 1);
  counts.forEach((count, at) => { from[at + 1] = from[at] + count; });
  return from;
}

function owners(counts, total) {
  const whose = new Uint32Array(total);
  let at = 0;
  counts.forEach((count, person) => { for (let left = count; left; left--) whose[at++] = person; });
  return whose;
}

const named = (name, at) => data.words[name][data[name][at]];
const chosen = () => (root.dataset.language === "zh" ? 1 : 0);
const say = (name, ...values) => data.say[name][chosen()].replace(/\{(\d)\}/g, (_, at) => values[at]);
const levelName = (level) => data.levels[level - 1][1 + chosen()];
const day = (days) => new Date(days * 864e5).toISOString().slice(0, 10);
const held = (state) => ["in force", "due"].includes(data.states[state & 127][0]);

function holds(person, level) {
  return held(data.cellState[person * data.levels.length + level - 1]);
}

const isSample = (person, level) => data.cellState[person * data.levels.length + level - 1] >= 128;

function bandOf(result, domain) {
  return (data.resultBands[result] >> (2 * domain)) & 3;
}

function latest(person, level) {
  for (let at = data.resultFrom[person]; at < data.resultFrom[person + 1]; at++) {
    if (data.resultLevel[at] === level && data.outcomes[data.resultOutcome[at]][0] !== "absent") return at;
  }
  return -1;
}

// What somebody lacks for a level: the certificate, and the domains that its examination asks for.
function lacks(person, level) {
  const sample = holds(person, level) && isSample(person, level);
  const found = holds(person, level) && !sample ? [] : [say(sample ? "only_sample" : "holds", levelName(level))];
  const result = latest(person, level);
  if (result < 0) return found.length ? [...found, say("unseen")] : found;
  const weak = data.domains.filter((domain, at) => domain[3][level - 1] > 0 && bandOf(result, at) === 1);
  return weak.length ? [...found, say("developing", weak.map((domain) => domain[1 + chosen()]).join(say("list")))] : found;
}

// --- cells ---

function make(tag, kind, ...inside) {
  const node = document.createElement(tag);
  if (kind) node.className = kind;
  node.append(...inside);
  return node;
}

function clamp(text) {
  const node = make("span", "clamp", text);
  node.title = text;
  return node;
}

function chip(state, text, sample, more) {
  const node = make("span", `chip s-${state.replace(" ", "-")}`, make("b", "", text));
  if (sample) node.append(make("span", "tag", say("sample")));
  if (more) node.append(make("small", "", more));
  return node;
}

function stateChip(state, when) {
  const [code, ...words] = data.states[state & 127];
  if (code === "none") {
    const node = make("span", "none", "–");
    node.setAttribute("role", "img");
    node.setAttribute("aria-label", words[chosen()]);
    return node;
  }
  const more = when ? (held(state) ? say("until", day(when)) : day(when)) : "";
  return chip(code, words[chosen()], state & 128, more);
}

function pips(band) {
  const node = make("span", `pips b${band}`, ["–", "●○○", "●●○", "●●●"][band]);
  node.setAttribute("role", "img");
  node.setAttribute("aria-label", data.bands[band][chosen()]);
  return node;
}

function who(person) {
  const button = make("button", "clamp name", data.name[person] || "–");
  button.type = "button";
  button.dataset.person = person;
  button.setAttribute("aria-label", say("open", data.name[person] || data.number[person]));
  button.title = data.name[person];
  return [button, make("span", "faint small", data.number[person])];
}

function score(result, part) {
  const [points, most, cut] = [0, 1, 2].map((at) => data.resultPoints[result * 6 + part * 3 + at] / 100);
  return [say("score", points, most), make("br"), make("small", "faint", say("cut", cut))];
}

function left(days) {
  if (days === 0) return say("left_none");
  const many = Math.abs(days) === 1 ? "_one" : "";
  return days >= 0 ? say(`left${many}`, days) : say(`ago${many}`, -days);
}

const outcomeChip = (result) => {
  const [code, ...words] = data.outcomes[data.resultOutcome[result]];
  return chip({ pass: "in force", fail: "failed", absent: "absent" }[code], words[chosen()], data.resultSample[result]);
};
const paperEnds = (paper) => data.paperBegins[paper] + data.paperDays[paper];
const paperState = (paper) => data.paperStates[data.paperState[paper] & 127] | (data.paperState[paper] & 128);
