// What all views of /inside share: numbers from base64, colours, a sheet to paint on that can be explored by mouse,
// finger and keys, read aloud, copied and saved. The views themselves are in the other view_*.js, put behind this file.

const bytesOf = (text) => Uint8Array.from(atob(text), (sign) => sign.charCodeAt(0));
const floatsOf = (text) => new Float32Array(bytesOf(text).buffer);
const SIDE = 28;
const clamp = (value, low, high) => Math.min(high, Math.max(low, value));
const isDark = () => {
  const [red, green, blue] = getComputedStyle(document.querySelector(".stApp")).backgroundColor.match(/[\d.]+/g);
  return +red + +green + +blue < 384;
};

// Two ramps. Ink and activations go from nothing to all; what has a sign goes from orange over a neutral middle to
// blue, which people who can't tell red from green tell apart, too.
const mix = (from, to, share) => from.map((value, k) => Math.round(value + (to[k] - value) * share));
const rgb = (colour) => `rgb(${colour.join(" ")})`;
const choosePalette = () =>
  isDark()
    ? { text: "#ece9e2", quiet: "#a9aebb", line: "#4a5160", none: [32, 36, 44], all: [169, 194, 250], mark: "#ffb454",
        against: [240, 150, 60], middle: [52, 57, 68], speaks: [110, 175, 255], back: "#1b1e25" }
    : { text: "#1d2230", quiet: "#5b6070", line: "#c9c2b3", none: [255, 255, 255], all: [39, 70, 144], mark: "#b4540a",
        against: [179, 88, 6], middle: [240, 238, 233], speaks: [33, 102, 172], back: "#fffdf9" };
let chosenPalette = null; // asked for anew at each painting: for every pixel would take a hundred times as long
const palette = () => chosenPalette ?? (chosenPalette = choosePalette());
const inkColour = (value) => mix([255, 255, 255], [20, 22, 28], clamp(value, 0, 1));
const activationColour = (value) => mix(palette().none, palette().all, clamp(value, 0, 1));
const signedColour = (value) => {
  const { against, middle, speaks } = palette();
  return mix(middle, value < 0 ? against : speaks, clamp(Math.abs(value), 0, 1));
};

// Paints numbers as squares of one colour each; `colour` turns a number into [red, green, blue].
const paintGrid = (ctx, values, rows, columns, x, y, width, height, colour) => {
  const pixels = new ImageData(columns, rows), { data } = pixels;
  for (let k = 0; k < rows * columns; k += 1) {
    [data[4 * k], data[4 * k + 1], data[4 * k + 2]] = colour(values[k]);
    data[4 * k + 3] = 255;
  }
  const small = paintGrid.canvas ?? (paintGrid.canvas = document.createElement("canvas"));
  small.width = columns;
  small.height = rows;
  small.getContext("2d").putImageData(pixels, 0, 0);
  ctx.imageSmoothingEnabled = false;
  ctx.drawImage(small, x, y, width, height);
};

const paintCell = (ctx, cell, x, y, side, colour = inkColour) => {
  paintGrid(ctx, cell, SIDE, SIDE, x, y, side, side, colour);
  frameRect(ctx, x, y, side, side, palette().line, 1);
};
const frameRect = (ctx, x, y, width, height, colour, thickness) => {
  ctx.strokeStyle = colour;
  ctx.lineWidth = thickness;
  ctx.strokeRect(x, y, width, height);
};
const write = (ctx, text, x, y, { size = 13, colour = palette().text, align = "left", weight = 400 } = {}) => {
  ctx.font = `${weight} ${size}px sans-serif`;
  ctx.fillStyle = colour;
  ctx.textAlign = align;
  ctx.textBaseline = "alphabetic";
  ctx.fillText(text, x, y);
};
// Signed values over pale ink: where nothing speaks for or against, the ink itself shows.
const overInk = (values, most, cell) => (_, k) => {
  const strength = most > 0 ? clamp(Math.abs(values[k]) / most, 0, 1) : 0;
  const paper = mix([255, 255, 255], [185, 185, 185], clamp(cell[k], 0, 1));
  return mix(paper, values[k] < 0 ? [179, 88, 6] : [33, 102, 172], Math.sqrt(strength));
};
const largest = (values) => values.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
const shown = (value, decimals = 2) => value.toFixed(decimals).replace("-", "−");

const make = (tag, attributes = {}, ...children) => {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (value !== false && value !== null) element.setAttribute(name, value);
  }
  element.append(...children);
  return element;
};

// One view's place on the page: a canvas, a sentence about what is pointed at, and the buttons that copy and save it.
class Sheet {
  constructor(root, name, { height, paint, point, keys, label, hint = "", drag = null, released = null }) {
    Object.assign(this, { root, name, height, paint, point, keys, label, drag, released });
    this.canvas = make("canvas", { tabindex: 0, role: "application" });
    this.said = make("p", { class: "said", "aria-live": "polite" });
    this.extra = make("div", { class: "extra" });
    this.done = make("span", { class: "done", role: "status" });
    const tools = make("div", { class: "tools" },
      make("button", { type: "button", class: "copy", onclick: () => this.copy() }, "Copy as picture"),
      make("button", { type: "button", class: "save", onclick: () => this.save() }, "Save picture"), this.done);
    this.box = make("div", { class: "view" }, this.extra, this.canvas, this.said,
      make("p", { class: "hint" }, hint), tools);
    root.append(this.box);
    const at = (event) => {
      const box = this.canvas.getBoundingClientRect();
      return [((event.clientX - box.left) / box.width) * this.width, ((event.clientY - box.top) / box.height) * this.tall];
    };
    let down = false;
    this.canvas.addEventListener("pointerdown", (event) => {
      down = true;
      if (this.drag) this.canvas.setPointerCapture(event.pointerId);
      this.point?.(...at(event), true);
    });
    this.canvas.addEventListener("pointermove", (event) => {
      if (down && this.drag) this.drag(...at(event));
      else if (event.pointerType === "mouse") this.point?.(...at(event), false);
    });
    const up = () => {
      if (down) this.released?.();
      down = false;
    };
    this.canvas.addEventListener("pointerup", up);
    this.canvas.addEventListener("pointercancel", up);
    this.canvas.addEventListener("keydown", (event) => {
      const moves = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };
      if (this.keys?.(event.key, moves[event.key])) event.preventDefault();
    });
    if (drag) this.canvas.style.touchAction = "none";
    new ResizeObserver(() => this.width !== this.box.clientWidth && this.repaint()).observe(this.box);
  }

  say(sentence) {
    if (this.said.textContent !== sentence) this.said.textContent = sentence;
  }

  repaint() {
    chosenPalette = null;
    this.width = this.box.clientWidth;
    if (!this.width) return; // not laid out yet: the observer calls again
    this.tall = typeof this.height === "function" ? this.height(this.width) : this.height;
    const ratio = window.devicePixelRatio || 1;
    this.canvas.width = Math.round(this.width * ratio);
    this.canvas.height = Math.round(this.tall * ratio);
    this.canvas.style.height = `${this.tall}px`;
    this.canvas.setAttribute("aria-label", typeof this.label === "function" ? this.label() : this.label);
    const ctx = this.canvas.getContext("2d");
    ctx.setTransform(ratio, 0, 0, ratio, 0, 0);
    ctx.fillStyle = palette().back;
    ctx.fillRect(0, 0, this.width, this.tall);
    this.paint(ctx, this.width, this.tall);
  }

  picture() {
    return new Promise((resolve) => this.canvas.toBlob(resolve, "image/png"));
  }

  async copy() {
    try {
      await navigator.clipboard.write([new ClipboardItem({ "image/png": this.picture() })]);
      this.done.textContent = "Copied.";
    } catch {
      // Over plain http, or forbidden: browsers give the clipboard to secure addresses only.
      await this.save();
      this.done.textContent = "This browser lets us copy nothing: the picture was saved instead.";
    }
  }

  async save() {
    const address = URL.createObjectURL(await this.picture());
    make("a", { href: address, download: `inside-${this.name}.png` }).click();
    setTimeout(() => URL.revokeObjectURL(address), 10000);
    this.done.textContent = "Saved.";
  }
}
