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
  .dc-eraser { position: absolute; inset: 0; z-index: 40; touch-action: none; cursor: cell; }
  .dc-eraser svg { width: 100%; height: 100%; pointer-events: none; }
  .dc-eraser polyline { fill: none; stroke: #5b6070; opacity: 0.35; stroke-linecap: round; stroke-linejoin: round; }
  .dc-container[data-blank]::after {
    content: attr(data-hint); position: absolute; inset: 0; z-index: 30; pointer-events: none;
    display: grid; place-items: center; font: 500 1.125rem/1.4 var(--st-font, sans-serif); color: #6a6f7a;
  }`;

const MOST_PLACES = 1000; // of the eraser on its way; eraser.py takes no more

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

// Over the paper while the pen is an eraser, so that the canvas hears nothing of it. It hands over where it was.
const makeEraser = () => {
  const eraser = document.createElement("div");
  eraser.className = "dc-eraser";
  eraser.innerHTML = `<svg preserveAspectRatio="none"><polyline /></svg>`;
  const trail = eraser.querySelector("polyline");
  let path = null;
  const follow = (event) => {
    const { left, top, width, height } = eraser.getBoundingClientRect();
    const { data } = frame;
    path.push([((event.clientX - left) / width) * data.width, ((event.clientY - top) / height) * data.height]);
    eraser.firstChild.setAttribute("viewBox", `0 0 ${data.width} ${data.height}`);
    trail.setAttribute("stroke-width", 2 * data.eraser);
    trail.setAttribute("points", path.concat(path.slice(-1)).join(" ")); // twice the last: a dot is drawn, too
  };
  const lift = () => {
    path = null;
    trail.setAttribute("points", "");
  };
  eraser.addEventListener("pointerdown", (event) => {
    if (event.button !== 0) return;
    event.preventDefault();
    eraser.setPointerCapture(event.pointerId);
    path = [];
    follow(event);
  });
  eraser.addEventListener("pointermove", (event) => path && path.length < MOST_PLACES && follow(event));
  eraser.addEventListener("pointerup", () => {
    if (path) frame.setTriggerValue("erased", path);
    lift();
  });
  eraser.addEventListener("pointercancel", lift);
  return eraser;
};

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
  // A blank paper that is not this window's will be another one in a moment: nothing is to move twice.
  if (!data.blank || data.small || PHONE.matches === data.narrow) {
    document.documentElement.style.setProperty("--paper-ratio", data.width / data.height);
  }
  root.host.style.setProperty("--paper-width", data.width);
  root.host.style.setProperty("--paper-height", data.height);
  paper.dataset.hint = data.hint;
  paper.toggleAttribute("data-blank", data.blank && drawnOn !== data.revision);
  const eraser = paper.querySelector(".dc-eraser");
  if (data.eraser && !eraser) paper.append(makeEraser());
  if (!data.eraser) eraser?.remove();
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

export default function ({ data, setStateValue, setTriggerValue }) {
  frame = { retry: null, reported: null, watcher: null, ...frame, data, setStateValue, setTriggerValue };
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
