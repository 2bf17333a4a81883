// Stores the readings, no picture, in this tab's sessionStorage, and gives them to a session that has none yet:
// after a reload, or where the server or a long sleep has ended the session before.
// A browser may refuse its storage (private windows, full disks): then they are lost as before.
const KEY = "digit-playground-readings";
const MOST_CHARACTERS = 1_500_000;

const stored = () => {
  try {
    const text = sessionStorage.getItem(KEY);
    return text && text.length <= MOST_CHARACTERS ? JSON.parse(text) : [];
  } catch {
    return [];
  }
};

const store = (readings) => {
  try {
    if (readings.length) sessionStorage.setItem(KEY, JSON.stringify(readings));
    else sessionStorage.removeItem(KEY);
  } catch {
    // full or forbidden
  }
};

export default function ({ data, setTriggerValue }) {
  // An empty answer is one, too: until it has come, the server lets nothing be overwritten.
  if (data.asks) setTriggerValue("readings", { readings: stored() });
  else store(data.readings);
}
