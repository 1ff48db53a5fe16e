"use strict";
const all = (query, where = document) => [...where.querySelectorAll(query)];
const root = document.documentElement;

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
  document.title = document.querySelector("h1").textContent;
}

function filter() {
  const { search, site, team, level } = document.forms.filters.elements;
  const words = search.value.trim().toLowerCase().split(/\s+/);
  for (const row of all("tr[data-find]")) {
    const { find, holds } = row.dataset;
    row.hidden = !(words.every((word) => find.includes(word))
      && (site.selectedIndex === 0 || row.dataset.site === site.value)
      && (team.selectedIndex === 0 || row.dataset.team === team.value)
      && (level.value === "" || (level.value === "none" ? holds === "" : holds.split(" ").includes(level.value))));
  }
  for (const table of all("table")) {
    const counter = document.querySelector(`[data-counts="${table.id}"]`);
    if (counter) counter.textContent = all("tbody tr:not([hidden])", table).length;
  }
}

function sort(header) {
  const table = header.closest("table"), column = header.cellIndex, body = table.tBodies[0];
  const down = header.getAttribute("aria-sort") === "ascending";
  for (const other of all("th[aria-sort]", table)) other.setAttribute("aria-sort", "none");
  header.setAttribute("aria-sort", down ? "descending" : "ascending");
  const order = new Intl.Collator(root.lang, { numeric: true });
  const value = (row) => row.cells[column].dataset.value ?? row.cells[column].textContent;
  // A collator reads the sign of a number as a hyphen, so numbers are compared as numbers.
  const compare = (x, y) => (x === "" || y === "" || isNaN(x) || isNaN(y) ? order.compare(x, y) : x - y);
  body.append(...[...body.rows].sort((a, b) => compare(value(a), value(b)) * (down ? -1 : 1)));
}

document.addEventListener("click", ({ target }) => {
  const button = target.closest("button, .sort");
  if (button?.dataset.speak) speak(button.dataset.speak);
  else if (button?.dataset.print !== undefined) window.print();
  else if (button?.className === "sort") sort(button.closest("th"));
});
document.addEventListener("keydown", (event) => {
  if (event.target.className !== "sort" || !["Enter", " "].includes(event.key)) return;
  event.preventDefault();
  sort(event.target.closest("th"));
});
document.forms.filters.addEventListener("input", filter);
document.forms.filters.addEventListener("reset", () => setTimeout(filter));
document.forms.filters.addEventListener("submit", (event) => event.preventDefault());
speak(root.dataset.language);
filter();
