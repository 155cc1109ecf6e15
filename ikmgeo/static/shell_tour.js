/* Cards on the first visit; once left or finished they come back only when asked for. */
export default function ({ parentElement, data }) {
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
  card.popover = "manual"; // above all else, the list too from which it was asked for
  const end = () => { remembered(data.again || "seen"); card.hidePopover(); card.hidden = true; };
  const show = () => {
    [title.textContent, text.textContent] = data.steps[at];
    count.textContent = `${at + 1} / ${data.steps.length}`;
    skip.textContent = data.skip;
    next.textContent = at + 1 < data.steps.length ? data.next : data.done;
    card.setAttribute("aria-label", data.label);
    card.hidden = false;
    if (!card.matches(":popover-open")) card.showPopover();
  };
  skip.onclick = end;
  next.onclick = () => { at += 1; if (at < data.steps.length) show(); else end(); };
  card.onkeydown = (event) => { if (event.key === "Escape") end(); };
  show();
  if (again) next.focus();
}
