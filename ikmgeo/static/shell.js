/* What Streamlit has no element for: the document's language, the address of this very view on the
   clipboard, where the map stands, and the keys of a talk. Words come from Python. */
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

  const parts = { frame, copy, place, keys, tour };
  return parts[data.part]();

  /* The document's language, Streamlit's words in it, and a question before unsaved work is left. */
  function frame() {
    document.documentElement.lang = data.language;
    const locale = data.language === "id" ? "id-ID" : "en-GB";
    if (navigator.language !== locale) { // calendars ask the browser for the names of months
      Object.defineProperty(navigator, "language", { value: locale, configurable: true });
      window.dispatchEvent(new Event("languagechange"));
    }
    translate(data.words);
    window.onbeforeunload = data.unsaved ? (event) => { event.preventDefault(); } : null;
  }

  /* Streamlit has no languages: put its words into ours, now and whenever it writes new ones.
     Data are left alone (tables on canvas, our own HTML), and so is code. */
  function translate(words) {
    const exact = new Map(words.filter(([from]) => !from.includes("{")));
    const forms = words.filter(([from]) => from.includes("{")).map(([from, to]) => {
      const parts = from.split(/\{\w+\}/).map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"));
      return [new RegExp(`^${parts.join("(.+)")}$`), to];
    });
    const word = (text) => {
      if (exact.has(text)) return exact.get(text);
      for (const [form, to] of forms) {
        const found = text.length < 300 && text.match(form);
        if (found) return to.replace(/\{\w+\}/, () => word(found[1])); // it may be Streamlit's own, too
      }
      return text;
    };
    const ATTRIBUTES = ["aria-label", "title", "placeholder"];
    const spell = (node) => {
      const text = node.nodeValue.trim(), said = text && word(text);
      if (said !== text) node.nodeValue = node.nodeValue.replace(text, () => said);
    };
    const label = (element) => ATTRIBUTES.forEach((name) => {
      const text = element.getAttribute(name), said = text && word(text);
      if (said !== text) element.setAttribute(name, said);
    });
    const OURS = "canvas, code, style, script, textarea, .stHtml";
    const visit = (node) => {
      if (node.nodeType === Node.TEXT_NODE) spell(node);
      else if (node.nodeType === Node.ELEMENT_NODE && !node.matches(OURS)) {
        label(node);
        node.childNodes.forEach(visit);
      }
    };
    window.ikmWords?.disconnect(); // those of another language, or of the page before
    window.ikmWords = new MutationObserver((records) => records.forEach(({ type, target, addedNodes }) => {
      if ((target.closest ? target : target.parentElement)?.closest(OURS)) return;
      if (type === "attributes") label(target);
      else if (type === "characterData") spell(target);
      else addedNodes.forEach(visit);
    }));
    window.ikmWords.observe(document.body, {
      subtree: true, childList: true, characterData: true, attributes: true, attributeFilter: ATTRIBUTES,
    });
    visit(document.body);
  }

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
      if (position()) address.searchParams.set("at", position());
      const done = await write(address.href);
      status.textContent = done ? data.done : data.failed;
      if (!done) shown(address.href); // to be copied by hand
      setTimeout(() => { status.textContent = ""; }, done ? 4000 : 60000);
    });
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

  /* Four cards on the first visit; once left or finished they come back only when asked for. */
  function tour() {
    const card = parentElement.querySelector("section");
    const [title, text, count] = ["h2", "p", "small"].map((tag) => card.querySelector(tag));
    const [skip, next] = card.querySelectorAll("button");
    const remembered = (value) => {
      try {
        if (value) localStorage.setItem("ikmgeo-tour", value);
        return localStorage.getItem("ikmgeo-tour");
      } catch { return null; } // storage may be off
    };
    const again = data.again && remembered() !== data.again;
    if (remembered() && !again) { card.hidden = true; return; }
    let at = 0;
    const end = () => { remembered(data.again || "seen"); card.hidden = true; };
    const show = () => {
      [title.textContent, text.textContent] = data.steps[at];
      count.textContent = `${at + 1} / ${data.steps.length}`;
      skip.textContent = data.skip;
      next.textContent = at + 1 < data.steps.length ? data.next : data.done;
      card.setAttribute("aria-label", data.label);
      card.hidden = false;
    };
    skip.onclick = end;
    next.onclick = () => { at += 1; if (at < data.steps.length) show(); else end(); };
    card.onkeydown = (event) => { if (event.key === "Escape") end(); };
    show();
    if (again) next.focus();
  }

  function keys() {
    const steps = {
      ArrowRight: "next", ArrowDown: "next", PageDown: "next", " ": "next", Enter: "next",
      ArrowLeft: "previous", ArrowUp: "previous", PageUp: "previous", Backspace: "previous",
      Home: "first", End: "last", Escape: "leave",
    };
    const pressed = (event) => {
      const step = steps[event.key];
      const control = event.target.closest && event.target.closest("button, a, input, summary");
      if (event.ctrlKey || event.altKey || event.metaKey) return;
      const hidden = !blank.hidden, turn = [".", ",", "b", "B", "w", "W"].includes(event.key);
      if (!step && !turn && !hidden && event.key !== "F5") return;
      if (!hidden && control && (event.key === " " || event.key === "Enter")) return;
      event.preventDefault(); // F5 is what a remote sends to begin: no reason to load all again
      event.stopPropagation();
      if (hidden || turn) blank.hidden = hidden; // any key brings the screen back
      else if (step) setTriggerValue("step", step);
    };
    const blank = document.createElement("div"); // a dark screen, as remotes ask for by "." or "b"
    blank.className = "ikm-blank";
    blank.hidden = true;
    blank.onclick = () => { blank.hidden = true; };
    document.body.appendChild(blank);
    const heard = new Set(); // documents: a frame that loads anew keeps its window
    const listen = () => {
      [document, ...Array.from(document.querySelectorAll("iframe"), (f) => f.contentDocument)].forEach((d) => {
        if (!d || heard.has(d)) return;
        heard.add(d);
        d.addEventListener("keydown", pressed, true);
      });
    };
    listen();
    document.body.dataset.ikmKeys = "on";
    const timer = setInterval(listen, 500); // the map's frame comes later, and may be replaced
    return () => {
      clearInterval(timer);
      blank.remove();
      delete document.body.dataset.ikmKeys;
      heard.forEach((d) => d.removeEventListener("keydown", pressed, true));
    };
  }
}
