/* Units of a register, any number: tiles that the server draws, and what lies where one clicks. */
(function () {
  "use strict";
  const EQUATOR_M = 40075016.686, TILE = 256;
  const BESIDE = "../../"; // the frame of the map is component/NAME/index.html

  function node(tag, className, text) {
    const made = document.createElement(tag);
    if (className) made.className = className;
    made.textContent = text || "";
    return made;
  }

  const Tiles = L.TileLayer.extend({
    onAdd: function (map) {
      if (!map.getPane("units")) {
        const pane = map.createPane("units"); // over the land, under names and signs
        pane.style.zIndex = 420;
        pane.style.pointerEvents = "none";
        map.createPane("signs").style.zIndex = 430;
      }
      L.TileLayer.prototype.onAdd.call(this, map);
    },
  });

  /* How much ground a cell of the tiles covers, or that a sign is a place. */
  function measure(map, tiles, cell, near, words) {
    const zoom = Math.min(Math.round(map.getZoom()), tiles.options.maxZoom);
    if (zoom >= near) return words[1];
    const metres = (cell / TILE) * EQUATOR_M * Math.cos(map.getCenter().lat * Math.PI / 180) / 2 ** zoom;
    const [amount, unit] = metres < 1000 ? [Math.round(metres / 10) * 10, " m"] : [metres / 1000, " km"];
    return words[0] + " " + amount.toLocaleString(words[4], { maximumFractionDigits: 1 }) + unit;
  }

  /* key: what the server calls the units; cell: width in px of what tiles count by; near: zoom from
     which places have signs; words: [a cell is so wide, a sign is a place, close, no answer, language] */
  window.ikmgeo.units = function (key, cell, near, words) {
    const tiles = new Tiles(BESIDE + "register-tiles/" + key + "/{z}/{x}/{y}.png",
      { pane: "units", maxZoom: 18, keepBuffer: 1, units: true });
    const scale = L.control({ position: "bottomright" }), told = node("div", "ikm-cell");
    scale.onAdd = () => told;
    const group = L.featureGroup([tiles]);
    let asked = 0;
    const show = () => { told.textContent = measure(group._map, tiles, cell, near, words); };

    function open(at, said) {
      const box = node("div", "ikm-units");
      box.appendChild(node("b", "", said.head));
      const list = box.appendChild(node("ul"));
      said.units.forEach((line) => list.appendChild(node("li", "", line)));
      if (said.more) box.appendChild(node("small", "", said.more));
      const popup = L.popup({ maxHeight: 240, minWidth: 200, autoPanPaddingTopLeft: [54, 10], autoPanPaddingBottomRight: [10, 10] }).setLatLng(at).setContent(box);
      popup.openOn(group._map);
      popup.getElement().querySelector(".leaflet-popup-close-button").setAttribute("aria-label", words[2]);
    }

    function ask(event) {
      const turn = ++asked, { lat, lng } = event.latlng, zoom = Math.round(group._map.getZoom());
      const query = new URLSearchParams({ lat: lat, lon: lng, zoom: zoom, lang: words[4] });
      fetch(BESIDE + "register-units/" + key + "?" + query)
        .then((answer) => (answer.ok ? answer.json() : { head: words[3], units: [] }))
        .catch(() => ({ head: words[3], units: [] }))
        .then((said) => { if (said.head && turn === asked && group._map) open(event.latlng, said); });
    }

    group.on("add", () => { scale.addTo(group._map); show(); group._map.on("click", ask).on("zoomend moveend", show); });
    group.on("remove", () => { scale.remove(); group._map.closePopup(); group._map.off("click", ask).off("zoomend moveend", show); });
    return group;
  };
})();
