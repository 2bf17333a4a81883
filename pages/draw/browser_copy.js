// Keeps the drawing in this tab's sessionStorage, and offers it once to a visit that has none yet.
// A browser may refuse its storage (private windows, full disks): then a reload loses the drawing as before.
const KEY = "digit-playground-drawing";
const MOST_CHARACTERS = 1_500_000; // a drawing of 20,000 points has half of that

let offered = false; // in this load of the page: the answer takes a moment, in which nothing may be overwritten

const stored = () => {
  try {
    const text = sessionStorage.getItem(KEY);
    return text && text.length <= MOST_CHARACTERS ? JSON.parse(text) : null;
  } catch {
    return null;
  }
};

const store = (kept) => {
  try {
    if (kept) sessionStorage.setItem(KEY, JSON.stringify(kept));
    else sessionStorage.removeItem(KEY);
  } catch {
    // full or forbidden
  }
};

export default function ({ data, setTriggerValue }) {
  if (!data.asks) {
    store(data.kept);
    return;
  }
  const kept = offered ? null : stored();
  if (kept) {
    offered = true;
    setTriggerValue("kept", kept);
  }
}
