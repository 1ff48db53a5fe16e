const {entries, levels, hidden, most} = JSON.parse(document.getElementById("entries").textContent);
const find = document.getElementById("find");
const body = document.querySelector("tbody");
const plain = text => text.normalize("NFKC").toLowerCase();
const texts = entries.map(([number, level, ...parts]) => plain([number, ...levels[level], ...parts].join(" ")));

function cell(row, name, ...words) {
  const cell = row.insertCell();
  cell.className = name;
  const inner = name === "file" ? cell.appendChild(document.createElement("code")) : cell;
  if (words.length === 1) {
    inner.textContent = words[0];
    return;
  }
  for (const [place, language] of [["en", "en"], ["zh", "zh-CN"]].entries()) {
    const part = cell.appendChild(document.createElement("span"));
    [part.className, part.lang] = language;
    part.textContent = words[place];
  }
}

function draw([number, level, ...parts]) {
  const row = body.insertRow();
  cell(row, "number", number);
  cell(row, "level", ...levels[level]);
  for (const [place, name] of ["name", "until", "file"].entries()) {
    if (parts[place] === null) {
      cell(row, "not", ...hidden);
    } else {
      cell(row, name, parts[place]);
    }
  }
}

if (navigator.language.startsWith("zh")) document.querySelector("input[value=zh]").click();

find.addEventListener("input", () => {
  const wanted = plain(find.value.trim());
  const found = entries.filter((entry, place) => texts[place].includes(wanted));
  body.replaceChildren();
  found.slice(0, most).forEach(draw);
  document.getElementById("count").textContent = wanted ? `${found.length} / ${entries.length}` : `${entries.length}`;
  document.getElementById("none").hidden = found.length > 0;
  document.getElementById("more").hidden = found.length <= most;
});
