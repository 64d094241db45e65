// Too many customers for points: how many there are in each cell of the map.

// Counts the rows into cells of the view. The cells are few, so everything else works on them.
luopan.cellsOf = (rows, view, [columns, lines]) => {
  const { x, y, money, risk } = luopan.customers;
  const stepX = (view.x[1] - view.x[0]) / columns;
  const stepY = (view.y[1] - view.y[0]) / lines;
  const cells = new Map();
  for (const row of rows) {
    const column = Math.min(columns - 1, Math.floor((x[row] - view.x[0]) / stepX));
    const line = Math.min(lines - 1, Math.floor((y[row] - view.y[0]) / stepY));
    const at = line * columns + column;
    let cell = cells.get(at);
    if (!cell) {
      cell = { x: view.x[0] + column * stepX, y: view.y[0] + line * stepY, count: 0, money: 0, risk: 0, withRisk: 0 };
      cells.set(at, cell);
    }
    cell.count += 1;
    cell.money += money[row] || 0;
    if (!Number.isNaN(risk[row])) { cell.risk += risk[row]; cell.withRisk += 1; }
  }
  const all = [...cells.values()];
  return { all, stepX, stepY, most: all.reduce((most, cell) => Math.max(most, cell.count), 1) };
};

// The darker, the more customers; by the logarithm, since a few cells hold most of them.
luopan.cellSeries = (cells) => {
  const shade = (count) => {
    const part = cells.most > 1 ? Math.log(count) / Math.log(cells.most) : 1;
    const channel = (colour, at) => parseInt(colour.slice(at, at + 2), 16);
    const [light, dark] = luopan.colours.density;
    return `rgb(${[1, 3, 5].map((at) => Math.round(channel(light, at) + part * (channel(dark, at) - channel(light, at)))).join()})`;
  };
  return {
    id: 'cells', type: 'custom', z: 2, encode: { x: 0, y: 1 },
    data: cells ? cells.all.map((cell) => ({ value: [cell.x, cell.y, cell.count], cell })) : [],
    renderItem: (params, api) => {
      const [left, bottom] = api.coord([api.value(0), api.value(1)]);
      const [width, height] = api.size([cells.stepX, cells.stepY]);
      const [x, y] = [Math.round(left), Math.round(bottom - height)]; // whole pixels, or the edges blur
      return { type: 'rect', shape: { x, y, width: Math.round(left + width) - x - 1, height: Math.round(bottom) - y - 1 },
        style: { fill: shade(api.value(2)) }, emphasis: { style: { stroke: luopan.colours.ink, lineWidth: 1.5 } } };
    },
  };
};

luopan.cellTip = ({ data: { cell } }) => luopan.tip(luopan.say('cell_customers', { n: luopan.count(cell.count) }), [
  [luopan.say('revenue'), luopan.format('money', cell.money)],
  [luopan.say('mean_risk'), luopan.format('percent', cell.withRisk ? cell.risk / cell.withRisk : null)],
]);
