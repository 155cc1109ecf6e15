/* What only the browser knows: the address of this very view, for the clipboard, and where the map
   stands. Words come from Python. */
export default function ({ parentElement, data, setTriggerValue }) {
  const map = () => {
    const frame = document.querySelector('iframe[title*="st_folium"]');
    return frame && frame.contentWindow ? frame.contentWindow.map : undefined;
  };

  /* Latitude, longitude and zoom of the map, as the address bar writes them. */
  const position = () => {
    const shown = map();
    if (!shown || !shown.getCenter) return "";
    const at = shown.getCenter();
    return [at.lat.toFixed(4), at.lng.toFixed(4), shown.getZoom()].map(Number).join(",");
  };

  return { copy, place }[data.part]();

  function button(label, press) {
    const made = parentElement.querySelector("button");
    made.textContent = label;
    made.hidden = false; // before, it would be a button without a name
    made.onclick = press;
    return made;
  }

  function copy() {
    const status = parentElement.querySelector("[role=status]");
    button(data.label, async () => {
      const address = new URL(location.href);
      if (data.origin) Object.assign(address, partsOf(data.origin));
      if (position()) address.searchParams.set("at", position());
      const done = await write(address.href);
      status.textContent = done ? data.done : data.failed;
      if (!done) shown(address.href); // to be copied by hand
      setTimeout(() => { status.textContent = ""; }, done ? 4000 : 60000);
    });
  }

  /* Scheme, host and port, with which others reach what lies at the same path. */
  function partsOf(origin) {
    const { protocol, host } = new URL(origin);
    return { protocol, host };
  }

  /* Over plain http, as in a room's own network, browsers have no clipboard but the old one. */
  async function write(text) {
    if (navigator.clipboard && window.isSecureContext) {
      try { await navigator.clipboard.writeText(text); return true; } catch { /* not allowed */ }
    }
    const before = parentElement.querySelector("button");
    const field = document.createElement("textarea");
    field.value = text;
    document.body.appendChild(field);
    field.select();
    const done = document.execCommand("copy");
    field.remove();
    before.focus();
    return done;
  }

  /* The address in a field of its own, marked, where no clipboard took it. */
  function shown(text) {
    const field = parentElement.querySelector("input") || document.createElement("input");
    field.readOnly = true;
    field.value = text;
    field.setAttribute("aria-label", data.label);
    parentElement.appendChild(field);
    field.select();
  }

  /* Where the map stands, and its width and height in px. */
  function place() {
    button(data.label, () => {
      const at = position(), size = at && map().getSize();
      setTriggerValue("position", at ? [at, size.x, size.y].join(",") : "-");
    });
  }
}
