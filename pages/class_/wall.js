// The wall: drawings as tiles, in groups. A tap hides one, or shows it again.
const SVG = "http://www.w3.org/2000/svg";

const element = (name, className, text) => {
  const made = document.createElement(name);
  made.className = className;
  if (text !== undefined) made.textContent = text;
  return made;
};

const picture = (tile) => {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", "0 0 100 100");
  svg.setAttribute("aria-hidden", "true");
  const path = document.createElementNS(SVG, "path");
  path.setAttribute("d", tile.path);
  path.setAttribute("stroke-width", tile.pen);
  svg.append(path);
  return svg;
};

const words = (tile) => {
  if (tile.is_hidden) return "hidden";
  const read = tile.reading || "no digit";
  return tile.is_misread ? `✗ ${read}` : tile.asked ? `✓ ${read}` : read;
};

const button = (tile, tap) => {
  const made = element("button", `dp-tile${tile.is_misread ? " dp-tile-misread" : ""}${tile.is_hidden ? " dp-tile-hidden" : ""}`);
  made.type = "button";
  made.dataset.id = tile.id;
  const asked = tile.asked ? `asked for ${tile.asked}, ` : "";
  made.title = tile.is_hidden ? "Show this drawing again" : "Hide this drawing";
  made.setAttribute("aria-label", tile.is_hidden ? made.title : `${tile.member}: ${asked}${words(tile)}. ${made.title}`);
  made.append(picture(tile), element("span", "dp-tile-words", words(tile)));
  if (tile.is_misread && tile.asked && !tile.is_hidden) made.append(element("span", "dp-tile-asked", `a ${tile.asked}`));
  made.addEventListener("click", () => tap(tile.id));
  return made;
};

export default function ({ data, parentElement, setTriggerValue }) {
  const text = JSON.stringify(data.groups);
  const root = parentElement.querySelector(".dp-wall");
  if (root.shown === text) return;
  root.shown = text;
  const tap = (id) => setTriggerValue("tapped", id);
  const focused = root.contains(document.activeElement) ? document.activeElement.dataset.id : undefined;
  root.replaceChildren(
    ...data.groups.map((group) => {
      const section = element("section", "dp-group");
      if (group.title) section.append(element("h3", "dp-group-title", group.title));
      const tiles = element("div", "dp-tiles");
      tiles.append(...group.tiles.map((tile) => button(tile, tap)));
      section.append(tiles);
      return section;
    }),
  );
  if (focused) root.querySelector(`[data-id="${focused}"]`)?.focus();
}
