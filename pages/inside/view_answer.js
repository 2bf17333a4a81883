// The views of the later steps: logits and probabilities, what spoke for the answer, cells side by side, the map.

const softmax = (logits, temperature) => {
  const powers = logits.map((logit) => Math.exp((logit - Math.max(...logits)) / temperature));
  const sum = powers.reduce((total, power) => total + power, 0);
  return powers.map((power) => power / sum);
};
const inPercent = (share) => (share > 0.999 ? "over 99.9 %" : share < 0.001 ? "under 0.1 %" : `${(100 * share).toFixed(share >= 0.9 || share < 0.1 ? 1 : 0)} %`);

VIEWS.answer = (root) => {
  let data, temperature = 1, cell, contrast;
  const contrastSide = (width) => Math.min(200, width - 20);
  const sheet = new Sheet(root, "answer", {
    height: (width) => (data ? 330 + (data.kinds ? 110 : 0) + (width < 560 ? contrastSide(width) + 50 : 0) : 100),
    label: () => `Logits and probabilities of the ten digits at temperature ${shown(temperature, 1)}.`,
    paint: (ctx, width) => {
      if (!data) return;
      const wide = width >= 560, chart = wide ? width - 230 : width, slot = chart / 10;
      const probabilities = softmax(data.logits, temperature), most = largest(data.logits) || 1;
      const best = probabilities.indexOf(Math.max(...probabilities));
      write(ctx, "Logits: the evidence, any number", 0, 16, { weight: 600 });
      const zero = 90;
      data.logits.forEach((logit, digit) => {
        const length = (logit / most) * 50, x = digit * slot + slot * 0.15;
        ctx.fillStyle = rgb(signedColour(logit < 0 ? -1 : 1));
        ctx.fillRect(x, length > 0 ? zero - length : zero, slot * 0.7, Math.max(1, Math.abs(length)));
        write(ctx, shown(logit, 1), x + slot * 0.35, length > 0 ? zero - length - 4 : zero - length + 13, { size: 11, align: "center", colour: palette().quiet });
      });
      write(ctx, "Softmax: probabilities, together 100 %", 0, 184, { weight: 600 });
      probabilities.forEach((share, digit) => {
        const x = digit * slot + slot * 0.15, height = share * 80;
        ctx.fillStyle = rgb(digit === best ? palette().all : mix(palette().none, palette().all, 0.55));
        ctx.fillRect(x, 290 - height, slot * 0.7, Math.max(1, height));
        write(ctx, share >= 0.995 ? "> 99" : share < 0.005 ? "< 1" : (100 * share).toFixed(0), x + slot * 0.35, 286 - height, { size: 11, align: "center", colour: palette().quiet });
        write(ctx, String(digit), x + slot * 0.35, 310, { size: 15, align: "center", weight: digit === best ? 700 : 400 });
      });
      if (data.kinds) {
        write(ctx, "Is it a digit at all? The second head", 0, 346, { weight: 600 });
        ["a whole digit", "a letter or sign", "a part, or several things"].forEach((name, k) => {
          const y = 362 + 24 * k, room = chart - 255;
          write(ctx, name, 0, y + 12, { size: 13 });
          ctx.fillStyle = rgb(k === 0 ? palette().all : mix(palette().none, palette().all, 0.55));
          ctx.fillRect(170, y, Math.max(1, data.kinds[k] * room), 15);
          write(ctx, inPercent(data.kinds[k]), 176 + data.kinds[k] * room, y + 12, { size: 12, colour: palette().quiet });
        });
        const x = 170 + data.threshold * (chart - 255);
        ctx.fillStyle = palette().mark;
        ctx.fillRect(x, 358, 2, 23);
      }
      const side = contrastSide(wide ? 220 : width), x = wide ? width - side : 0, y = wide ? 30 : 346 + (data.kinds ? 110 : 0);
      write(ctx, `What speaks for ${data.first} (blue) or ${data.second} (orange)`, x + (wide ? side : 0), y - 12, { size: wide ? 11 : 13, align: wide ? "right" : "left", colour: palette().quiet });
      paintGrid(ctx, cell, SIDE, SIDE, x, y, side, side, (() => { let k = -1; const colour = overInk(contrast, largest(contrast), cell); return (value) => colour(value, (k += 1)); })());
      frameRect(ctx, x, y, side, side, palette().line, 1);
    },
  });
  const number = make("output", {}, "1.0");
  const slider = make("input", {
    type: "range", min: "0.2", max: "5", step: "0.1", value: "1", "aria-label": "Temperature",
    oninput: () => { temperature = +slider.value; number.textContent = shown(temperature, 1); tell(); },
  });
  sheet.extra.append(make("label", { class: "slider" }, "Temperature ", slider, number));
  const tell = () => {
    const probabilities = softmax(data.logits, temperature), ranked = probabilities.map((share, digit) => [share, digit]).sort((a, b) => b[0] - a[0]);
    sheet.say(`At temperature ${shown(temperature, 1)}: ${ranked.slice(0, 3).map(([share, digit]) => `${digit} with ${inPercent(share)}`).join(", ")}.`);
    sheet.repaint();
  };
  return (next) => {
    data = next;
    cell = Float32Array.from(bytesOf(data.cell), (value) => value / 255);
    contrast = floatsOf(data.contrast);
    tell();
  };
};

// Two maps over the ink, which can be rubbed out: the server then reads what is left.
VIEWS.saliency = (root, send) => {
  let data, cell, maps;
  let erased = new Set(), at = null;
  const RUBBER = 1.6; // pixels around the finger
  const layout = (width) => (width >= 560 ? { side: (width - 16) / 2, across: true } : { side: Math.min(width, 340), across: false });
  const sheet = new Sheet(root, "saliency", {
    height: (width) => layout(width).side * (layout(width).across ? 1 : 2) + (layout(width).across ? 26 : 56),
    label: () => `Where the network looked for the ${data?.digit}: two maps over the ink. Drag to rub ink out; keys: arrows and space.`,
    hint: "Blue ink speaks for the answer, orange against it. Rub ink out with mouse or finger (keys: arrows, then space), and see whether the answer stays.",
    paint: (ctx, width) => {
      if (!data) return;
      const { side, across } = layout(width), pixel = side / SIDE;
      maps.forEach((map, index) => {
        const [x, y] = across ? [index * (side + 16), 22] : [0, 22 + index * (side + 34)];
        write(ctx, map.title, x, y - 8, { colour: palette().quiet });
        let k = -1;
        const colour = overInk(map.values, map.most, cell);
        paintGrid(ctx, cell, SIDE, SIDE, x, y, side, side, (value) => colour(value, (k += 1)));
        erased.forEach((index_) => {
          ctx.fillStyle = "#fff";
          ctx.fillRect(x + (index_ % SIDE) * pixel, y + Math.floor(index_ / SIDE) * pixel, pixel, pixel);
          ctx.fillStyle = "#0002";
          ctx.fillRect(x + (index_ % SIDE) * pixel + pixel / 3, y + Math.floor(index_ / SIDE) * pixel + pixel / 3, pixel / 3, pixel / 3);
        });
        frameRect(ctx, x, y, side, side, palette().line, 1);
        if (at) frameRect(ctx, x + (at[1] - 1) * pixel, y + (at[0] - 1) * pixel, 3 * pixel, 3 * pixel, "#e06c00", 2);
      });
    },
    point: (x, y, pressed) => pressed && sheet.drag(x, y),
    drag: (x, y) => {
      const { side, across } = layout(sheet.width), pixel = side / SIDE;
      const left = across && x > side + 8 ? side + 16 : 0, top = !across && y > side + 38 ? side + 56 : 22;
      rub((y - top) / pixel - 0.5, (x - left) / pixel - 0.5);
    },
    released: () => send("erased", [...erased]),
    keys: (key, move) => {
      if (move) at = moved(at ?? [14, 14], move, SIDE, SIDE);
      else if (key === " " && at) (rub(...at), send("erased", [...erased]));
      else return false;
      sheet.repaint();
      return true;
    },
  });
  const rub = (row, column) => {
    for (let k = 0; k < SIDE * SIDE; k += 1) {
      if (Math.hypot(Math.floor(k / SIDE) - row, (k % SIDE) - column) <= RUBBER && cell[k] > 0) erased.add(k);
    }
    sheet.repaint();
  };
  const back = make("button", { type: "button", class: "back", onclick: () => { erased = new Set(); sheet.repaint(); send("erased", []); } }, "Put it back");
  sheet.box.querySelector(".tools").prepend(back);
  return (next) => {
    if (data && next.cell !== data.cell) erased = new Set(); // another drawing
    data = next;
    cell = Float32Array.from(bytesOf(data.cell), (value) => value / 255);
    maps = data.maps.map((map) => {
      const values = floatsOf(map.values);
      const wide = map.side === SIDE ? values : Float32Array.from({ length: SIDE * SIDE }, (_, k) => values[
        Math.floor((Math.floor(k / SIDE) * map.side) / SIDE) * map.side + Math.floor(((k % SIDE) * map.side) / SIDE)]);
      return { title: map.title, values: wide, most: largest(values) };
    });
    sheet.say(data.sentence);
    sheet.repaint();
  };
};

// Cells side by side with a line of text below each; what has a sign is drawn in two colours.
VIEWS.cells = (root) => {
  let data, cells;
  const layout = (width) => {
    const perRow = Math.min(cells.length, Math.max(2, Math.floor((width + 10) / (data.side + 10))));
    const side = Math.min(data.side, (width - 10 * (perRow - 1)) / perRow);
    return { perRow, side, rows: Math.ceil(cells.length / perRow) };
  };
  const sheet = new Sheet(root, "cells", {
    height: (width) => (data ? layout(width).rows * (layout(width).side + 26) : 60),
    label: () => data.label,
    paint: (ctx, width) => {
      if (!data) return;
      const { perRow, side } = layout(width);
      cells.forEach(({ title, values, signed }, k) => {
        const [x, y] = [(k % perRow) * (side + 10), Math.floor(k / perRow) * (side + 26)];
        const most = signed ? largest(values) || 1 : 1;
        paintCell(ctx, values, x, y, side, signed ? (value) => signedColour(value / most) : inkColour);
        write(ctx, title, x, y + side + 16, { size: 12 });
      });
    },
  });
  return (next) => {
    data = next;
    cells = data.cells.map(({ title, ink, change }) => ({
      title,
      signed: change !== undefined,
      values: change !== undefined ? floatsOf(change) : Float32Array.from(bytesOf(ink), (value) => value / 255),
    }));
    sheet.said.hidden = !data.sentence;
    sheet.say(data.sentence ?? "");
    sheet.repaint();
  };
};

// Thousands of digits, near each other where the network finds them alike; the visitor's own among them.
VIEWS.map = (root) => {
  let data, places, labels;
  const COLOURS = ["#1f77b4", "#b4540a", "#0b6e5d", "#7b2d8b", "#8a6d00", "#5b6070", "#c2185b", "#2e7d32", "#3949ab", "#a04000"];
  const DARK = ["#8fc1ff", "#ffb066", "#6fcdb8", "#dba6e8", "#e5d468", "#b8becb", "#ff8fb8", "#8fd694", "#a9b4ff", "#e8a27c"];
  const sheet = new Sheet(root, "map", {
    height: (width) => Math.min(width, 460),
    label: () => `A map of ${labels.length} training digits; yours is at the ring, among those it is like.`,
    paint: (ctx, width, height) => {
      if (!data) return;
      const colours = isDark() ? DARK : COLOURS, across = Math.min(width, 640);
      const x = (value) => 8 + (value / 255) * (across - 16), y = (value) => 8 + (value / 255) * (height - 16);
      ctx.globalAlpha = 0.75;
      labels.forEach((label, k) => write(ctx, String(label), x(places[2 * k]), y(places[2 * k + 1]), { size: 9, align: "center", colour: colours[label] }));
      ctx.globalAlpha = 1;
      ctx.beginPath();
      ctx.arc(x(data.at[0]), y(data.at[1]), 11, 0, 2 * Math.PI);
      ctx.fillStyle = palette().back;
      ctx.fill();
      ctx.strokeStyle = palette().mark;
      ctx.lineWidth = 4;
      ctx.stroke();
      write(ctx, data.name, x(data.at[0]), y(data.at[1]) + 5, { size: 14, align: "center", weight: 700 });
    },
  });
  return (next) => {
    data = next;
    places = bytesOf(data.places);
    labels = bytesOf(data.labels);
    sheet.say(data.sentence);
    sheet.repaint();
  };
};

// The answer after each epoch: a column an epoch, a row a digit, the darker the likelier.
VIEWS.epochs = (root) => {
  let data, shares;
  let at = 0;
  const left = 24, row = 22;
  const stepOf = (width) => Math.min(56, (width - left) / data.epochs.length);
  const sheet = new Sheet(root, "epochs", {
    height: () => 10 * row + 44,
    label: () => "The probabilities of the ten digits after each epoch. Arrow keys go from epoch to epoch.",
    hint: "Tap a column, or use the arrow keys.",
    paint: (ctx, width) => {
      if (!data) return;
      const step = stepOf(width);
      for (let digit = 0; digit < 10; digit += 1) {
        write(ctx, String(digit), 8, digit * row + 16, { size: 14 });
        data.epochs.forEach((_, k) => {
          ctx.fillStyle = rgb(mix(palette().middle, palette().all, shares[k * 10 + digit]));
          ctx.fillRect(left + k * step, digit * row, step - 2, row - 2);
        });
      }
      data.epochs.forEach((epoch, k) => write(ctx, String(epoch), left + (k + 0.5) * step, 10 * row + 16, { size: 12, align: "center" }));
      write(ctx, "epoch", left, 10 * row + 36, { size: 12, colour: palette().quiet });
      frameRect(ctx, left + at * step - 1, -1, step, 10 * row, palette().mark, 3);
    },
    point: (x, _, pressed) => pressed && go(Math.floor((x - left) / stepOf(sheet.width))),
    keys: (_, move) => move && (go(at + (move[1] || move[0])), true),
  });
  const go = (index) => {
    at = clamp(index, 0, data.epochs.length - 1);
    const ranked = [...shares.subarray(at * 10, at * 10 + 10)].map((share, digit) => [share, digit]).sort((a, b) => b[0] - a[0]);
    sheet.say(`After epoch ${data.epochs[at]}: ${ranked.slice(0, 3).map(([share, digit]) => `${digit} with ${inPercent(share)}`).join(", ")}.`);
    sheet.repaint();
  };
  return (next) => {
    const first = !data;
    data = next;
    shares = floatsOf(data.probabilities);
    go(first ? data.epochs.length - 1 : at);
  };
};
