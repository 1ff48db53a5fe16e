const find = document.getElementById("find");
const rows = [...document.querySelectorAll("tbody tr")];
find.addEventListener("input", () => {
  const wanted = find.value.normalize("NFKC").trim().toLowerCase();
  let shown = 0;
  for (const row of rows) {
    row.hidden = !row.textContent.normalize("NFKC").toLowerCase().includes(wanted);
    shown += !row.hidden;
  }
  document.getElementById("count").textContent = wanted ? `${shown} / ${rows.length}` : `${rows.length}`;
  document.getElementById("none").hidden = shown > 0;
});
