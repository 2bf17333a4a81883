// Fits the drawing canvas into its page. The canvas lives in an open shadow root, which page CSS can't reach:
// here its hidden toolbar, which still takes touches, is put away; it shrinks with its column; it gets a role
// and a label; it reports a stroke as soon as the pen is lifted, and whether the window is a phone's.
const PHONE = window.matchMedia("(max-width: 640px)");
const STYLE = `
  .dc-toolbar { display: none !important; }
  .dc-root, .dc-scroll { width: 100% !important; }
  .dc-scroll { overflow: hidden !important; }
  .dc-container {
    width: 100% !important; height: auto !important;
    aspect-ratio: var(--paper-width) / var(--paper-height);
    cursor: crosshair;
  }
  .canvas-container, canvas { width: 100% !important; height: 100% !important; }
  .dc-canvas { outline: none; }
  .dc-container[data-blank]::after {
    content: attr(data-hint); position: absolute; inset: 0; z-index: 30; pointer-events: none;
    display: grid; place-items: center; font: 500 1.125rem/1.4 var(--st-font, sans-serif); color: #6a6f7a;
  }`;

let frame = null; // the latest call's arguments: what the listeners below work with
let drawnOn = null; // the revision of the paper that the pen has touched: strokes alone bring no new arguments

const shadowOf = (selector) => {
  const box = document.querySelector(selector);
  const host = box && [box, ...box.querySelectorAll("*")].find((element) => element.shadowRoot);
  return host ? host.shadowRoot : null;
};

const penDown = (paper) => {
  drawnOn = frame.data.revision;
  paper.removeAttribute("data-blank");
  document.body.style.userSelect = "none"; // a stroke that leaves the paper is not to mark the page's text
  document.addEventListener("pointerup", penUp, { once: true, capture: true }); // wherever that is
};

const penUp = () => {
  document.body.style.userSelect = "";
  setTimeout(report); // once the canvas, which hears of the pen after us, has taken the stroke in
};

// The canvas reports a stroke after 200 ms, or at once when its own hidden "Update the app" button is pressed: no
// visitor should wait, and whoever presses Undo right after a stroke means the drawing with that stroke.
const report = () => frame && shadowOf(frame.data.canvas)?.querySelector(".dc-toolbar button")?.click();

const fit = () => {
  const { data, setStateValue } = frame;
  document.querySelector(data.live)?.setAttribute("aria-live", "polite");
  if (PHONE.matches !== data.narrow && frame.reported !== PHONE.matches) {
    frame.reported = PHONE.matches;
    setStateValue("narrow", PHONE.matches);
  }
  const root = shadowOf(data.canvas);
  const paper = root?.querySelector(".dc-container");
  if (!paper) {
    // Not there yet, and what happens inside a shadow root no observer out here is told of.
    clearTimeout(frame.retry);
    frame.retry = setTimeout(() => frame && fit(), 30);
    return;
  }
  if (!root.querySelector("style[data-frame]")) {
    const style = document.createElement("style");
    style.dataset.frame = "";
    style.textContent = STYLE;
    root.append(style);
  }
  // On the page itself, for style.css: nothing there is made anew.
  document.documentElement.style.setProperty("--paper-ratio", data.width / data.height);
  root.host.style.setProperty("--paper-width", data.width);
  root.host.style.setProperty("--paper-height", data.height);
  paper.dataset.hint = data.hint;
  paper.toggleAttribute("data-blank", data.blank && drawnOn !== data.revision);
  const top = paper.querySelector(".upper-canvas") ?? paper.querySelector(".dc-canvas");
  if (top && top.getAttribute("role") !== "img") {
    top.setAttribute("role", "img");
    top.setAttribute("aria-label", data.label);
    top.addEventListener("pointerdown", () => penDown(paper));
  }
};

// Ctrl-Z, or Cmd-Z, and Ctrl-Shift-Z or Ctrl-Y press Undo and Redo, but for where they undo typing.
const onKey = (event) => {
  const types = event.target.closest?.("input:not([type=radio]), textarea, [contenteditable]");
  if (!frame || types || event.altKey || !(event.ctrlKey || event.metaKey)) return;
  const key = event.key.toLowerCase();
  const button = document.querySelector(frame.data.keys[event.shiftKey ? key.toUpperCase() : key] ?? null);
  if (!button) return;
  event.preventDefault();
  button.click();
};

export default function ({ data, setStateValue }) {
  frame = { retry: null, reported: null, watcher: null, ...frame, data, setStateValue };
  fit();
  if (frame.watcher) return undefined;
  const refit = () => frame && fit();
  frame.watcher = new MutationObserver(() => shadowOf(frame.data.canvas)?.querySelector("style[data-frame]") || fit());
  frame.watcher.observe(document.body, { childList: true, subtree: true });
  PHONE.addEventListener("change", refit);
  document.addEventListener("keydown", onKey);
  return () => {
    frame?.watcher.disconnect();
    frame = drawnOn = null;
    PHONE.removeEventListener("change", refit);
    document.removeEventListener("keydown", onKey);
  };
}
