/* Draws what folium has no element for: category signs, names by zoom, the legend. Text arrives as
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

  const Sign = L.CircleMarker.extend({
    _updatePath: function () {
      const renderer = this._renderer;
      if (!renderer._drawing || this._empty()) return;
      const ctx = renderer._ctx, point = this._point, radius = this._radius, sign = signs[this.options.sign];
      ctx.save();
      ctx.globalAlpha = 1; // a flow line drawn before leaves its own
      ctx.translate(point.x, point.y);
      ctx.scale(radius, radius);
      ctx.lineJoin = "round";
      if (radius > 4) { // a halo, where there is room for one
        ctx.lineWidth = 4.2 / radius;
        ctx.strokeStyle = "#fff";
        ctx.stroke(sign.path);
      }
      ctx.fillStyle = sign.fill;
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
  const FINGER = 14; // px around a sign that a finger may miss it by

  /* Radius on screen of a layer that a tap can choose; none for any other layer. */
  function radiusOf(layer) {
    if (layer instanceof Sign) return layer.options.interactive ? layer.getRadius() : 0;
    if (!layer.ikmZone) return 0;
    return layer._map.getZoom() < 8 ? 7 : 13;
  }

  /* What is chosen by a tap: the signs under it, else for a finger the nearest one it just missed. */
  function under(map, at, finger) {
    const found = [];
    map.eachLayer((layer) => {
      const radius = radiusOf(layer);
      if (radius) found.push([map.latLngToContainerPoint(layer.getLatLng()).distanceTo(at) - radius, layer]);
    });
    const on = found.filter((pair) => pair[0] <= CLOSE);
    if (on.length || !finger) return on.map((pair) => pair[1]);
    const missed = found.filter((pair) => pair[0] <= FINGER).sort((a, b) => a[0] - b[0]);
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
      const named = event.target.closest(".ikm-zone"); // a tap on a name may be meant for the name
      const at = map.mouseEventToContainerPoint(event), found = under(map, at, finger && !named);
      if (!found.length) return;
      event.stopPropagation();
      if (found.length === 1) pick(found[0]); else list(map, found, at);
    }, true);
    map.on("movestart zoomstart", () => closeList(map));
  }

  function pick(layer) {
    layer.fire("click", { latlng: layer.getLatLng() }, true);
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
      const drawn = layer instanceof Sign ? drawing(layer.options.sign) : layer.ikmZone.svg;
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

  function drawing(code) {
    return '<svg width="18" height="18" viewBox="-1.3 -1.3 2.6 2.6" aria-hidden="true"><path d="' + signs[code].drawn
      + '" fill="' + signs[code].fill + '" fill-rule="evenodd" stroke="#1f2328" stroke-width=".18"/></svg>';
  }

  /* Put a box beside a point, where it covers none of the map's controls or as little as can be. */
  function putClear(map, box, at) {
    const size = map.getSize(), origin = map.getContainer().getBoundingClientRect();
    const wide = box.offsetWidth, high = box.offsetHeight, gap = 14;
    const taken = [...map.getContainer().querySelectorAll(".leaflet-control")].map((control) => {
      const r = control.getBoundingClientRect();
      return [r.left - origin.left, r.top - origin.top, r.right - origin.left, r.bottom - origin.top];
    });
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

  /* Area that a box [left, top, right, bottom] shares with others. */
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

  /* rows: [position, lat, lon, sign, conflict, name, line below the name] */
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
      const sign = new Sign([row[1], row[2]],
        { radius: 5, sign: row[3], conflict: row[4], name: row[5], below: row[6], fill: true });
      group.addLayer(answer(sign, "center", row[0]));
    });
    group.bindTooltip((s) => element("div", "", "<b>" + s.options.name + "</b><br>" + s.options.below),
      { direction: "top", offset: [0, -8] });
    return group;
  }

  /* rows: [kind, id, lat, lon, svg, name, line below the name] */
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
      if (row[0] === "zone") marker.ikmZone = { svg: row[4].split("<b>")[0], name: row[5], below: row[6] };
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

  /* Boxes [left, top, right, bottom] of up to 300 signs, in px of the map's layers. */
  function signBoxes(map) {
    const boxes = [];
    map.eachLayer((layer) => {
      const radius = layer instanceof Sign ? layer.getRadius() : radiusOf(layer) || (layer.options.riseOnHover ? 9 : 0);
      if (!radius || boxes.length >= 300) return;
      const p = map.latLngToLayerPoint(layer.getLatLng()), r = radius + 2;
      boxes.push([p.x - r, p.y - r, p.x + r, p.y + r]);
    });
    return boxes;
  }

  const boxAt = (x, y, wide, high) => [x - wide / 2, y - high / 2, x + wide / 2, y + high / 2];

  /* Of some middles of a box the first that covers nothing, else the one that covers least; it is
     taken from then on. Answers with its number and what it covers. */
  function firstFree(middles, wide, high, taken) {
    const covers = middles.map((m) => overlap(boxAt(m[0], m[1], wide, high), taken));
    const at = covers.indexOf(Math.min(...covers));
    taken.push(boxAt(middles[at][0], middles[at][1], wide, high));
    return [at, covers[at]];
  }

  /* Put names of zones beside their signs, and amounts on their lines, where they cover least. */
  function arrange(map) {
    const taken = signBoxes(map), lines = [];
    map.eachLayer((layer) => {
      if (layer.ikmLine) lines.push(layer);
      const name = layer.ikmZone && layer.getElement() && layer.getElement().querySelector("b");
      if (!name || !name.offsetWidth) return;
      const p = map.latLngToLayerPoint(layer.getLatLng()), wide = name.offsetWidth, high = name.offsetHeight;
      const down = 13 + high / 2, aside = 15 + wide / 2, far = down + high;
      const moves = [[0, down], [0, -down], [aside, 0], [-aside, 0], [aside, down], [-aside, down],
        [aside, -down], [-aside, -down], [0, far], [0, -far]];
      const [at, covered] = firstFree(moves.map((m) => [p.x + m[0], p.y + m[1]]), wide, high, taken);
      name.style.left = 13 + moves[at][0] + "px";
      name.style.top = 13 + moves[at][1] + "px";
      name.style.pointerEvents = covered ? "none" : ""; // a sign that is half hidden is still pointed at
    });
    lines.forEach((marker) => {
      const label = marker.getElement().firstChild, ends = marker.ikmLine.map((end) => map.latLngToLayerPoint(end));
      const wide = label.offsetWidth, high = label.offsetHeight;
      const middles = [0, high, -high].flatMap((aside) => // on the line, else beside it
        [0.5, 0.58, 0.42, 0.66, 0.34, 0.74, 0.26, 0.82, 0.18].map((part) =>
          [ends[0].x + part * (ends[1].x - ends[0].x), ends[0].y + part * (ends[1].y - ends[0].y) + aside]));
      const [at] = firstFree(middles, wide, high, taken);
      marker.setLatLng(map.layerPointToLatLng(middles[at]));
    });
    return taken;
  }

  /* Outlines of all that lies within so many km of zones. rows: [corners of the parts, width] */
  function rings(rows) {
    return L.featureGroup(rows.map((row) =>
      L.polygon(row[0], { color: ZONE, weight: row[1], dashArray: "8 6", fill: false, interactive: false })));
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
      group.addLayer(Array.isArray(area) ? L.polygon(area, look) : L.circle(at, { ...look, radius: area }));
    }
    ways.forEach((way) => group.addLayer(
      L.polyline([at, [way[0], way[1]]], { color: ZONE, weight: 2, dashArray: "2 5", ...still })));
    group.addLayer(amounts(ways.map((way) => [...at, ...way])));
    group.addLayer(L.circleMarker(at, { radius: 16, color: INK, weight: 3, fill: false, ...still }));
    group.on("add", () => reveal(group._map, at));
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

  /* rows: [lat, lon, lat, lon, width, tooltip], the widest drawn last */
  function flows(rows) {
    const group = L.featureGroup();
    rows.slice().sort((a, b) => a[4] - b[4]).forEach((row) => {
      const line = L.polyline([[row[0], row[1]], [row[2], row[3]]],
        { color: ZONE, weight: row[4], opacity: 0.55, lineCap: "round" });
      group.addLayer(line.bindTooltip(element("div", "", row[5]), { sticky: true }));
    });
    // One canvas holds both: signs that were drawn before must come out on top again.
    const above = () => group._map.eachLayer((layer) => { if (layer instanceof Sign) layer.bringToFront(); });
    group.on("add", () => setTimeout(() => group._map && above(), 0));
    return group;
  }

  const ruler = document.createElement("canvas").getContext("2d");

  /* Width of a name in px; measured on a canvas because styles may still be loading. */
  function width(html, size) {
    ruler.font = size + "px system-ui, sans-serif";
    return ruler.measureText(element("span", "", html).innerText).width + 4;
  }

  /* A name on the ground, which a click goes through. */
  function label(className, html, at) {
    const icon = L.divIcon({ className: className, html: html, iconSize: [0, 0] });
    return L.marker(at, { pane: "names", interactive: false, keyboard: false, icon: icon });
  }

  const letters = (name) => name.toLowerCase().replace(/[^\p{L}\p{N}]/gu, "");

  /* Names of districts where their polygon is wide enough on screen, then of towns; the largest first,
     none on another. */
  function names(map, rows, towns) {
    map.createPane("names").style.zIndex = 450;
    map.getPane("names").style.pointerEvents = "none";
    const size = map.ikmLarge ? 16.5 : 12.5;
    const labels = rows.map((row) => ({
      at: L.latLng(row[1], row[2]), span: row[3], width: width(row[0], size), name: letters(row[0]),
      marker: label("ikm-name", "<span>" + row[0] + "</span>", [row[1], row[2]]),
    }));
    const dots = towns.map((row) => ({
      at: L.latLng(row[1], row[2]), zoom: row[3], width: width(row[0], map.ikmLarge ? 15 : 11), name: letters(row[0]),
      marker: label("ikm-town", "<i></i><span>" + row[0] + "</span>", [row[1], row[2]]),
    }));
    function show() {
      const perDegree = 256 * Math.pow(2, map.getZoom()) / 360;
      const taken = arrange(map), told = new Set();
      labels.forEach((label) => {
        const p = map.latLngToLayerPoint(label.at), wide = label.width + 4, high = size + 3.5;
        const shift = label.width < label.span * perDegree * 1.15
          ? [0, 20, -20, 36, -36].find((dy) => !overlap(boxAt(p.x, p.y + dy, wide, high), taken)) : undefined;
        if (shift === undefined) { label.marker.remove(); return; }
        taken.push(boxAt(p.x, p.y + shift, wide, high));
        label.marker.setLatLng(map.layerPointToLatLng([p.x, p.y + shift])).addTo(map);
        told.add(label.name);
      });
      dots.forEach((dot) => {
        const fits = map.ikmOriented && map.getZoom() >= dot.zoom && !told.has(dot.name);
        if (!fits || !nameTown(map, dot, taken)) dot.marker.remove();
      });
    }
    map.ikmNames = show;
    map.on("zoomend", show);
    show();
  }

  /* Put the dot of a town and its name where they cover nothing; whether there is such a place. */
  function nameTown(map, dot, taken) {
    const p = map.latLngToLayerPoint(dot.at), wide = dot.width, high = map.ikmLarge ? 19 : 14;
    if (overlap(boxAt(p.x, p.y, 8, 8), taken)) return false;
    const aside = 6 + wide / 2, over = 4 + high / 2;
    const spot = [[aside, 0], [-aside, 0], [0, -over], [0, over]]
      .find((move) => !overlap(boxAt(p.x + move[0], p.y + move[1], wide, high), taken));
    if (!spot) return false;
    taken.push(boxAt(p.x, p.y, 8, 8), boxAt(p.x + spot[0], p.y + spot[1], wide, high));
    const name = dot.marker.addTo(map).getElement().lastChild;
    [name.style.left, name.style.top] = spot.map((px) => px + "px");
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
    // Where the whole province is the first view, the open legend stands in the sea beside it.
    map.ikmWhole = !options.fit;
    map.ikmLarge = options.large;
    map.getContainer().classList.toggle("ikm-large", options.large);
    // The frame of a talk is as high as the screen leaves it, and may be empty for a moment.
    if (options.large) new ResizeObserver(() => map.getContainer().clientHeight && map.invalidateSize())
      .observe(map.getContainer());
    const fit = (bounds, animate) => {
      const room = map.getSize();
      if (Math.min(room.x, room.y) < 60) return; // an empty frame; its new size will fit it
      map.fitBounds(bounds, {
        paddingTopLeft: [map.ikmWhole && room.x > 560 ? 230 : 24, 24],
        paddingBottomRight: [map.ikmLarge && !map.ikmWhole && room.x > 900 ? 360 : 24, 24],
        animate: animate, maxZoom: 11,
      });
    };
    map.ikmFit = (bounds) => fit(bounds || options.fit || options.province);
    // Leaflet focuses the map at a press; to scroll it into sight then would lose the click.
    const box = map.getContainer(), focus = box.focus.bind(box);
    box.focus = () => focus({ preventScroll: true });
    ground(map, layers);
    patterns = { hatch: pattern(options.patterns, hatch), dots: pattern(options.patterns, dots) };
    signs = {};
    options.signs.forEach((s) => { signs[s[0]] = { path: new Path2D(s[1]), drawn: s[1], fill: s[2] }; });
    L.control.scale({ imperial: false, position: "bottomright" }).addTo(map);
    map.attributionControl.setPrefix(false);
    const home = L.control({ position: "topleft" });
    home.onAdd = () => {
      const bar = element("div", "leaflet-bar ikm-home");
      [["◎", options.fit], ["⛶", options.province]].filter((pair) => pair[1]).forEach((pair) => {
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
      ? map.setView(at.slice(0, 2), at[2], { animate: false }) : fit(map.ikmAim || options.fit || options.province, false));
    map.ikmKept = map.ikmKept || Boolean(at);
    names(map, labels, towns);
    // A tile layer lies under the land: let it shine through while it is ticked.
    const cover = () => {
      const tiled = Object.values(map._layers).some((layer) => layer instanceof L.TileLayer);
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
      L.geoJSON(layer[0], {
        style: look, interactive: codes, smoothFactor: 1,
        onEachFeature: (feature, shape) => {
          if (!feature.properties.district_code) return;
          answer(shape, "district", feature.properties.district_code);
          map.ikmDistricts[feature.properties.district_code] = shape;
          shape.on("mouseover", () => shape.setStyle({ weight: 2.5, color: "#4a4a4a" }));
          shape.on("mouseout", () => shape.setStyle({ weight: look.weight, color: look.color }));
        },
      }).addTo(map);
    });
  }

  /* A fill of small strokes; colours: [ground, stroke]. */
  function pattern(colours, draw) {
    const tile = document.createElement("canvas"), ctx = tile.getContext("2d");
    tile.width = tile.height = 8;
    ctx.fillStyle = colours[0];
    ctx.fillRect(0, 0, 8, 8);
    ctx.fillStyle = ctx.strokeStyle = colours[1];
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
     line below the name]; outlines: [district, colour, width]; marks: [sign, lat, lon]. */
  function choropleth(rows, outlines, marks) {
    const group = L.featureGroup(), bare = {};
    group.on("add", () => {
      const map = group._map, borders = [];
      const thin = () => borders.forEach(([border, width]) =>
        border.setStyle({ weight: map.getZoom() < 8 ? 0.6 * width : width })); // or cities drown in them
      rows.filter((row) => map.ikmDistricts[row[0]]).forEach((row) => {
        const shape = map.ikmDistricts[row[0]];
        bare[row[0]] = shape.options.fillColor;
        shape.shaded = true;
        shape.setStyle({ fillColor: patterns[row[1]] || row[1] });
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
      map.getContainer().classList.add("ikm-shaded");
      map.ikmCover();
    });
    group.on("remove", () => {
      const map = group._map;
      Object.keys(bare).forEach((code) => {
        const shape = map.ikmDistricts[code];
        shape.shaded = false;
        shape.setStyle({ fillColor: bare[code] }).unbindTooltip();
      });
      map.getContainer().classList.remove("ikm-shaded");
      map.ikmCover();
    });
    return group;
  }

  /* Words of the map that follow the language: legend, buttons, attribution. */
  function words(map, legend, titles, attribution) {
    if (map.ikmLegend) map.ikmLegend.remove();
    map.ikmLegend = L.control({ position: map.ikmWhole ? "bottomleft" : "topright" });
    map.ikmLegend.onAdd = () => {
      const box = element("details", "ikm-legend", legend);
      box.open = map.ikmLegendOpen === undefined ? map.getSize().x > 640 : map.ikmLegendOpen;
      box.addEventListener("toggle", () => { map.ikmLegendOpen = box.open; });
      L.DomEvent.disableClickPropagation(box);
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

  window.ikmgeo = { grounds, files, prepare, orientation, centers, markers, footprints, rings, flows, focus, border, choropleth, words, look };
})();
