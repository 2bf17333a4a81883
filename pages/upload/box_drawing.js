// Lets a visitor draw a box on a picture, with a mouse, a pen or a finger, and hands it over as shares of its sides.
const SMALLEST = 0.004; // as in boxes.py: less is a click
const SHOWN_MS = 1500; // a drawn box stays so long, or until the picture comes back read

const releases = new Map(); // by picture: a call may follow another one without a word in between

const clamp = (share) => Math.min(1, Math.max(0, share));

export default function ({ data, setTriggerValue }) {
  const picture = document.querySelector(data.picture);
  if (!picture) return undefined;
  releases.get(picture)?.();
  let box = null;
  let start = null;

  const shareOf = (event) => {
    const frame = picture.getBoundingClientRect();
    return [clamp((event.clientX - frame.left) / frame.width), clamp((event.clientY - frame.top) / frame.height)];
  };

  const between = ([x, y], [toX, toY]) => ({
    left: Math.min(x, toX),
    top: Math.min(y, toY),
    width: Math.abs(toX - x),
    height: Math.abs(toY - y),
  });

  const end = () => {
    box?.remove();
    box = start = null;
  };

  const on = {
    pointerdown: (event) => {
      if (event.button !== 0 || event.target.closest("button")) return;
      event.preventDefault();
      end();
      picture.setPointerCapture(event.pointerId);
      start = shareOf(event);
      box = document.createElement("i");
      box.className = "dp-drawn-box";
      picture.querySelector(".dp-boxes")?.append(box);
    },
    pointermove: (event) => {
      if (!start) return;
      for (const [side, share] of Object.entries(between(start, shareOf(event)))) box.style[side] = `${100 * share}%`;
    },
    pointerup: (event) => {
      if (!start) return;
      const drawn = between(start, shareOf(event));
      start = null;
      if (Math.min(drawn.width, drawn.height) < SMALLEST) {
        end();
        return;
      }
      setTriggerValue("box", drawn);
      const last = box;
      setTimeout(() => last.remove(), SHOWN_MS);
    },
    pointercancel: end,
    dragstart: (event) => event.preventDefault(), // of the picture itself
  };
  for (const [name, listener] of Object.entries(on)) picture.addEventListener(name, listener);
  picture.classList.add("dp-drawable");
  const release = () => {
    end();
    for (const [name, listener] of Object.entries(on)) picture.removeEventListener(name, listener);
    picture.classList.remove("dp-drawable");
    releases.delete(picture);
  };
  releases.set(picture, release);
  return release;
}
