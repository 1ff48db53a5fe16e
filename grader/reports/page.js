// The tables of the page, its filters, the record of one person, and what buttons do; cells.js draws what stands in them.
const form = document.forms.filters;
const WHOLE = 120; // a table of so many rows is drawn whole
const PRINTED = 2000; // rows on paper at the most
const print = matchMedia("print");
let keep, tables;

// --- tables: what a row is, and for each column what it is sorted by and what it shows ---

function columns() {
  const person = { by: (at) => data.name[at] || data.number[at], draw: who };
  const text = (by) => ({ by, draw: (at) => [clamp(by(at))] });
  const of = (inner, column) => ({ by: (at) => column.by(inner(at)), draw: (at) => column.draw(inner(at)) });
  const paper = (at) => data.paperPerson[at];
  const count = data.levels.length;
  const cell = (at, level) => at * count + level;
  const level = (level) => ({
    by: (at) => (data.cellState[cell(at, level)] & 127) * 1e6 + data.cellDay[cell(at, level)],
    draw: (at) => [stateChip(data.cellState[cell(at, level)], data.cellDay[cell(at, level)])],
  });
  const newest = (at) => data.resultFrom[at];
  const share = (at, part) => data.resultPoints[newest(at) * 6 + part * 3] / (data.resultPoints[newest(at) * 6 + part * 3 + 1] || 1);
  const wanted = (at) => data.wanted[at] & 127;
  const manager = text((at) => named("manager", at));
  return {
    ending: { rows: () => data.ending, person: paper, columns: [
      of(paper, person),
      { by: (at) => data.paperLevel[at], draw: (at) => [clamp(levelName(data.paperLevel[at]))] },
      { by: paperEnds, draw: (at) => [make("span", "day", day(paperEnds(at)))] },
      { by: paperEnds, draw: (at) => [chip(data.states[paperState(at) & 127][0], left(paperEnds(at) - data.today), data.paperState[at] & 128)] },
      text((at) => data.paperNumber[at]), of(paper, manager)] },
    gaps: { rows: () => data.gaps, person: (at) => at, columns: [
      person, { by: wanted, draw: (at) => [clamp(levelName(wanted(at)))] },
      { by: (at) => level(wanted(at) - 1).by(at), draw: (at) => level(wanted(at) - 1).draw(at) },
      { by: (at) => lacks(at, wanted(at)).length, draw: (at) => [clamp(lacks(at, wanted(at)).join(say("and")))] }, manager] },
    matrix: { rows: () => [...Array(data.people).keys()], person: (at) => at, columns: [
      person, ...["site", "team", "role"].map((name) => text((at) => named(name, at))), ...data.levels.map((_, at) => level(at))] },
    results: { rows: () => [...Array(data.people).keys()].filter((at) => data.results[at]), person: (at) => at, columns: [
      person, { by: (at) => data.resultLevel[newest(at)], draw: (at) => [clamp(levelName(data.resultLevel[newest(at)]))] },
      { by: (at) => data.resultDay[newest(at)], draw: (at) => [make("span", "day", day(data.resultDay[newest(at)]))] },
      { by: (at) => data.resultOutcome[newest(at)], draw: (at) => [outcomeChip(newest(at))] },
      ...[0, 1].map((part) => ({ by: (at) => share(at, part), draw: (at) => score(newest(at), part) })),
      ...data.domains.map((_, place) => ({ by: (at) => bandOf(newest(at), place), draw: (at) => [pips(bandOf(newest(at), place))] }))] },
  };
}

// A table draws the rows that are looked at and a few around them; two empty rows stand for the others.
class Grid {
  constructor(name, spec) {
    Object.assign(this, spec, { name, table: document.getElementById(name), order: [...spec.rows()], drawn: new Map() });
    this.region = this.table.parentElement;
    this.body = this.table.tBodies[0];
    this.height = 0;
    this.empty = this.order.length === 0;
    this.region.hidden = this.empty;
    one(`[data-empty=${name}]`).hidden = !this.empty;
    this.region.addEventListener("scroll", () => requestAnimationFrame(() => this.draw()), { passive: true });
  }

  filter() {
    this.rows = this.order.filter((row) => keep[this.person(row)]);
    one(`[data-counts=${this.name}]`).textContent = this.empty ? "" : this.rows.length.toLocaleString("en");
    this.table.setAttribute("aria-rowcount", this.rows.length + 1);
    this.anew();
  }

  sort(header) {
    const column = this.columns[header.cellIndex];
    const down = header.getAttribute("aria-sort") === "ascending";
    for (const other of all("th[aria-sort]", this.table)) other.setAttribute("aria-sort", "none");
    header.setAttribute("aria-sort", down ? "descending" : "ascending");
    const value = new Map(this.order.map((row) => [row, column.by(row)]));
    // The rules of a language are kept for lists that somebody reads; they take seconds for 100,000 names.
    const words = new Intl.Collator(root.lang, { numeric: true });
    const plain = (x, y) => (x < y ? -1 : x > y ? 1 : 0);
    const text = this.order.length > 20000 ? plain : words.compare;
    const compare = typeof value.values().next().value === "number" ? (x, y) => x - y : text;
    const sign = down ? -1 : 1;
    this.order.sort((a, b) => compare(value.get(a), value.get(b)) * sign);
    this.region.scrollTop = 0;
    this.filter();
  }

  anew() {
    this.drawn.clear();
    this.body.replaceChildren();
    this.draw();
    const wide = this.region.scrollWidth > this.region.clientWidth + 1;
    this.table.classList.toggle("wide", wide);
    one(`[data-wide=${this.name}]`).hidden = !wide;
  }

  draw() {
    if (this.empty) return;
    const count = this.rows.length;
    const [first, last] = print.matches ? [0, Math.min(count, PRINTED)] : this.window(count);
    const printed = one(`[data-printed=${this.name}]`);
    printed.hidden = count <= PRINTED;
    printed.textContent = printed.hidden ? "" : say("printed", PRINTED.toLocaleString("en"), count.toLocaleString("en"));
    const wanted = new Map();
    for (let at = first; at < last; at++) wanted.set(at, this.drawn.get(at) || this.row(at));
    if ([...this.drawn].some(([at, row]) => !wanted.has(at) && row.contains(document.activeElement))) {
      this.region.focus({ preventScroll: true });
    }
    this.drawn = wanted;
    const inside = count ? [...wanted.values()] : [this.nobody()];
    const before = first * this.height, after = print.matches ? 0 : (count - last) * this.height;
    const now = [...this.body.children];
    const next = [this.space(before), ...inside, this.space(after)].filter(Boolean);
    if (now.length !== next.length || now.some((node, at) => node !== next[at])) this.place(next);
    if (!this.height && wanted.size && last < count) this.measure();
  }

  // Rows that stay are not touched, so that whoever stands on one with the keyboard keeps the place.
  place(next) {
    const stay = new Set(next);
    for (const node of [...this.body.children]) if (!stay.has(node)) node.remove();
    let before = this.body.firstChild;
    for (const node of next) {
      if (node === before) before = before.nextSibling;
      else this.body.insertBefore(node, before);
    }
  }

  measure() {
    const rows = [...this.drawn.values()];
    this.height = (rows.at(-1).getBoundingClientRect().bottom - rows[0].getBoundingClientRect().top) / rows.length;
    if (this.height) this.draw();
  }

  window(count) {
    if (count <= WHOLE) return [0, count];
    if (!this.height) return [0, 20];
    const top = this.region.scrollTop / this.height, shown = this.region.clientHeight / this.height;
    return [Math.max(0, Math.floor(top) - 10), Math.min(count, Math.ceil(top + shown) + 10)];
  }

  space(height) {
    if (!height) return null;
    const cell = make("td");
    cell.colSpan = this.columns.length;
    const row = make("tr", "space", cell);
    row.setAttribute("aria-hidden", "true");
    cell.style.height = `${height}px`;
    return row;
  }

  nobody() {
    const cell = make("td", "empty", say("no_rows"));
    cell.colSpan = this.columns.length;
    return make("tr", "", cell);
  }

  row(at) {
    const cells = this.columns.map((column, place) => {
      const cell = make(place ? "td" : "th", "", ...column.draw(this.rows[at]));
      if (!place) cell.scope = "row";
      return cell;
    });
    const row = make("tr", "", ...cells);
    row.setAttribute("aria-rowindex", at + 2);
    return row;
  }
}

// --- filters ---

let haystack;
function filter() {
  const { search, site, team, level } = form.elements;
  const words = search.value.trim().toLowerCase().split(/\s+/).filter(Boolean);
  haystack ||= data.name.map((name, at) => [name, data.number[at], ...["role", "team", "site"].map((kind) => named(kind, at))].join(" ").toLowerCase());
  const place = (select, name) => (select.selectedIndex === 0 ? -1 : data.words[name].indexOf(select.value.replaceAll("\n", " ")));
  const [where, which, count] = [place(site, "site"), place(team, "team"), data.levels.length];
  const wanted = level.value === "none" ? 0 : Number(level.value);
  let shown = 0;
  for (let at = 0; at < data.people; at++) {
    let fits = (where < 0 || data.site[at] === where) && (which < 0 || data.team[at] === which)
      && words.every((word) => haystack[at].includes(word));
    if (fits && level.value === "none") for (let rung = 1; rung <= count; rung++) fits &&= !holds(at, rung);
    else if (fits && wanted) fits = holds(at, wanted);
    keep[at] = fits;
    shown += fits;
  }
  one("#shown").textContent = shown.toLocaleString("en");
  for (const table of tables) table.filter();
}

// --- one person ---

function listed(heads, rows, empty) {
  if (!rows.length) return make("p", "empty", empty);
  const head = make("tr", "", ...heads.map((name) => Object.assign(make("th", "", say(name)), { scope: "col" })));
  const table = make("table", "", make("thead", "", head), make("tbody", "", ...rows.map((cells) => make("tr", "", ...cells.map((cell) => make("td", "", ...[cell].flat()))))));
  const region = make("div", "scroll", table);
  region.tabIndex = 0;
  region.setAttribute("role", "region");
  return region;
}

function wantedList(person) {
  const wanted = data.wanted[person] & 127;
  const owns = (level) => holds(person, level) && !isSample(person, level);
  const highest = Math.max(0, ...data.levels.map((_, at) => (owns(at + 1) ? at + 1 : 0)));
  const next = Math.min(data.levels.length, Math.max(wanted, highest) + 1);
  const lines = [["job", wanted], ["next", next]].filter(([, level]) => level && !(level === next && owns(next) && next === wanted));
  return lines.filter(([name, level]) => name === "job" || level !== wanted).map(([name, level]) => {
    const covered = name === "job" && highest > level;
    return make("li", "", make("b", "", say(name, levelName(level))), " ", (covered ? "" : lacks(person, level).join(say("and"))) || say("nothing"));
  });
}

function openPerson(person) {
  const dialog = one("#person"), body = one(".body", dialog);
  const range = (from) => [...Array(from[person + 1] - from[person]).keys()].map((at) => from[person] + at);
  const facts = ["site", "team", "role", "manager"].filter((name) => named(name, person));
  const papers = range(data.paperFrom).map((at) => [data.paperNumber[at], levelName(data.paperLevel[at]), stateChip(paperState(at)), day(data.paperBegins[at]), day(paperEnds(at))]);
  const results = range(data.resultFrom).map((at) => [
    named("sitting", at), levelName(data.resultLevel[at]), day(data.resultDay[at]), outcomeChip(at), score(at, 0), score(at, 1),
    data.domains.flatMap((domain, place) => (bandOf(at, place) ? [make("span", "domain", domain[1 + chosen()], " ", pips(bandOf(at, place)))] : []))]);
  const title = make("h2", "", data.name[person] || data.number[person], " ", make("span", "faint small", data.number[person]));
  title.id = "person-name";
  const section = (name, node) => {
    const heading = make("h3", "", say(name));
    heading.id = `p-${name}`;
    if (node.getAttribute("role")) node.setAttribute("aria-labelledby", heading.id);
    return [heading, node];
  };
  body.replaceChildren(
    title,
    make("p", "faint", facts.map((name) => say("fact", say(name), named(name, person))).join(" · ")),
    make("ul", "wanted", ...wantedList(person)),
    ...section("certificates", listed(["certificate", "level", "state", "begins", "ends"], papers, say("no_certificates"))),
    ...section("results", listed(["sitting", "level", "date", "outcome", "written", "practical", "domains"], results, say("no_results"))),
  );
  dialog.dataset.person = person;
  if (!dialog.open) dialog.showModal();
}

// --- the page ---

function speak(language) {
  root.dataset.language = language;
  root.lang = language === "zh" ? "zh-CN" : "en";
  for (const node of all("[data-en]")) node.textContent = node.dataset[language];
  for (const node of all("[data-label-en]")) {
    const label = node.dataset[language === "zh" ? "labelZh" : "labelEn"];
    node.setAttribute(node.dataset.on || "aria-label", label);
    if (node.placeholder !== undefined) node.setAttribute("aria-label", label);
  }
  for (const button of all("[data-speak]")) button.setAttribute("aria-pressed", String(button.dataset.speak === language));
  document.title = one("h1").textContent;
  for (const table of tables || []) table.anew();
  if (one("#person").open) openPerson(Number(one("#person").dataset.person));
}

document.addEventListener("click", ({ target }) => {
  const button = target.closest("button, .sort");
  if (button?.dataset.speak) speak(button.dataset.speak);
  else if (button?.dataset.print !== undefined) window.print();
  else if (button?.dataset.close !== undefined) one("#person").close();
  else if (button?.dataset.person) openPerson(Number(button.dataset.person));
  else if (button?.className === "sort") tables?.find((grid) => grid.table === button.closest("table")).sort(button.closest("th"));
});
document.addEventListener("keydown", (event) => {
  if (event.target.className !== "sort" || !["Enter", " "].includes(event.key)) return;
  event.preventDefault();
  event.target.click();
});
addEventListener("resize", () => { for (const table of tables || []) Object.assign(table, { height: 0 }).anew(); });
print.addEventListener("change", () => { for (const table of tables || []) table.draw(); });

async function begin() {
  speak(root.dataset.language);
  if (!globalThis.DecompressionStream) {
    one("#waiting").hidden = true;
    one("#too-old").hidden = false;
    return;
  }
  data = await unpack(one("#data").textContent);
  one("#data").remove();
  keep = new Uint8Array(data.people);
  tables = Object.entries(columns()).map(([name, spec]) => new Grid(name, spec));
  form.addEventListener("input", filter);
  form.addEventListener("reset", () => setTimeout(filter));
  form.addEventListener("submit", (event) => event.preventDefault());
  filter();
  one("#waiting").hidden = true;
  root.dataset.ready = "";
}
begin();
