// The views of the first three steps: the cell's numbers, a filter that slides, all maps of all layers.

const moved = (at, move, rows, columns) => [clamp(at[0] + move[0], 0, rows - 1), clamp(at[1] + move[1], 0, columns - 1)];

const VIEWS = {};

VIEWS.pixels = (root) => {
  let cell = new Float32Array(SIDE * SIDE);
  let at = [14, 14];
  const sideOf = (width) => Math.min(width, 476);
  const sheet = new Sheet(root, "pixels", {
    height: sideOf,
    label: "The cell: 28 rows of 28 numbers. Arrow keys go from pixel to pixel.",
    hint: "Point at a pixel, tap it, or go there with the arrow keys. 0 is paper, 255 is full ink.",
    paint: (ctx, width) => {
      const side = sideOf(width), pixel = side / SIDE;
      paintCell(ctx, cell, 0, 0, side);
      if (pixel >= 16) {
        cell.forEach((value, k) => {
          const colour = value > 0.5 ? "#fff" : value > 0 ? "#3a3f4b" : "#b9b4a8";
          const [row, column] = [Math.floor(k / SIDE), k % SIDE];
          write(ctx, Math.round(255 * value), (column + 0.5) * pixel, (row + 0.65) * pixel, { size: pixel * 0.44, colour, align: "center" });
        });
      }
      frameRect(ctx, at[1] * pixel, at[0] * pixel, pixel, pixel, "#e06c00", 3);
    },
    point: (x, y) => {
      const pixel = sideOf(sheet.width) / SIDE;
      if (x > SIDE * pixel || y > SIDE * pixel) return;
      go([clamp(Math.floor(y / pixel), 0, SIDE - 1), clamp(Math.floor(x / pixel), 0, SIDE - 1)]);
    },
    keys: (_, move) => move && (go(moved(at, move, SIDE, SIDE)), true),
  });
  const go = (place) => {
    at = place;
    const value = cell[at[0] * SIDE + at[1]];
    sheet.say(`Row ${at[0] + 1}, column ${at[1] + 1}: ${Math.round(255 * value)} of 255, ${Math.round(100 * value)} % ink.`);
    sheet.repaint();
  };
  return (data) => {
    cell = Float32Array.from(bytesOf(data.cell), (value) => value / 255);
    go(at);
  };
};

VIEWS.filters = (root) => {
  let data, cell, filters, biases, size;
  let chosen = 0, at = [0, 0];
  const layout = (width) => {
    const wide = width >= 560;
    const thumb = Math.min(40, (width + 4) / (wide ? 16 : 8) - 4), perRow = Math.floor((width + 4) / (thumb + 4));
    const top = Math.ceil(data.count / perRow) * (thumb + 4) + 30;
    const side = wide ? Math.min(230, (width - 170) / 2) : (width - 12) / 2;
    return { wide, thumb, perRow, top, side };
  };
  const windowAt = () => [at[0] * data.stride - data.pad_top, at[1] * data.stride - data.pad_left];
  const inkAt = (row, column) => (row < 0 || column < 0 || row >= SIDE || column >= SIDE ? 0 : cell[row * SIDE + column]);
  const sumAt = (row, column) => {
    let sum = biases[chosen];
    for (let k = 0; k < size * size; k += 1) {
      const [y, x] = [row * data.stride - data.pad_top + Math.floor(k / size), column * data.stride - data.pad_left + (k % size)];
      sum += inkAt(y, x) * filters[chosen * size * size + k];
    }
    return sum;
  };
  const mapOf = () => Float32Array.from({ length: data.height * data.width }, (_, k) => Math.max(0, sumAt(Math.floor(k / data.width), k % data.width)));
  const filterColour = (most) => (value) => signedColour(value / most);
  const sheet = new Sheet(root, "filters", {
    height: (width) => (data ? layout(width).top + layout(width).side + (layout(width).wide ? 30 : 200) : 100),
    label: () => `Filter ${chosen + 1} of ${data.count} and its map. Arrow keys slide it; Page Up and Page Down choose another filter.`,
    hint: "Tap a filter to choose it. Drag over the cell or the map to slide it, or use the arrow keys; Page Up and Page Down choose another filter. Blue weights count ink for, orange against.",
    paint: (ctx, width) => {
      if (!data) return;
      const { wide, thumb, perRow, top, side } = layout(width);
      for (let k = 0; k < data.count; k += 1) {
        const weights = filters.subarray(k * size * size, (k + 1) * size * size);
        const [x, y] = [(k % perRow) * (thumb + 4), Math.floor(k / perRow) * (thumb + 4)];
        paintGrid(ctx, weights, size, size, x, y, thumb, thumb, filterColour(largest(weights)));
        if (k === chosen) frameRect(ctx, x - 1, y - 1, thumb + 2, thumb + 2, palette().mark, 3);
      }
      const [row, column] = windowAt(), pixel = side / SIDE, map = mapOf();
      write(ctx, "Your digit", 0, top - 8, { colour: palette().quiet });
      paintCell(ctx, cell, 0, top, side);
      frameRect(ctx, column * pixel, top + row * pixel, size * pixel, size * pixel, "#e06c00", 3);
      const mapX = wide ? width - side : width - side, step = side / data.width;
      write(ctx, `Its map, filter ${chosen + 1}`, mapX, top - 8, { colour: palette().quiet });
      const most = largest(map) || 1;
      paintGrid(ctx, map, data.height, data.width, mapX, top, side, side, (value) => activationColour(value / most));
      frameRect(ctx, mapX, top, side, side, palette().line, 1);
      frameRect(ctx, mapX + at[1] * step, top + at[0] * step, step, step, palette().mark, 3);
      const zoom = Math.min(34, wide ? (width - 2 * side - 12) / size : 34), zoomX = wide ? side + (width - 2 * side - size * zoom) / 2 : (width - size * zoom) / 2;
      const zoomY = wide ? top + 10 : top + side + 40;
      write(ctx, "ink × weight", zoomX, zoomY - 8, { colour: palette().quiet });
      const weights = filters.subarray(chosen * size * size, (chosen + 1) * size * size);
      paintGrid(ctx, weights, size, size, zoomX, zoomY, size * zoom, size * zoom, filterColour(largest(weights)));
      weights.forEach((weight, k) => {
        const product = weight * inkAt(row + Math.floor(k / size), column + (k % size));
        const strong = Math.abs(weight) > 0.6 * largest(weights);
        write(ctx, product ? shown(product) : "0", zoomX + ((k % size) + 0.5) * zoom, zoomY + (Math.floor(k / size) + 0.64) * zoom,
          { size: 11, align: "center", colour: isDark() ? (strong ? "#101318" : "#ece9e2") : strong ? "#fff" : "#1d2230" });
      });
    },
    point: (x, y, pressed) => {
      const { thumb, perRow, top, side } = layout(sheet.width);
      if (y < top - 22) {
        const index = Math.floor(y / (thumb + 4)) * perRow + Math.floor(x / (thumb + 4));
        if (pressed && index < data.count) go(index, at);
      } else if (pressed) sheet.drag(x, y, side);
    },
    drag: (x, y) => {
      const { top, side } = layout(sheet.width);
      const down = clamp((y - top) / side, 0, 0.999);
      if (y < top - 6 || y > top + side + 6) return;
      const across = x <= side ? x / side : (x - (sheet.width - side)) / side;
      if (across >= 0 && across < 1) go(chosen, [Math.floor(down * data.height), Math.floor(across * data.width)]);
    },
    keys: (key, move) => {
      if (move) go(chosen, moved(at, move, data.height, data.width));
      else if (key === "PageDown" || key === "PageUp") go((chosen + (key === "PageDown" ? 1 : data.count - 1)) % data.count, at);
      else return false;
      return true;
    },
  });
  const slide = make("button", { type: "button", class: "slide", onclick: () => play() }, "Slide it");
  sheet.box.querySelector(".tools").prepend(slide);
  let timer = null;
  const play = () => {
    clearInterval(timer);
    let k = 0;
    const still = window.matchMedia("(prefers-reduced-motion: reduce)").matches;
    timer = setInterval(() => {
      if (!sheet.canvas.isConnected || k >= data.height * data.width) return clearInterval(timer);
      go(chosen, [Math.floor(k / data.width), k % data.width]);
      k += still ? data.width : 1;
      return undefined;
    }, still ? 600 : 25);
  };
  const go = (filter, place) => {
    [chosen, at] = [filter, place];
    const sum = sumAt(...at), bias = biases[chosen];
    sheet.say(
      `Filter ${chosen + 1}, row ${at[0] + 1}, column ${at[1] + 1} of its map: ${size * size} products add up to ${shown(sum - bias)}, ` +
      `with the bias ${shown(bias)} that is ${shown(sum)}. ${sum > 0 ? "The ReLU lets it through." : "The ReLU makes it 0."}`,
    );
    sheet.repaint();
  };
  return (next) => {
    const first = !data;
    data = next;
    cell = Float32Array.from(bytesOf(data.cell), (value) => value / 255);
    filters = floatsOf(data.filters);
    biases = floatsOf(data.biases);
    size = data.kernel;
    if (first) at = [Math.floor(data.height / 2), Math.floor(data.width / 2)];
    go(Math.min(chosen, data.count - 1), moved(at, [0, 0], data.height, data.width));
  };
};

// A network without convolutions has one weight a pixel and unit: nothing slides, each unit is a picture.
VIEWS.weights = (root) => {
  let data, weights, cell;
  let chosen = 0;
  const layout = (width) => {
    const perRow = data.count <= 10 ? (width >= 560 ? 10 : 5) : width >= 560 ? 16 : 8;
    const tile = (width + 4) / perRow - 4, top = Math.ceil(data.count / perRow) * (tile + 4) + 28;
    return { perRow, tile, top, side: Math.min(220, (width - 12) / 2) };
  };
  const part = (index) => weights.subarray(index * SIDE * SIDE, (index + 1) * SIDE * SIDE);
  const sheet = new Sheet(root, "weights", {
    height: (width) => (data ? layout(width).top + layout(width).side + 4 : 100),
    label: () => `The weights of ${data.count} units, one picture each. Arrow keys choose one.`,
    hint: "Tap a unit. Blue pixels count ink for it, orange ones against it.",
    paint: (ctx, width) => {
      if (!data) return;
      const { perRow, tile, top, side } = layout(width);
      for (let k = 0; k < data.count; k += 1) {
        const most = largest(part(k));
        const [x, y] = [(k % perRow) * (tile + 4), Math.floor(k / perRow) * (tile + 4)];
        paintGrid(ctx, part(k), SIDE, SIDE, x, y, tile, tile, (value) => signedColour(value / most));
        if (k === chosen) frameRect(ctx, x, y, tile, tile, palette().mark, 3);
      }
      write(ctx, "Your digit", 0, top - 8, { colour: palette().quiet });
      paintCell(ctx, cell, 0, top, side);
      const products = part(chosen).map((weight, k) => weight * cell[k]), most = largest(products) || 1;
      write(ctx, `ink × weight, unit ${data.names[chosen]}`, side + 12, top - 8, { colour: palette().quiet });
      paintCell(ctx, products, side + 12, top, side, (value) => signedColour(value / most));
    },
    point: (x, y, pressed) => {
      const { perRow, tile, top } = layout(sheet.width);
      const index = Math.floor(y / (tile + 4)) * perRow + Math.floor(x / (tile + 4));
      if (pressed && y < top - 20 && index < data.count) go(index);
    },
    keys: (_, move) => move && (go((chosen + move[0] * layout(sheet.width).perRow + move[1] + data.count) % data.count), true),
  });
  const go = (index) => {
    chosen = index;
    const sum = part(chosen).reduce((total, weight, k) => total + weight * cell[k], 0);
    sheet.say(`Unit ${data.names[chosen]}: 784 products add up to ${shown(sum)}.`);
    sheet.repaint();
  };
  return (next) => {
    data = next;
    cell = Float32Array.from(bytesOf(data.cell), (value) => value / 255);
    weights = floatsOf(data.weights);
    go(Math.min(chosen, data.count - 1));
  };
};

VIEWS.layers = (root, send) => {
  let data, cell, maps;
  let layer = 0, channel = 0, at = [0, 0];
  let places = [];
  const pooled = (before, spec, previous) => {
    const out = new Uint8Array(spec.channels * spec.height * spec.width);
    out.forEach((_, k) => {
      const map = Math.floor(k / (spec.height * spec.width)), row = Math.floor(k / spec.width) % spec.height, column = k % spec.width;
      const start = map * previous.height * previous.width + 2 * row * previous.width + 2 * column;
      out[k] = Math.max(before[start], before[start + 1], before[start + previous.width], before[start + previous.width + 1]);
    });
    return out;
  };
  const arrange = (width) => {
    const head = Math.min(180, (width - 12) / 2);
    let y = head + 34;
    places = data.layers.map((spec) => {
      const tile = spec.width === 1 ? 12 : clamp(Math.round((width >= 560 ? 38 : 34) * Math.sqrt(spec.width / 14)), 14, 44);
      const perRow = Math.floor((width + 2) / (tile + 2));
      const place = { y: y + 20, tile, perRow };
      y += 20 + Math.ceil(spec.channels / perRow) * (tile + 2) + 14;
      return place;
    });
    return { head, total: y };
  };
  const indexOf = (spec) => (spec.indices ? spec.indices[channel] : channel); // of the chosen map, among all of them
  const describe = (spec, index) =>
    ({ conv: `convolution, ${spec.channels} maps of ${spec.height} × ${spec.width}`,
       pool: `max pooling, ${spec.channels} maps of ${spec.height} × ${spec.width}`,
       dense: `dense, ${spec.channels} units` })[spec.kind].replace(/^/, `Layer ${index + 1}: `) + (spec.of > spec.channels ? ` (the most active of ${spec.of})` : "");
  const fieldOf = () => {
    const { size, step, start_row: startRow, start_column: startColumn } = data.layers[layer].field;
    const [top, left] = [startRow + at[0] * step, startColumn + at[1] * step];
    return { top: Math.max(0, top), left: Math.max(0, left), bottom: Math.min(SIDE, top + size), right: Math.min(SIDE, left + size) };
  };
  const sheet = new Sheet(root, "layers", {
    height: (width) => (data ? arrange(width).total : 100),
    label: () => "All maps of all layers. Arrow keys move the spot within its map; Page Up and Page Down choose a map; Home and End a layer.",
    hint: "Tap a spot in a map: the frame shows the part of the drawing that it sees. Keys: arrows move the spot, Page Up and Page Down choose a map, Home and End a layer.",
    paint: (ctx, width) => {
      if (!data) return;
      const { head } = arrange(width), field = fieldOf(), spec = data.layers[layer];
      const paintField = (x, y, side) => {
        const scale = side / SIDE;
        paintCell(ctx, cell, x, y, side);
        frameRect(ctx, x + field.left * scale, y + field.top * scale, (field.right - field.left) * scale, (field.bottom - field.top) * scale, "#e06c00", 3);
      };
      write(ctx, "What it sees", 0, 14, { colour: palette().quiet });
      paintField(0, 22, head);
      const count = spec.height * spec.width, map = maps[layer].subarray(channel * count, (channel + 1) * count);
      write(ctx, `Layer ${layer + 1}, map ${indexOf(spec) + 1}`, head + 12, 14, { colour: palette().quiet });
      paintGrid(ctx, map, spec.height, spec.width, head + 12, 22, head, head, (value) => activationColour(value / 255));
      frameRect(ctx, head + 12, 22, head, head, palette().line, 1);
      const step = head / spec.width;
      frameRect(ctx, head + 12 + at[1] * step, 22 + at[0] * step, step, step, palette().mark, 3);
      const ramp = Array.from({ length: 256 }, (_, value) => activationColour(value / 255));
      data.layers.forEach((each, index) => {
        const { y, tile, perRow } = places[index], area = each.height * each.width, colour = (value) => ramp[value];
        write(ctx, describe(each, index), 0, y - 6, { size: 13, weight: 600 });
        for (let k = 0; k < each.channels; k += 1) {
          const [left, top] = [(k % perRow) * (tile + 2), y + Math.floor(k / perRow) * (tile + 2)];
          paintGrid(ctx, maps[index].subarray(k * area, (k + 1) * area), each.height, each.width, left, top, tile, tile, colour);
          if (index === layer && k === channel) frameRect(ctx, left, top, tile, tile, palette().mark, 2);
        }
      });
      // Far down the sheet what is seen stands beside the map, too: its place at the top is out of sight.
      const { y, tile, perRow } = places[layer], below = y + Math.floor(channel / perRow) * (tile + 2);
      if (below > 2 * head) {
        const lens = 104, right = (channel % perRow) * (tile + 2) + tile + 8;
        paintField(right + lens < width ? right : right - tile - lens - 16, Math.min(below - lens / 2, sheet.tall - lens), lens);
      }
    },
    point: (x, y, pressed) => {
      if (!pressed) return;
      const { head } = arrange(sheet.width), spec = data.layers[layer];
      if (y > 22 && y < 22 + head && x > head + 12 && x < 2 * head + 12) {
        go(layer, channel, [Math.floor(((y - 22) / head) * spec.height), Math.floor(((x - head - 12) / head) * spec.width)]);
        return;
      }
      places.forEach((place, index) => {
        const each = data.layers[index], row = Math.floor((y - place.y) / (place.tile + 2)), column = Math.floor(x / (place.tile + 2));
        const k = row * place.perRow + column;
        if (row < 0 || column >= place.perRow || k >= each.channels) return;
        const inside = (offset) => clamp(offset / place.tile, 0, 0.999);
        go(index, k, [Math.floor(inside(y - place.y - row * (place.tile + 2)) * each.height), Math.floor(inside(x - column * (place.tile + 2)) * each.width)]);
        choose();
      });
    },
    keys: (key, move) => {
      const spec = data.layers[layer], count = data.layers.length;
      if (move) go(layer, channel, moved(at, move, spec.height, spec.width));
      else if (key === "PageDown" || key === "PageUp") (go(layer, (channel + (key === "PageDown" ? 1 : spec.channels - 1)) % spec.channels, at), choose());
      else if (key === "Home" || key === "End") (go((layer + (key === "End" ? 1 : count - 1)) % count, 0, [0, 0]), choose());
      else return false;
      return true;
    },
  });
  const choose = () => send("map", { layer, channel: indexOf(data.layers[layer]) });
  const go = (toLayer, toChannel, place) => {
    const spec = data.layers[toLayer];
    [layer, channel, at] = [toLayer, Math.min(toChannel, spec.channels - 1), moved(place, [0, 0], spec.height, spec.width)];
    const field = fieldOf(), value = (maps[layer][channel * spec.height * spec.width + at[0] * spec.width + at[1]] / 255) * spec.most;
    sheet.say(
      `Layer ${layer + 1}, map ${indexOf(spec) + 1}, row ${at[0] + 1}, column ${at[1] + 1}: ${shown(value)}. ` +
      `It sees rows ${field.top + 1} to ${field.bottom} and columns ${field.left + 1} to ${field.right} of the cell.`,
    );
    sheet.repaint();
  };
  return (next) => {
    const first = !data;
    data = next;
    cell = Float32Array.from(bytesOf(data.cell), (value) => value / 255);
    maps = [];
    data.layers.forEach((spec, index) => {
      maps.push(spec.maps === null ? pooled(maps[index - 1], spec, data.layers[index - 1]) : bytesOf(spec.maps));
    });
    const start = data.layers[0];
    if (first) go(0, 0, [Math.floor(start.height / 2), Math.floor(start.width / 2)]);
    else go(Math.min(layer, data.layers.length - 1), channel, at);
  };
};
