// Small helpers to build the page: elements, icons, and what a screen reader is told.

/** An element: h("p", {class: "x", onclick: f}, "text", child). False and null children are left out. */
export function h(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (name in element && typeof value !== "string") element[name] = value;
    else if (value !== null && value !== false) element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children.flat(Infinity).filter((child) => child !== null && child !== undefined && child !== false));
  return element;
}

/** The paper's own HTML. Styles inside tags are not allowed on this page, so a column's alignment becomes a class. */
export function html(tag, attributes, text) {
  const element = h(tag, attributes);
  element.innerHTML = text.replace(/ style="text-align:\s*(left|center|right);?"/g, ' class="to-$1"');
  for (const table of element.querySelectorAll("table")) {
    const scroll = h("div", { class: "table" });
    table.replaceWith(scroll);
    scroll.append(table);
  }
  return element;
}

/** The paper's HTML as plain words, for labels and lists. */
export function words(text) {
  return html("div", {}, text).textContent.replace(/\s+/g, " ").trim();
}

const PATHS = {
  check: "M4 12.5l5 5L20 6.5",
  flag: "M6 21V4h11l-2.5 4.5L17 13H6",
  up: "M6 15l6-6 6 6",
  down: "M6 9l6 6 6-6",
  left: "M15 6l-6 6 6 6",
  right: "M9 6l6 6-6 6",
  warn: "M12 4l9 16H3zM12 10v4.5M12 17.2v.3",
  clock: "M12 3.5a8.5 8.5 0 100 17 8.5 8.5 0 000-17zM12 8v4.5l3 2",
  pause: "M9 5v14M15 5v14",
  play: "M7 5l12 7-12 7z",
  note: "M6 4h12v16H6zM9 9h6M9 13h6",
  save: "M12 4v11M7 11l5 5 5-5M5 20h14",
  grid: "M5 5h5v5H5zM14 5h5v5h-5zM5 14h5v5H5zM14 14h5v5h-5z",
};

/** A line drawing of 1 em; it says nothing to a screen reader. */
export function icon(name) {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  for (const [key, value] of Object.entries({ viewBox: "0 0 24 24", class: `icon icon-${name}`, "aria-hidden": "true" })) svg.setAttribute(key, value);
  const path = document.createElementNS("http://www.w3.org/2000/svg", "path");
  path.setAttribute("d", PATHS[name]);
  svg.append(path);
  return svg;
}

/** What this browser remembers under a name; a browser that remembers nothing forgets it, and all goes on. */
export function remembered(store, key, value) {
  try {
    if (value !== undefined) window[store].setItem(key, value);
    return window[store].getItem(key);
  } catch {
    return null;
  }
}

/** Tell a screen reader, when it has finished its sentence ("polite") or at once ("alert"). */
export function tell(text, how = "polite") {
  const place = document.getElementById(how);
  place.textContent = "";
  requestAnimationFrame(() => { place.textContent = text; });
}

/** Show one screen in the main part of the page and put the focus on its heading. */
export function show(...children) {
  const main = document.getElementById("main");
  main.replaceChildren(...children.flat().filter(Boolean));
  const heading = main.querySelector("h1, h2");
  if (heading) {
    heading.tabIndex = -1;
    heading.focus({ preventScroll: true });
  }
  window.scrollTo(0, 0);
}
