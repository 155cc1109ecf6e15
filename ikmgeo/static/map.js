/* Draws what folium has no element for: category signs, their names, the legend. Text arrives as
   HTML that ikmgeo.markup.inert() made inert; rows are plain arrays. */
(function () {
  "use strict";
  const ZONE = "#6a1b6a", INK = "#1f2328"; // as in ikmgeo/symbols.py
  let patterns = {}; // name -> fill of a canvas
  let signs = {}; // code -> {path: Path2D in a box of -1..1, fill: colour}
  let clicks = 0; // makes each click differ, so that choosing the same thing again is noticed

  function answer(layer, kind, id) {
    layer.toGeoJSON = () => ({ type: "Feature", properties: { kind: kind, id: id, click: ++clicks } });
    return layer;
  }

  function element(tag, className, html) {
    const node = document.createElement(tag);
    node.className = className;
    node.innerHTML = html || "";
    return node;
  }

  const aboveUnits = {
    beforeAdd: function (map) {
      if (map.getPane("units")) this.options.pane = "signs"; // or its tiles would cover them
      L.Path.prototype.beforeAdd.call(this, map);
    },
  };

  const Area = L.Polygon.extend(aboveUnits);

  const Sign = L.CircleMarker.extend({
    ...aboveUnits,
    _updatePath: function () {
      const renderer = this._renderer;
      if (!renderer._drawing || this._empty()) return;
      const ctx = renderer._ctx, point = this._point, radius = this._radius, sign = signs[this.options.sign];
      ctx.save();
      ctx.globalAlpha = 1; // a flow line drawn before leaves its own, an area its dashes
      ctx.setLineDash([]);
      ctx.translate(point.x, point.y);
      ctx.scale(radius, radius);
      ctx.lineJoin = "round";
      if (radius > 4) { // a halo, where there is room for one
        ctx.lineWidth = 4.2 / radius;
        ctx.strokeStyle = "#fff";
        ctx.stroke(sign.path);
      }
      ctx.fillStyle = this.options.shade || sign.fill;
      ctx.fill(sign.path, "evenodd");
      ctx.lineWidth = (radius > 4 ? 1.6 : 0.5) / radius;
      ctx.strokeStyle = INK;
      ctx.stroke(sign.path);
      if (this.options.conflict) {
        ctx.beginPath();
        ctx.arc(0.85, -0.85, 0.62, 0, 2 * Math.PI);
        ctx.fillStyle = INK;
        ctx.fill();
        ctx.fillStyle = "#fff";
        ctx.fillRect(0.75, -1.25, 0.2, 0.5);
        ctx.fillRect(0.75, -0.65, 0.2, 0.2);
      }
      ctx.restore();
    },
  });

  const CLOSE = 4; // px around a sign that still count as on it
  const RING = 16; // radius in px of the ring around what is chosen
  const FINGER = 14; // px around a sign that a finger may miss it by

  /* Radius on screen of a layer that a tap can choose; none for any other layer. */
  function radiusOf(layer) {
    if (layer instanceof Sign) return layer.options.interactive ? layer.getRadius() : 0;
    if (!layer.ikmZone) return 0;
    return layer._map.getZoom() < 8 ? 7 : 13;
  }

  /* What is chosen by a tap: the signs under it, else what is named there, else for a finger the
     nearest sign it just missed. */
  function under(map, at, finger) {
    const found = [];
    map.eachLayer((layer) => {
      const radius = radiusOf(layer);
      if (radius) found.push([map.latLngToContainerPoint(layer.getLatLng()).distanceTo(at) - radius, layer]);
    });
    const on = found.filter((pair) => pair[0] <= CLOSE).map((pair) => pair[1]);
    if (on.length) return on;
    const { x, y } = map.containerPointToLayerPoint(at);
    const named = map.ikmNamed.find(([box]) => inBox(box, x, y));
    if (named) return [named[1]];
    const missed = found.filter((pair) => finger && pair[0] <= FINGER).sort((one, other) => one[0] - other[0]);
    return missed.slice(0, 1).map((pair) => pair[1]);
  }

  /* A tap chooses the sign under it, whatever else is drawn there: names, lines, areas, tiles. */
  function chooseByTap(map) {
    const box = map.getContainer();
    let finger = false;
    box.addEventListener("pointerdown", (event) => { finger = event.pointerType === "touch"; }, true);
    box.addEventListener("click", (event) => {
      if (event.target.closest(".leaflet-control, .ikm-choose")) return;
      closeList(map);
      if (map.dragging.moved() || map.boxZoom.moved() || event.detail === 0) return;
      const at = map.mouseEventToContainerPoint(event), found = under(map, at, finger);
      if (!found.length) return;
      event.stopPropagation();
      if (found.length === 1) pick(found[0]); else list(map, found, at);
    }, true);
    map.on("movestart zoomstart", () => closeList(map));
  }

  const placeOf = (layer) => layer.ikmAt || layer.getLatLng(); // a district is named at a place in it

  function pick(layer) {
    layer.fire("click", { latlng: placeOf(layer) }, true);
  }

  function closeList(map) {
    if (map.ikmList) map.ikmList.remove();
    map.ikmList = null;
    map.getContainer().classList.remove("ikm-asking");
  }

  /* Name, category and score of each of several signs, over the map but clear of its controls. */
  function list(map, found, at) {
    const told = map.ikmWords || {}, box = element("div", "ikm-choose", "<b>" + told.choose + "</b>");
    box.setAttribute("role", "dialog");
    box.setAttribute("aria-label", box.innerText || box.textContent);
    found.slice(0, 12).forEach((layer) => {
      const drawn = layer instanceof Sign ? drawing(layer.options) : layer.ikmZone.svg;
      const of = layer.ikmZone || layer.options;
      const button = element("button", "", drawn + "<span><b>" + of.name + "</b><small>" + of.below + "</small></span>");
      button.type = "button";
      button.onclick = () => { closeList(map); pick(layer); };
      box.appendChild(button);
    });
    if (found.length > 12) box.appendChild(element("p", "", told.more));
    box.onkeydown = (event) => { if (event.key === "Escape") { closeList(map); map.getContainer().focus(); } };
    L.DomEvent.disableClickPropagation(box);
    L.DomEvent.disableScrollPropagation(box);
    map.getContainer().appendChild(box);
    map.ikmList = box;
    map.getContainer().classList.add("ikm-asking");
    putClear(map, box, at);
    box.querySelector("button").focus({ preventScroll: true });
  }

  function drawing(of) {
    return '<svg width="18" height="18" viewBox="-1.3 -1.3 2.6 2.6" aria-hidden="true"><path d="' + signs[of.sign].drawn
      + '" fill="' + (of.shade || signs[of.sign].fill) + '" fill-rule="evenodd" stroke="#1f2328" stroke-width=".18"/></svg>';
  }

  /* Put a box beside a point, where it covers none of the map's controls or as little as can be. */
  function putClear(map, box, at) {
    const size = map.getSize(), wide = box.offsetWidth, high = box.offsetHeight, gap = 14, taken = controls(map);
    const within = (value, most) => Math.max(4, Math.min(value, most - 4));
    const spots = [];
    [at.y + gap, at.y - gap - high, at.y - high / 2, 4, size.y - high].forEach((top) =>
      [at.x + gap, at.x - gap - wide, at.x - wide / 2, 52, size.x - wide].forEach((left) =>
        spots.push([within(left, size.x - wide), within(top, size.y - high)])));
    const covered = (spot) => overlap([spot[0], spot[1], spot[0] + wide, spot[1] + high], taken);
    const best = spots.reduce((a, b) => (covered(b) < covered(a) ? b : a));
    box.style.left = best[0] + "px";
    box.style.top = best[1] + "px";
  }

  /* Boxes [left, top, right, bottom] of the map's controls, in px of its frame. */
  function controls(map) {
    const origin = map.getContainer().getBoundingClientRect();
    return [...map.getContainer().querySelectorAll(".leaflet-control")].map((control) => {
      const r = control.getBoundingClientRect();
      return [r.left - origin.left, r.top - origin.top, r.right - origin.left, r.bottom - origin.top];
    });
  }

  /* What a press on the legend asks for goes the way of a click on the map. */
  function filterByLegend(map, box) {
    box.querySelectorAll("button").forEach((button) => {
      button.onclick = () => {
        answer(map.ikmAsked, "filter", button.dataset.code);
        map.ikmAsked.fire("click", { latlng: map.getCenter() }, true);
      };
    });
  }

  const inBox = (box, x, y) => x >= box[0] && y >= box[1] && x <= box[2] && y <= box[3];

  /* Area that a box shares with others. */
  function overlap(box, others) {
    return others.reduce((sum, o) => sum
      + Math.max(0, Math.min(box[2], o[2]) - Math.max(box[0], o[0])) * Math.max(0, Math.min(box[3], o[3]) - Math.max(box[1], o[1])), 0);
  }

  /* Radius of a sign in px: small where the province is small, smaller still where there are many. */
  function radius(zoom, many, large) {
    if (large && !many) return zoom < 8 ? 11 : 15;
    if (many) return zoom < 8 ? 2.5 : zoom < 10 ? 4 : 6;
    return zoom < 8 ? 6 : 9;
  }

  /* rows: [position, lat, lon, sign, conflict, name, line below the name, place in the order of naming];
     where the map is of values, also [value beside the name, fill of the sign or nothing] */
  function centers(rows, many, choose, more) {
    const group = L.featureGroup();
    const resize = () => group.eachLayer((sign) => 
      sign.setRadius(radius(group._map.getZoom(), many, group._map.ikmLarge)));
    group.on("add", () => {
      group._map.on("zoomend", resize);
      group._map.ikmWords = { choose: choose, more: more };
      resize();
      settle(group._map);
    });
    group.on("remove", () => { group._map.off("zoomend", resize); closeList(group._map); });
    rows.forEach((row) => {
      const sign = new Sign([row[1], row[2]], { radius: 5, sign: row[3], conflict: row[4], name: row[5], below: row[6],
        naming: row[7], at: row[0], fill: true, label: row[8] ? row[5] + " " + row[8].replaceAll(" ", "\u00a0") : row[5], shade: row[9] });
      group.addLayer(answer(sign, "center", row[0]));
    });
    group.bindTooltip((s) => element("div", "", "<b>" + s.options.name + "</b><br>" + s.options.below),
      { direction: "top", offset: [0, -8] });
    return group;
  }

  /* Which centers, by position, are named before all others and however crowded the map is. */
  function always(map, positions) {
    map.ikmAlways = new Set(positions);
    settle(map);
  }

  /* rows: [kind, id, lat, lon, svg, name, line below the name, short name to stand beside it] */
  function markers(rows) {
    const group = L.featureGroup();
    rows.forEach((row) => {
      const icon = L.divIcon({ html: row[4], className: "ikm-" + row[0], iconSize: row[0] === "zone" ? [26, 26] : [18, 18] });
      const marker = L.marker([row[2], row[3]], { icon: icon, riseOnHover: true, keyboard: row[0] === "zone", zIndexOffset: row[0] === "zone" ? 500 : 0 });
      const tip = element("div", "", "<b>" + row[5] + "</b><br>" + row[6]);
      marker.bindTooltip(tip, { direction: "top", offset: [0, -10] });
      marker.on("add", () => {
        const sign = marker.getElement();
        sign.setAttribute("role", row[0] === "zone" ? "button" : "img"); // places only tell their name
        sign.setAttribute("aria-label", tip.firstChild.innerText + ", " + tip.lastChild.textContent);
      });
      if (row[0] === "zone") marker.ikmZone = { svg: row[4], name: row[5], below: row[6], label: row[7] };
      marker.on("keypress", (e) => { if (e.originalEvent.key === "Enter") marker.fire("click", { latlng: marker.getLatLng() }, true); });
      group.addLayer(answer(marker, row[0], row[1]));
    });
    group.on("add", () => settle(group._map));
    return group;
  }

  /* Amounts on lines, where they cover no sign and no name. rows: [lat, lon, lat, lon, amount] */
  function amounts(rows) {
    const group = L.featureGroup();
    rows.forEach((row) => {
      const icon = L.divIcon({ html: "<span>" + row[4] + "</span>", className: "ikm-km", iconSize: [0, 0] });
      const middle = [(row[0] + row[2]) / 2, (row[1] + row[3]) / 2];
      const marker = L.marker(middle, { icon: icon, interactive: false, keyboard: false, zIndexOffset: 1000 });
      marker.ikmLine = [L.latLng(row[0], row[1]), L.latLng(row[2], row[3])];
      group.addLayer(marker);
    });
    group.on("add", () => settle(group._map));
    return group;
  }

  const boxAt = (x, y, wide, high) => [x - wide / 2, y - high / 2, x + wide / 2, y + high / 2];

  /* Signs in a box that names must not cover, in px of the map's layers, each with the radius that it takes up. */
  function signsIn(map, frame) {
    const found = [];
    map.eachLayer((layer) => {
      const sign = layer instanceof Sign, bare = sign ? layer.getRadius() : radiusOf(layer) || (layer.options.riseOnHover ? 9 : 0);
      if (!bare) return;
      const { x, y } = map.latLngToLayerPoint(layer.getLatLng());
      const ringed = sign && map.ikmRing && layer.getLatLng().equals(map.ikmRing);
      const r = ringed ? RING + 2 : bare * (layer.options.conflict ? 1.5 : 1.2) + 1; // corners, badge, halo
      if (x + r > frame[0] && x - r < frame[2] && y + r > frame[1] && y - r < frame[3]) found.push({ layer: layer, sign: [x, y, r] });
    });
    const center = (one) => one.layer.options.naming !== undefined;
    if (found.filter(center).length <= window.ikmLabels.CROWD) return found;
    return found.filter((one) => !center(one) || map.ikmAlways.has(one.layer.options.at));
  }

  /* What a map has room for beside its signs and between its controls. */
  function roomOf(seen, frame, taken) {
    const room = new window.ikmLabels.Room(frame, seen.map((one) => one.sign), 40);
    taken.forEach((box) => room.keep(box));
    return room;
  }

  /* Height of letters in px; before a room at least a thirtieth of the screen. */
  function letterSize(map) {
    if (!map.ikmLarge) return 12.5;
    let high = window.innerHeight;
    try { high = window.parent.innerHeight; } catch { /* a frame of somebody else's page */ }
    return Math.max(18, Math.ceil(high / 3) / 10);
  }

  const FONT = 'system-ui, "Segoe UI", Roboto, sans-serif'; // as in map.css
  const LONGEST = 60; // letters of a name on the map

  /* A name in one line and, broken where its halves are most alike, in two; a long one that way first. */
  function linesOfName(html) {
    const whole = element("span", "", html).textContent;
    const text = whole.length > LONGEST ? whole.slice(0, LONGEST - 1) + "…" : whole;
    const gaps = [...text.matchAll(/ /g)].map((gap) => gap.index);
    if (!gaps.length) return [[text]];
    const apart = (gap) => Math.abs(2 * gap + 1 - text.length);
    const at = gaps.reduce((best, gap) => (apart(gap) < apart(best) ? gap : best));
    const both = [[text], [text.slice(0, at), text.slice(at + 1)]];
    return text.length > 20 ? both.reverse() : both;
  }

  /* Put a name in a place that was found for it. */
  function setName(map, layer, lines, place, kind) {
    const { x, y } = map.latLngToLayerPoint(placeOf(layer)), box = place.box, node = element("div", "");
    if (place.dot) node.appendChild(element("b", ""));
    if (place.line) {
      const [, , to_x, to_y] = place.line, line = node.appendChild(element("i", ""));
      line.style.width = Math.hypot(to_x - x, to_y - y) + "px";
      line.style.transform = "rotate(" + Math.atan2(to_y - y, to_x - x) + "rad)";
    }
    const words = node.appendChild(element("span", ""));
    words.textContent = lines.join("\n");
    words.style.left = box[0] - x + "px";
    words.style.top = box[1] - y + "px";
    words.style.width = box[2] - box[0] + "px";
    words.style.textAlign = box[0] >= x ? "left" : box[2] <= x ? "right" : "center";
    const icon = L.divIcon({ className: "ikm-label ikm-of-" + kind, html: node, iconSize: [0, 0] });
    const marker = L.marker(placeOf(layer), { pane: "names", interactive: false, keyboard: false, icon: icon });
    map.ikmSet.addLayer(marker);
    if (kind === "zone") marker.getElement().setAttribute("aria-hidden", "true"); // its sign says it
    map.ikmNamed.push([box, layer]);
  }

  /* Name centers and zones and put amounts on their lines, where they cover nothing: what is chosen
     or in the headline, amounts, zones, which all else is told from, the most important centers; on a map
     of districts these before zones. Then ground names the land in the room that is left. */
  function arrange(map, land, ground) {
    const shaded = map.ikmShaded, px = letterSize(map);
    const size = map.getSize(), from = map.containerPointToLayerPoint([0, 0]);
    const frame = [from.x + 3, from.y + 3, from.x + size.x - 3, from.y + size.y - 3];
    const taken = controls(map).map((box) => box.map((side, i) => side + (i % 2 ? from.y : from.x)));
    const seen = [...signsIn(map, frame), ...(shaded ? landIn(map, land, frame) : [])], room = roomOf(seen, frame, taken);
    const open = (at) => !taken.some((box) => inBox(box, ...seen[at].sign)); // else a control hides it
    map.getContainer().style.setProperty("--ikm-text", px + "px");
    map.ikmSet.clearLayers();
    map.ikmNamed = [];
    const name = (at, html, kind, must) => {
      const broken = linesOfName(html), bold = kind === "zone" ? 700 : 600;
      const wide = (lines) => Math.ceil(Math.max(...lines.map((line) => width(line, px, bold)))) + 6;
      const shapes = broken.map((lines) => [wide(lines), Math.ceil(lines.length * px * 1.16)]);
      const place = onLand(map, room, seen[at], at, shapes) || room.name(at, shapes, must);
      if (place) setName(map, seen[at].layer, broken[place.shape], { dot: seen[at].wide && !place.on, ...place }, kind);
    };
    const centers = [...seen.keys()].filter((at) => room.holds(at) && seen[at].layer.options.naming !== undefined)
      .sort((one, other) => seen[one].layer.options.naming - seen[other].layer.options.naming);
    const must = (at) => map.ikmAlways.has(seen[at].layer.options.at);
    centers.filter(must).forEach((at) => name(at, seen[at].layer.options.label, "center", true));
    map.eachLayer((layer) => { if (layer.ikmLine) setAmount(map, layer, room); });
    const districts = (first) => [...seen.keys()].filter((at) => seen[at].wide && open(at) && (seen[at].first < Infinity) === first)
      .sort((one, other) => seen[one].first - seen[other].first)
      .forEach((at) => name(at, seen[at].name, first ? "district" : "other", first));
    districts(true);
    seen.forEach((one, at) => { if (one.layer.ikmZone && open(at)) name(at, one.layer.ikmZone.label, "zone", !shaded); });
    districts(false);
    map.eachLayer((layer) => { if (layer.ikmAround) setOnRing(map, layer, room); });
    centers.filter((at) => open(at) && !must(at)).slice(0, window.ikmLabels.MOST).forEach((at) => name(at, seen[at].layer.options.label, "center", false));
    if (!shaded) ground(room, px);
  }

  /* Districts as signs that names can stand beside: a dot each, where they are too small for their name. */
  function landIn(map, land, frame) {
    const perDegree = 256 * Math.pow(2, map.getZoom()) / 360;
    return land.filter((one) => map.ikmDistricts[one.code]).map((one) => {
      const { x, y } = map.latLngToLayerPoint(one.at), layer = map.ikmDistricts[one.code], first = map.ikmShaded.indexOf(one.code);
      layer.ikmAt = one.at;
      return { layer: layer, sign: [x, y, 4], wide: one.size * perDegree * 1.1, name: one.html, first: first < 0 ? Infinity : first };
    }).filter(({ sign: [x, y] }) => inBox(frame, x, y));
  }

  /* Room for a name on the land that it names. */
  function onLand(map, room, one, at, shapes) {
    for (const [shape, [wide, high]] of one.wide ? shapes.entries() : []) {
      if (wide > one.wide) continue;
      const [x, y] = one.sign, shifts = [0, 0.8, -0.8, 1.6, -1.6].map((part) => part * high);
      const boxes = shifts.map((shift) => boxAt(x, y + shift, wide, high)), found = room.first(boxes, at);
      if (found >= 0) return { box: boxes[found], shape: shape, line: null, on: true };
    }
    return null;
  }

  /* Put an amount on its line, else beside it. */
  function setAmount(map, marker, room) {
    const label = marker.getElement().firstChild, ends = marker.ikmLine.map((end) => map.latLngToLayerPoint(end));
    const wide = label.offsetWidth, high = label.offsetHeight;
    const middles = [0, high, -high, 2 * high, -2 * high].flatMap((aside) =>
      [0.5, 0.58, 0.42, 0.66, 0.34, 0.74, 0.26, 0.82, 0.18].map((part) =>
        [ends[0].x + part * (ends[1].x - ends[0].x), ends[0].y + part * (ends[1].y - ends[0].y) + aside]));
    const at = room.first(middles.map((middle) => boxAt(...middle, wide, high)));
    marker.setLatLng(map.layerPointToLatLng(middles[Math.max(at, 0)]));
  }

  /* Put the words of a ring on it, where they cover nothing; on a part of it that is in sight, if any. */
  function setOnRing(map, marker, room) {
    const label = marker.getElement().firstChild, wide = label.offsetWidth + 4, high = label.offsetHeight;
    const spots = marker.ikmAround.map((corner) => map.latLngToLayerPoint(corner));
    const at = room.first(spots.map((spot) => boxAt(spot.x, spot.y, wide, high)));
    label.style.visibility = at < 0 ? "hidden" : "";
    if (at >= 0) marker.setLatLng(map.layerPointToLatLng(spots[at]));
  }

  /* Outlines of all that lies within so many km of zones. rows: [corners of the parts, width, words] */
  function rings(rows) {
    const group = L.featureGroup();
    rows.forEach((row) => {
      const ring = L.polygon(row[0], { color: ZONE, weight: row[1], dashArray: "8 6", fill: false, interactive: false });
      const icon = L.divIcon({ html: "<span>" + row[2] + "</span>", className: "ikm-reach", iconSize: [0, 0] });
      const marker = L.marker(row[0][0][0][0], { icon: icon, interactive: false, keyboard: false });
      marker.ikmAround = row[0].flatMap((part) => part[0]);
      group.addLayer(ring).addLayer(marker);
    });
    group.on("add", () => settle(group._map));
    return group;
  }

  /* rows: [corners of the parts] of a zone's outline, or [lat, lon, metres] of a circle as large */
  function footprints(rows) {
    const look = { color: ZONE, interactive: false };
    return L.featureGroup(rows.map((row) => row.length === 1
      ? L.polygon(row[0], { ...look, weight: 2, fillOpacity: 0.25 })
      : L.circle([row[0], row[1]], { ...look, radius: row[2], weight: 1.5, dashArray: "4 4", fillOpacity: 0.15 })));
  }

  /* A chosen center: corners of the parts of its area, metres of a circle, or neither; its ways to
     the zones: [lat, lon, amount] */
  function focus(at, area, ways) {
    const group = L.featureGroup(), still = { interactive: false };
    if (area) {
      const look = { color: INK, weight: 1.5, dashArray: "3 5", fillOpacity: 0.06, ...still };
      group.addLayer(Array.isArray(area) ? new Area(area, look) : L.circle(at, { ...look, radius: area }));
    }
    ways.forEach((way) => group.addLayer(
      L.polyline([at, [way[0], way[1]]], { color: ZONE, weight: 2, dashArray: "2 5", ...still })));
    group.addLayer(amounts(ways.map((way) => [...at, ...way])));
    group.addLayer(L.circleMarker(at, { radius: RING, color: INK, weight: 3, fill: false, ...still }));
    group.on("add", () => { group._map.ikmRing = L.latLng(at); reveal(group._map, at); });
    group.on("remove", () => { group._map.ikmRing = null; settle(group._map); });
    return group;
  }

  /* Border of a district. */
  function border(code) {
    const group = L.featureGroup(), style = { color: INK, weight: 3, fill: false };
    group.on("add", () => {
      const shape = group._map.ikmDistricts[code];
      if (shape) group.addLayer(L.geoJSON(shape.feature, { style: style, interactive: false }));
    });
    return group;
  }

  /* Once everything of this moment is drawn, put names where they cover nothing. */
  function settle(map) {
    if (map.ikmSettling || !map.ikmNames) return;
    map.ikmSettling = setTimeout(() => { map.ikmSettling = 0; map.ikmNames(); }, 0);
  }

  /* rows: [lat, lon, lat, lon, width, tooltip, colour], the widest drawn last */
  function flows(rows) {
    const group = L.featureGroup();
    rows.slice().sort((a, b) => a[4] - b[4]).forEach((row) => {
      const line = L.polyline([[row[0], row[1]], [row[2], row[3]]],
        { color: row[6], weight: row[4], opacity: 0.85, lineCap: "round" });
      group.addLayer(line.bindTooltip(element("div", "", row[5]), { sticky: true }));
    });
    // One canvas holds both: signs that were drawn before must come out on top again.
    const above = () => group._map.eachLayer((layer) => { if (layer instanceof Sign) layer.bringToFront(); });
    group.on("add", () => setTimeout(() => group._map && above(), 0));
    return group;
  }

  const ruler = document.createElement("canvas").getContext("2d");

  /* Width of a text in px; measured on a canvas, which lays out nothing. */
  function width(text, size, bold) {
    ruler.font = (bold || 400) + " " + size + "px " + FONT;
    return ruler.measureText(text).width;
  }

  /* A name on the ground, which a click goes through. */
  function label(className, html, at) {
    const icon = L.divIcon({ className: className, html: html, iconSize: [0, 0] });
    return L.marker(at, { pane: "names", interactive: false, keyboard: false, icon: icon });
  }

  const letters = (name) => name.toLowerCase().replace(/[^\p{L}\p{N}]/gu, "");

  /* Names of centers and zones, then of districts where their polygon is wide enough on screen, then of
     towns, the largest first; none on another. */
  function names(map, rows, towns) {
    map.createPane("names").style.zIndex = 450;
    map.getPane("names").style.pointerEvents = "none";
    map.ikmSet = L.layerGroup().addTo(map);
    map.ikmAlways = map.ikmAlways || new Set();
    map.ikmNamed = []; // [box in px of the map's layers, layer] of each name of a center or zone
    const told = (row, kind) => ({ at: L.latLng(row[1], row[2]), size: row[3], code: row[4], html: row[0], name: letters(row[0]),
      words: element("span", "", row[0]).textContent, marker: label(kind, (kind === "ikm-town" ? "<i></i><span>" : "<span>") + row[0] + "</span>", [row[1], row[2]]) });
    const labels = rows.map((row) => told(row, "ikm-name")), dots = towns.map((row) => told(row, "ikm-town"));
    function show() {
      if (Math.min(map.getSize().x, map.getSize().y) < 60) return; // an empty frame
      if (map.ikmShaded) labels.forEach((label) => label.marker.remove());
      arrange(map, labels, (room, size) => nameGround(room, map.ikmLarge ? size : 12));
    }
    function nameGround(room, px) {
      const perDegree = 256 * Math.pow(2, map.getZoom()) / 360, said = new Set();
      labels.forEach((label) => {
        const p = map.latLngToLayerPoint(label.at), wide = width(label.words, px) * 1.04 + 6, high = px * 1.3;
        const shifts = [0, 1.6, -1.6, 3, -3].map((lines) => lines * px);
        const fits = wide < label.size * perDegree * 1.15;
        const at = fits ? room.first(shifts.map((dy) => boxAt(p.x, p.y + dy, wide, high))) : -1;
        if (at < 0) { label.marker.remove(); return; }
        label.marker.setLatLng(map.layerPointToLatLng([p.x, p.y + shifts[at]])).addTo(map);
        said.add(label.name);
      });
      dots.forEach((dot) => {
        const fits = map.ikmOriented && map.getZoom() >= dot.size && !said.has(dot.name);
        if (!fits || !nameTown(map, dot, room, map.ikmLarge ? px : 11)) dot.marker.remove();
      });
    }
    map.ikmNames = show;
    map.on("zoomend moveend", () => settle(map));
    show();
  }

  /* Put the dot of a town and its name where they cover nothing; whether there is such a place. */
  function nameTown(map, dot, room, px) {
    const p = map.latLngToLayerPoint(dot.at), wide = width(dot.words, px) + 4, high = px * 1.25;
    const point = boxAt(p.x, p.y, 8, 8);
    if (!room.free(point)) return false;
    const aside = 6 + wide / 2, over = 4 + high / 2, spots = [[aside, 0], [-aside, 0], [0, -over], [0, over]];
    const at = room.first(spots.map((move) => boxAt(p.x + move[0], p.y + move[1], wide, high)));
    if (at < 0) return false;
    room.keep(point);
    const name = dot.marker.addTo(map).getElement().lastChild;
    [name.style.left, name.style.top] = spots[at].map((px) => px + "px");
    return true;
  }

  /* Corners of a line of a file: steps in 1/10,000 degree from one to the next. */
  function corners(steps) {
    const found = [];
    let lat = 0, lon = 0;
    for (let i = 0; i < steps.length; i += 2) {
      lat += steps[i];
      lon += steps[i + 1];
      found.push(L.latLng(lat / 1e4, lon / 1e4));
    }
    return found;
  }

  /* Lines of a file, which is asked for once; one page by itself has all inside and asks nobody. */
  function linesOf(name) {
    if (!(files[name] instanceof Promise)) {
      const read = files[name] ? Promise.resolve(files[name]) : window.ikmgeo.ask(name);
      files[name] = read.then((strokes) => strokes.map((lines) => lines.map(corners)),
        () => { delete files[name]; return []; });
    }
    return files[name];
  }

  /* What one finds one's way by, for as long as it is on the map: towns, and lines under all else. */
  function orientation() {
    const group = L.featureGroup();
    let shown = "";
    group.on("add", () => {
      const map = group._map, known = map.ikmLines, tiled = map.getContainer().classList.contains("ikm-tiled");
      const drawn = known.strokes.map(([colour, width, dash]) => L.polyline([], {
        color: colour, weight: width * (map.ikmLarge ? 1.5 : 1), dashArray: dash ? dash + " " + dash : null,
        opacity: tiled ? 0 : 1, interactive: false, oriented: true }));
      if (known.details.length) drawn.forEach((lines) => group.addLayer(lines));
      group.ikmShow = () => {
        const fitting = known.details.filter((one) => one[0] <= map.getZoom()).map((one) => one[1]).pop();
        if (!fitting || fitting === shown) return;
        shown = fitting;
        linesOf(fitting).then((strokes) => {
          if (group._map && shown === fitting) strokes.forEach((lines, i) => drawn[i].setLatLngs(lines));
        });
      };
      map.on("zoomend", group.ikmShow);
      map.ikmOriented = true;
      group.ikmShow();
      settle(map);
    });
    group.on("remove", () => {
      group._map.off("zoomend", group.ikmShow);
      group._map.ikmOriented = false;
      settle(group._map);
    });
    return group;
  }

  /* The view outlives a change of page in this browser tab. */
  function remember(map, key, start) {
    let kept = null;
    try { kept = key && JSON.parse(sessionStorage.getItem(key)); } catch { /* storage may be off */ }
    map.ikmKept = Boolean(kept);
    let untouched = !kept;
    if (kept) map.setView(kept.slice(0, 2), kept[2], { animate: false }); else start();
    // The frame gets its size after the map; until the reader takes over, fit the new size.
    map.on("resize", () => { if (untouched) start(); });
    ["pointerdown", "wheel", "keydown"].forEach((touch) =>
      map.getContainer().addEventListener(touch, () => { untouched = false; }, { capture: true, passive: true }));
    map.on("moveend", () => {
      if (untouched || !key) return;
      const c = map.getCenter();
      try { sessionStorage.setItem(key, JSON.stringify([c.lat, c.lng, map.getZoom()])); } catch { /* as above */ }
    });
  }

  function prepare(map, options) {
    const [layers, labels, towns, strokes, details] = grounds[options.ground];
    map.ikmLines = { strokes: strokes, details: details };
    map.ikmLarge = options.large;
    map.getContainer().classList.toggle("ikm-large", options.large);
    // The frame of a talk is as high as the screen leaves it, and may be empty for a moment.
    if (options.large) new ResizeObserver(() => map.getContainer().clientHeight && map.invalidateSize())
      .observe(map.getContainer());
    const fit = (bounds, animate) => {
      const room = map.getSize();
      if (Math.min(room.x, room.y) < 60) return; // an empty frame; its new size will fit it
      map.fitBounds(bounds, {
        // Below the open legend, or beside the folded one or that of a talk.
        paddingTopLeft: [24, room.x > 560 && !map.ikmLarge ? 124 : 60],
        // Signs stand above the sources, which have three lines there.
        paddingBottomRight: [map.ikmLarge && room.x > 900 ? 360 : 24,
          room.x > 560 && !map.ikmLarge && !options.shaded ? 48 : 24],
        animate: animate, maxZoom: 11,
      });
    };
    map.ikmFit = (bounds) => fit(bounds || options.fit);
    // Leaflet focuses the map at a press; to scroll it into sight then would lose the click.
    const box = map.getContainer(), focus = box.focus.bind(box);
    box.focus = () => focus({ preventScroll: true });
    ground(map, layers);
    const [land, hatched, dotted] = options.patterns;
    patterns = { hatch: pattern(land, hatched, hatch), dots: pattern(land, dotted, dots) };
    map.ikmFaint = hatched;
    signs = {};
    options.signs.forEach((s) => { signs[s[0]] = { path: new Path2D(s[1]), drawn: s[1], fill: s[2] }; });
    L.control.scale({ imperial: false, position: "bottomright" }).addTo(map);
    map.attributionControl.setPrefix(false);
    const home = L.control({ position: "topleft" });
    home.onAdd = () => {
      const bar = element("div", "leaflet-bar ikm-home");
      [["◎", options.fit], ["⛶", options.province]].forEach((pair) => {
        const link = element("a", "", pair[0]);
        link.href = "#";
        link.setAttribute("role", "button");
        link.onclick = (event) => { L.DomEvent.stop(event); fit(pair[1]); };
        bar.appendChild(link);
      });
      return bar;
    };
    home.addTo(map);
    const at = options.position;
    remember(map, options.key, () => at
      ? map.setView(at.slice(0, 2), at[2], { animate: false }) : fit(map.ikmAim || options.fit, false));
    map.ikmKept = map.ikmKept || Boolean(at);
    names(map, labels, towns);
    // A tile layer lies under the land: let it shine through while it is ticked.
    const cover = () => {
      const tiled = Object.values(map._layers).some((layer) => layer instanceof L.TileLayer && !layer.options.units);
      map.getContainer().classList.toggle("ikm-tiled", tiled);
      map.eachLayer((layer) => {
        if (layer.options.oriented) layer.setStyle({ opacity: tiled ? 0 : 1 });
        if (!layer.feature || !layer.setStyle) return;
        if (layer.fullFill === undefined) layer.fullFill = layer.options.fillOpacity;
        layer.setStyle({ fillOpacity: !tiled ? layer.fullFill : layer.shaded ? 0.6 : 0.05 });
      });
    };
    map.ikmCover = cover;
    map.on("overlayadd overlayremove", cover);
    if (!options.placing) chooseByTap(map); // there a tap puts something down, whatever lies under it
    const far = () => map.getContainer().classList.toggle("ikm-far", map.getZoom() < 8);
    map.on("zoomend", far);
    far();
  }

  /* name -> [[[GeoJSON, fill, line], ...] of surroundings, districts, lakes; names; towns; strokes of lines:
     [colour, width, dash]; files of lines: [zoom from which on, name]] */
  const grounds = {};
  const files = {}; // name -> lines of each stroke, once they are there; or the wait for them

  /* The land: lakes over districts over surroundings. */
  function ground(map, layers) {
    map.ikmDistricts = {}; // code -> polygon
    layers.forEach((layer) => {
      const look = { fillColor: layer[1], color: layer[2], weight: 1, fillOpacity: 1 };
      const codes = layer[0].features.some((f) => f.properties.district_code);
      const land = L.geoJSON(layer[0], {
        style: look, interactive: codes, smoothFactor: 1,
        onEachFeature: (feature, shape) => {
          if (!feature.properties.district_code) return;
          answer(shape, "district", feature.properties.district_code);
          map.ikmDistricts[feature.properties.district_code] = shape;
          shape.on("mouseover", () => shape.setStyle({ weight: 2.5, color: "#4a4a4a" }));
          shape.on("mouseout", () => shape.setStyle({ weight: look.weight, color: shape.faint || look.color }));
        },
      }).addTo(map);
      if (codes) land.addLayer(map.ikmAsked = L.layerGroup());
    });
  }

  /* A fill of small strokes. */
  function pattern(ground, stroke, draw) {
    const tile = document.createElement("canvas"), ctx = tile.getContext("2d");
    tile.width = tile.height = 8;
    ctx.fillStyle = ground;
    ctx.fillRect(0, 0, 8, 8);
    ctx.fillStyle = ctx.strokeStyle = stroke;
    draw(ctx);
    return ctx.createPattern(tile, "repeat");
  }

  function hatch(ctx) {
    ctx.beginPath();
    [-8, 0, 8].forEach((x) => { ctx.moveTo(x - 1, 9); ctx.lineTo(x + 9, -1); });
    ctx.lineWidth = 0.9;
    ctx.stroke();
  }

  function dots(ctx) {
    [[2, 2], [6, 6]].forEach((at) => { ctx.beginPath(); ctx.arc(at[0], at[1], 1.1, 0, 7); ctx.fill(); });
  }

  /* Colours the ground's districts for as long as it is on the map. rows: [district, fill, name,
     line below the name]; outlines: [district, colour, width]; marks: [sign, lat, lon]; named: districts
     that are named before all, the first ones first. */
  function choropleth(rows, outlines, marks, named) {
    const group = L.featureGroup(), bare = {};
    group.on("add", () => {
      const map = group._map, borders = [];
      const thin = () => borders.forEach(([border, width]) =>
        border.setStyle({ weight: map.getZoom() < 8 ? 0.6 * width : width })); // or cities drown in them
      rows.filter((row) => map.ikmDistricts[row[0]]).forEach((row) => {
        const shape = map.ikmDistricts[row[0]];
        bare[row[0]] = [shape.options.fillColor, shape.options.color];
        shape.shaded = true;
        shape.faint = row[1] === "hatch" && map.ikmFaint;
        shape.setStyle({ fillColor: patterns[row[1]] || row[1], color: shape.faint || shape.options.color });
        shape.bindTooltip(element("div", "", "<b>" + row[2] + "</b><br>" + row[3]), { sticky: true });
      });
      outlines.filter((line) => map.ikmDistricts[line[0]]).forEach((line) => {
        const look = { color: line[1], fill: false };
        const border = L.geoJSON(map.ikmDistricts[line[0]].feature, { style: look, interactive: false });
        borders.push([border, line[2]]);
        group.addLayer(border);
      });
      thin();
      map.on("zoomend", thin);
      group.on("remove", () => map.off("zoomend", thin));
      marks.forEach((mark) => {
        group.addLayer(new Sign([mark[1], mark[2]], { radius: 7, sign: mark[0], fill: true, interactive: false }));
      });
      map.ikmShaded = named;
      map.getContainer().classList.add("ikm-shaded");
      map.ikmCover();
      settle(map);
    });
    group.on("remove", () => {
      const map = group._map;
      Object.keys(bare).forEach((code) => {
        const shape = map.ikmDistricts[code];
        shape.shaded = shape.faint = false;
        shape.setStyle({ fillColor: bare[code][0], color: bare[code][1] }).unbindTooltip();
      });
      map.ikmShaded = null;
      map.getContainer().classList.remove("ikm-shaded");
      map.ikmCover();
      settle(map);
    });
    return group;
  }

  /* Words of the map that follow the language: legend, buttons, attribution. */
  function words(map, legend, titles, attribution) {
    if (map.ikmLegend) map.ikmLegend.remove();
    map.ikmLegend = L.control({ position: "topright" });
    map.ikmLegend.onAdd = () => {
      const box = element("div", "ikm-legend", legend), rest = box.lastChild;
      const bare = box.firstChild === rest; // else what stands above it says what matters
      rest.open = map.ikmLegendOpen === undefined ? bare && map.getSize().x > 560 : map.ikmLegendOpen;
      rest.addEventListener("toggle", () => { map.ikmLegendOpen = rest.open; settle(map); });
      L.DomEvent.disableClickPropagation(box);
      filterByLegend(map, box);
      return box;
    };
    map.ikmLegend.addTo(map);
    const buttons = map.getContainer().querySelectorAll(".leaflet-control-zoom a, .ikm-home a");
    buttons.forEach((button, i) => { button.title = titles[i]; button.setAttribute("aria-label", titles[i]); });
    map.getContainer().setAttribute("role", "application");
    map.getContainer().setAttribute("aria-label", titles[buttons.length]);
    if (map.ikmAttribution) map.attributionControl.removeAttribution(map.ikmAttribution);
    map.ikmAttribution = attribution;
    map.attributionControl.addAttribution(attribution);
    settle(map);
  }

  /* Bring a point into sight, but never move a map that shows it already. */
  function reveal(map, at) {
    if (!map.getBounds().pad(-0.05).contains(at)) map.panTo(at, { animate: false });
  }

  /* Moves the map to what filters leave, and back to where it stood; one that opens where somebody
     left it stays there. */
  function look(map, bounds) {
    const told = JSON.stringify(bounds), first = map.ikmLook === undefined;
    if (told === map.ikmLook) return;
    if (!first && !map.ikmAim) map.ikmStood = [map.getCenter(), map.getZoom()];
    map.ikmLook = told;
    map.ikmAim = bounds;
    if (first ? bounds && !map.ikmKept : bounds || !map.ikmStood) map.ikmFit(bounds);
    else if (!first) map.setView(...map.ikmStood);
  }

  window.ikmgeo = { grounds, files, prepare, orientation, centers, always, markers, footprints, rings, flows, focus, border, choropleth, words, look };
})();
