// What every page needs of the browser: the link to the page that is shown is marked for screen readers, links into the
// walk inside keep the visit, the menu does not float over what is scrolled, and a server that is gone is named in our own words. Streamlit's ask whether one is
// connected to the internet, which a classroom need not be, in a dialog that lies over the paper.
const PATIENCE_MS = 1500; // a connection that comes back by itself is not worth a word

let frame = null; // the latest call's arguments
let timer = null;

const app = () => document.querySelector(".stApp");
const isConnected = () => app()?.dataset.testConnectionState === "CONNECTED";

const markLink = () => {
  for (const link of document.querySelectorAll(".st-key-navigation a")) {
    // Not link.href: the first page's is empty, which stands for the page that is shown, whichever that is.
    if (link.getAttribute("href").split("/").pop() === frame.data.page) link.setAttribute("aria-current", "page");
    else link.removeAttribute("aria-current");
  }
};

const showOffline = () => {
  timer = null;
  if (!frame || isConnected() || document.querySelector(".dp-offline")) return;
  const notice = document.createElement("p");
  notice.className = "dp-offline";
  notice.setAttribute("role", "alert");
  document.body.append(notice);
  notice.textContent = frame.data.offline; // once it is in the page, or some screen readers miss it
};

const watch = () => {
  if (isConnected()) {
    clearTimeout(timer);
    timer = null;
    document.querySelector(".dp-offline")?.remove();
    return;
  }
  timer ??= setTimeout(showOffline, PATIENCE_MS);
  const dialog = document.querySelector('[role="dialog"]');
  if (dialog?.textContent.includes("Connection error")) {
    dialog.querySelector('button[aria-label="Close"]')?.click(); // it comes once, and not again
    showOffline();
  }
};

const onScroll = (event) => {
  if (event.target.classList?.contains("stMain")) {
    document.documentElement.classList.toggle("dp-scrolled", event.target.scrollTop > 8);
  }
};

// A link to another page is followed as if the page's own link were pressed, one into the walk is followed within this visit: as an address it would begin another, without the drawing.
const onClick = (event) => {
  const link = event.target.closest?.("a[data-inside], a[data-page]");
  if (!link || !isConnected() || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
  event.preventDefault();
  if (link.dataset.page) {
    document.querySelector(`.st-key-navigation a[href$="${CSS.escape(link.dataset.page)}"]`)?.click();
    return;
  }
  frame.setTriggerValue("inside", { digit: link.dataset.inside, step: link.dataset.step });
};

// Charts are drawn as SVG already: a button below them saves what stands in the page.
const saveCharts = (event) => {
  const button = event.target.closest?.("button[data-charts]");
  if (!button) return;
  const isBefore = (chart) => chart.compareDocumentPosition(button) & Node.DOCUMENT_POSITION_FOLLOWING;
  const names = button.dataset.charts.split(" ");
  const charts = [...document.querySelectorAll("svg.marks")].filter(isBefore).slice(-names.length);
  charts.forEach((chart, index) => {
    const copy = chart.cloneNode(true);
    copy.setAttribute("xmlns", "http://www.w3.org/2000/svg");
    const link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob([copy.outerHTML], { type: "image/svg+xml" }));
    link.download = `${names[index]}.svg`;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
  });
};

export default function ({ data, setTriggerValue }) {
  const isFirst = frame === null;
  frame = { ...frame, data, setTriggerValue };
  markLink();
  if (!isFirst) return undefined;
  frame.watcher = new MutationObserver(watch);
  frame.watcher.observe(document.body, {
    childList: true,
    subtree: true,
    attributeFilter: ["data-test-connection-state"],
  });
  document.addEventListener("scroll", onScroll, { capture: true, passive: true });
  document.addEventListener("click", onClick);
  document.addEventListener("click", saveCharts);
  return () => {
    frame.watcher.disconnect();
    document.removeEventListener("scroll", onScroll, { capture: true });
    document.removeEventListener("click", onClick);
    document.removeEventListener("click", saveCharts);
    frame = null;
  };
}
