/* One view of ikmgeo on its own. What ikmgeo/portable.py escaped arrives as HTML (panels, legend,
   drawings, rows of zones and places); everything else is text and stays text. */
"use strict";

const byId = (id) => document.getElementById(id);
const data = JSON.parse(byId("data").textContent);
const words = data.words;
const language = document.documentElement.lang;
const written = new Intl.NumberFormat(language).format;
const compare = new Intl.Collator(language, { numeric: true }).compare;
const PAGE = 200; // rows of the table that are drawn at a time

const centers = data.centers.map(
  ([lat, lon, category, conflict, naming, commodity, district, area, lines, below, value, shade, cells], at) =>
    ({ at, lat, lon, category, conflict, naming, commodity, district, area, lines, below, value, shade, cells, name: cells[1] }));
const filters = ["category", "commodity"];

let shown = centers;
let chosen = null; // {kind, id}: number of a center or zone, code of a district
let before = null; // what had the focus when the panel took it
let order = { column: 3, down: true };
let drawn = PAGE;
let signs = null, flows = null, focus = null; // layers of the map

function element(tag, text, className) {
  const node = document.createElement(tag);
  if (text !== undefined) node.textContent = text;
  if (className) node.className = className;
  return node;
}

function button(text, act) {
  const node = element("button", text);
  node.type = "button";
  node.onclick = act;
  return node;
}

/* A drawing of ours, with words where it says something that no text beside it says. */
function drawing(name, label) {
  const node = element("span", undefined, "sign");
  node.innerHTML = data.pictures[name];
  if (label) node.firstChild.alt = node.title = label;
  return node;
}

const filled = (forms, values, number) => forms.at(number === 1 ? 0 : -1).replace(/\{(\w+)\}/g, (_, name) => values[name]);
const inert = (text) => element("b", text).innerHTML; // text as HTML, for ikmgeo's map
const shows = (cell) => (Array.isArray(cell) ? cell[1] : cell);

/* The map */

const [south, west] = data.prepare.province[0], [north, east] = data.prepare.province[1];
const map = L.map("map", {
  center: [(south + north) / 2, (west + east) / 2], zoom: 8, minZoom: 6, maxZoom: 18, zoomSnap: 0.5,
  maxBounds: [[south - 4, west - 5], [north + 4, east + 5]], preferCanvas: true,
});
ikmgeo.prepare(map, data.prepare);
if (data.oriented) ikmgeo.orientation().addTo(map);
ikmgeo.rings(data.rings).addTo(map);
ikmgeo.footprints(data.footprints).addTo(map);
ikmgeo.markers(data.places).addTo(map);
ikmgeo.markers(data.zones).addTo(map).on("click", (e) => choose("zone", e.layer.toGeoJSON().properties.id));
Object.entries(map.ikmDistricts).forEach(([code, shape]) => shape.on("click", () => choose("district", code)));

function drawSigns() {
  [signs, flows].filter(Boolean).forEach((layer) => layer.remove());
  const here = new Set(shown.map((c) => c.lat + " " + c.lon)); // a line ends at the center that it is of
  flows = ikmgeo.flows(data.flows.filter((line) => here.has(line[0] + " " + line[1]))).addTo(map);
  const rows = shown.map((c) => [c.at, c.lat, c.lon, c.category, c.conflict, inert(c.name), inert(c.below), c.naming, inert(c.value), c.shade]);
  signs = ikmgeo.centers(rows, rows.length >= data.many, inert(words["map.choose"]), inert(words["map.choose_more"]));
  signs.addTo(map).on("click", (e) => choose("center", e.layer.toGeoJSON().properties.id));
}

/* What is chosen: a center with its area and its lines to the zones, or the border of a district. */
function drawFocus() {
  if (focus) focus.remove();
  const center = chosen && chosen.kind === "center" ? centers[chosen.id] : null;
  const drawn = center && shown.includes(center); // nothing surrounds what a filter hides
  map.getContainer().classList.toggle("ringed", Boolean(drawn && data.areas[center.area][1]));
  if (drawn) focus = ikmgeo.focus([center.lat, center.lon], data.areas[center.area][1], ways(center));
  else focus = chosen && chosen.kind === "district" ? ikmgeo.border(chosen.id) : L.featureGroup();
  focus.addTo(map);
  ikmgeo.always(map, drawn ? [center.at] : []);
  signs.bringToFront();
}

/* Ends of a center's lines to the zones, at their signs unless it is told, and their km. */
const ways = (center) => center.lines.map((line, i) => {
  const [km, lat = data.zones[i][2], lon = data.zones[i][3]] = line;
  return [lat, lon, inert(km)];
});

/* The panel */

/* Choose something, or nothing; from the keyboard or the table, the reader is taken to the panel. */
function choose(kind, id, go) {
  chosen = kind ? { kind, id } : null;
  drawFocus();
  tell();
  markRow();
  if (go) {
    before = document.activeElement;
    byId("panel").focus();
  }
}

function close() {
  choose(null);
  if (before && before.isConnected) before.focus();
}

function tell() {
  const panel = byId("panel"), kind = chosen ? chosen.kind : "none";
  panel.scrollTop = 0;
  panel.innerHTML = chosen ? data.panels[kind][chosen.id] || "" : data.panels.none;
  if (!chosen) return;
  if (kind === "center") tellCenter(panel, centers[chosen.id]);
  else if (data.partial) panel.append(element("p", words["portable.only_these"], "ikm-note"));
  if (kind === "district") {
    const inside = centers.filter((c) => c.district === chosen.id), some = inside.slice(0, 12);
    some.forEach((c) => panel.append(button(c.name, () => choose("center", c.at, true))));
    const counted = { shown: written(some.length), count: written(inside.length) };
    if (inside.length > some.length) panel.append(element("p", filled(words["district.first_centers"], counted), "ikm-note"));
  }
  panel.append(button(words["panel.close"], close));
}

function tellCenter(panel, center) {
  if (!panel.firstChild) panel.append(shortly(center));
  if (!shown.includes(center)) {
    panel.prepend(element("p", words["center.filtered_out"], "ikm-warn"), button(words["center.show"], () => reveal(center)));
  }
  if (center.district) {
    const label = filled(words["center.open_district"], { name: data.district_names[center.district] });
    panel.append(button(label, () => choose("district", center.district, true)));
  }
}

/* What the table tells, and where it may lie, for a center without a panel of its own. */
function shortly(center) {
  const box = element("div", undefined, "ikm-panel"), facts = element("dl");
  const told = [...center.cells.map(shows).slice(0, -1), data.areas[center.area][0]];
  told.forEach((value, i) => {
    const fact = element("div");
    fact.append(element("dt", data.columns[i]), element("dd", value));
    facts.append(fact);
  });
  box.append(element("h2", center.name), element("p", center.below, "ikm-lead"), facts);
  box.append(element("p", words["portable.short"], "ikm-note"));
  return box;
}

/* The filters */

const marked = (name) => new Set([...document.querySelectorAll(`input[name=${name}]:checked`)].map((box) => box.value));

function passing(sets) {
  return centers.filter((c) => filters.every((name) => !sets[name].size || sets[name].has(c[name])));
}

function clear(names) {
  names.forEach((name) => document.querySelectorAll(`input[name=${name}]`).forEach((box) => { box.checked = false; }));
  filter();
  byId("filters").querySelector("input, summary").focus();
}

/* Drop the filters that hide a center. */
function reveal(center) {
  clear(filters.filter((name) => marked(name).size && !marked(name).has(center[name])));
}

function filter() {
  const sets = Object.fromEntries(filters.map((name) => [name, marked(name)]));
  shown = passing(sets);
  const counted = { kept: written(shown.length), of: written(centers.length) };
  byId("count").textContent = filled(words["filter.count"], counted, centers.length);
  byId("reset").disabled = filters.every((name) => !sets[name].size);
  drawSigns();
  drawFocus();
  tell();
  drawn = PAGE;
  drawRows();
  offer(sets);
}

/* Ways out when nothing is left. */
function offer(sets) {
  const box = byId("nothing");
  box.replaceChildren();
  if (shown.length) return;
  const ways = filters.filter((name) => sets[name].size)
    .map((name) => [name, passing({ ...sets, [name]: new Set() }).length]).filter((way) => way[1]);
  const next = words[ways.length ? "filter.relax" : "filter.relax_more"];
  box.append(element("p", words["filter.nothing"] + (centers.length ? " " + next : ""), "ikm-warn"));
  const names = { category: words["filter.categories"], commodity: words["filter.commodities"] };
  ways.forEach(([name, count]) => {
    const label = filled(words["filter.drop"], { filter: names[name], count: written(count) }, count);
    box.append(button(label, () => clear([name])));
  });
  if (centers.length && !ways.length) box.append(button(words["filter.reset"], () => clear(filters)));
}

/* The table */

const heads = [...document.querySelectorAll("#table th")];
const body = document.querySelector("#table tbody");

/* Missing values come last, whichever way the others run. */
function sorted() {
  const key = (c) => { const cell = c.cells[order.column]; return Array.isArray(cell) ? cell[0] : cell; };
  return shown.slice().sort((a, b) => {
    const [x, y] = [key(a), key(b)];
    if (x === null || y === null) return (x === null) - (y === null);
    const way = typeof x === "number" ? x - y : compare(x, y);
    return order.down ? -way : way;
  });
}

function drawRows() {
  const rows = sorted();
  heads.forEach((head, i) => {
    const way = order.down ? "descending" : "ascending";
    if (i === order.column) head.setAttribute("aria-sort", way); else head.removeAttribute("aria-sort");
  });
  body.replaceChildren(...rows.slice(0, drawn).map(row));
  const left = rows.length - drawn, more = byId("more");
  more.replaceChildren();
  if (left > 0) {
    const next = Math.min(left, PAGE);
    const label = filled(words["portable.more"], { count: written(next) }, next);
    more.append(button(label, () => { drawn += PAGE; drawRows(); }));
  }
  markRow();
}

function row(center) {
  const line = element("tr");
  line.dataset.at = center.at;
  center.cells.forEach((cell, i) => {
    const box = element("td", i === 1 ? undefined : shows(cell), Array.isArray(cell) && i !== 2 ? "number" : "");
    if (i === 1 && center.conflict) box.append(drawing("conflict", words["map.conflicting"]));
    if (i === 1) box.append(button(center.name, () => choose("center", center.at, true)));
    if (i === 2) box.prepend(drawing(center.category));
    line.append(box);
  });
  line.onclick = (event) => { if (!event.target.closest("button")) choose("center", center.at); };
  return line;
}

function markRow() {
  body.querySelectorAll("[aria-current]").forEach((line) => line.removeAttribute("aria-current"));
  if (!chosen || chosen.kind !== "center") return;
  const line = body.querySelector(`[data-at="${chosen.id}"]`);
  if (line) line.setAttribute("aria-current", "true");
}

heads.forEach((head, i) => {
  head.firstChild.onclick = () => {
    order = { column: i, down: order.column === i && !order.down };
    drawRows();
  };
});
byId("filters").addEventListener("change", filter);
byId("reset").onclick = () => clear(filters);
byId("choices").open = window.innerWidth > 900;
filter();
ikmgeo.words(map, data.legend, data.titles, data.attribution);
if (data.selection) choose(...data.selection);
