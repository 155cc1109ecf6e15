/* The keys of a talk. */
export default function ({ setTriggerValue }) {
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
  document.addEventListener("load", listen, true); // the map's frame comes later, and may be replaced
  return () => {
    document.removeEventListener("load", listen, true);
    blank.remove();
    delete document.body.dataset.ikmKeys;
    heard.forEach((d) => d.removeEventListener("keydown", pressed, true));
  };
}
