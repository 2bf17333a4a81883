// Keeps the token by which a member is known again, so that a phone that slept, or was reloaded, comes back to its class.
// A browser may refuse its storage (private windows): then one joins anew.
const KEY = "digit-playground-class";

const stored = () => {
  try {
    return localStorage.getItem(KEY);
  } catch {
    return null;
  }
};

const store = (token) => {
  try {
    if (token) localStorage.setItem(KEY, token);
    else localStorage.removeItem(KEY);
  } catch {
    // forbidden
  }
};

let offered = false; // in this load of the page

export default function ({ data, setTriggerValue }) {
  if (!data.asks) {
    store(data.token);
    return;
  }
  const token = offered ? null : stored();
  if (token) {
    offered = true;
    setTriggerValue("token", token);
  }
}
