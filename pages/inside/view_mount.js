// Mounts one view: the first call builds it, later ones hand it new numbers. The views come with a script of their own.
const mounted = new WeakMap();

const update = (parentElement) => {
  const view = mounted.get(parentElement);
  if (view.handOver) {
    view.handOver(view.content);
    return;
  }
  const views = globalThis.digitPlaygroundViews;
  clearTimeout(view.retry);
  if (!views) {
    view.retry = setTimeout(() => update(parentElement), 30);
    return;
  }
  view.handOver = views.make(view.kind, parentElement, (name, value) => view.send(name, value));
  view.handOver(view.content);
  // Opened by a button below: its beginning is to be seen.
  const step = parentElement.host?.closest('[class*="st-key-inside-"]');
  if (step && step.getBoundingClientRect().top < 0) step.scrollIntoView({ block: "start" });
};

export default function ({ data, parentElement, setStateValue }) {
  let view = mounted.get(parentElement);
  if (view?.kind !== data.view) {
    parentElement.querySelector(".view")?.remove();
    view = { kind: data.view };
    mounted.set(parentElement, view);
  }
  view.send = setStateValue;
  view.content = data.content;
  update(parentElement);
}
