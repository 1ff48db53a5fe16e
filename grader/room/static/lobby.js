// The lobby: find your seat by its number or from the list.

import { h, show, tell } from "./dom.js";
import { call } from "./saver.js";
import { STRINGS, clockTime, dayTime } from "./strings.js";

const base = document.documentElement.dataset.base;
const other = document.getElementById("other");
let language = (navigator.language || "en").toLowerCase().startsWith("zh") ? "zh" : "en";
let sittings = null;
let watched = [];

function draw() {
  const t = STRINGS[language];
  document.documentElement.lang = language === "zh" ? "zh-CN" : "en";
  other.textContent = language === "zh" ? "English" : "中文";
  other.lang = language === "zh" ? "en" : "zh-CN";
  const problem = h("p", { class: "problem", role: "alert", id: "problem" });
  const input = h("input", { id: "seat", class: "code", type: "text", autocomplete: "off", autocapitalize: "characters", spellcheck: "false", maxlength: "64", "aria-describedby": "problem" });
  const submit = (event) => {
    event.preventDefault();
    const typed = input.value.trim();
    const known = (sittings || []).flatMap((one) => one.seats).find((one) => one.seat.toLowerCase() === typed.toLowerCase());
    const wanted = known ? known.seat : typed; // the field shows capitals, whatever is typed
    if (wanted) {
      location.href = `${base}/seats/${encodeURIComponent(wanted)}`;
    } else {
      problem.textContent = t.lobbyEmpty;
      input.focus();
    }
  };
  show(
    h("section", { class: "card" },
      h("h1", {}, t.lobbyTitle), h("p", { class: "lead" }, t.lobbyText),
      h("form", { onsubmit: submit, novalidate: true, class: "one-line" }, h("div", {}, h("label", { for: "seat" }, t.lobbySeat), input), h("button", { type: "submit", class: "button" }, t.lobbyGo)), problem),
    (sittings || []).map((one) => sitting(t, one)),
    sittings && !sittings.length ? h("p", { class: "card" }, t.lobbyNone) : null,
    sittings ? null : h("p", { class: "card" }, t.cannotLoad),
    watched.length ? h("section", { class: "card quiet-card" }, h("h2", {}, t.lobbyInvigilate), h("p", { class: "hint" }, t.lobbyInvigilateText),
      h("ul", { class: "watched" }, watched.map((one) => h("li", {}, h("a", { href: `${base}/invigilate/${one.sitting}` }, `${one.titles[language]} · ${one.sitting}`))))) : null,
  );
}

function sitting(t, one) {
  const sameDay = new Date(one.opens_at).toDateString() === new Date(one.closes_at).toDateString();
  const until = sameDay ? clockTime(one.closes_at, language, false) : dayTime(one.closes_at, language);
  return h("section", { class: "card" },
    h("h2", {}, one.titles[language] || Object.values(one.titles)[0]),
    h("p", { class: "hint" }, `${one.sitting} · ${t.lobbyWindow(dayTime(one.opens_at, language), until)}`),
    h("ul", { class: "seats" }, one.seats.map((seat) => h("li", {},
      h("a", { class: `seat-link ${seat.status}`, href: `${base}/seats/${seat.seat}` }, h("strong", {}, seat.seat), h("span", {}, t.status[seat.status]))))));
}

other.addEventListener("click", () => {
  language = language === "zh" ? "en" : "zh";
  draw();
  other.focus();
  tell(document.title);
});

const [status, answer] = await call("GET", "seats");
if (status === 200) [sittings, watched] = [answer.sittings, answer.invigilate];
draw();
