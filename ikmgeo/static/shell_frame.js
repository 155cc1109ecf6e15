/* The document's language, Streamlit's words in it, and a question before unsaved work is left. */
export default function ({ data }) {
  document.documentElement.lang = data.language;
  const locale = data.language === "id" ? "id-ID" : "en-GB";
  if (navigator.language !== locale) { // calendars ask the browser for the names of months
    Object.defineProperty(navigator, "language", { value: locale, configurable: true });
    window.dispatchEvent(new Event("languagechange"));
  }
  translate(data.words);
  document.addEventListener("click", makeWay); // the same function is heard once only
  window.onbeforeunload = data.unsaved ? (event) => { event.preventDefault(); } : null;

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
}

/* On a phone the sidebar lies over the page that is chosen in it. */
function makeWay({ target }) {
  if (window.innerWidth < 768 && target.closest?.('[data-testid="stPageLink"] a'))
    document.querySelector('[data-testid="stSidebarCollapseButton"] button')?.click();
}
