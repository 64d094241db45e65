// The map: customers by what they are worth now and what they may be worth. Up to 1,500 are drawn as
// points; more become a grid of cells by number, with the most important ones on top.
luopan.map = {
  pointsAtMost: 1500,
  onTop: 300,
  cell: 14, // pixels
  colourings: {
    risk: { as: 'percent', bounds: [0.01, 0.03, 0.06, 0.12, 0.25], colours: luopan.colours.risk },
    health: { as: 'score', bounds: [40, 55, 70, 80, 90], colours: luopan.colours.health },
  },
};

luopan.quadrants = ['star', 'cash_cow', 'question_mark', 'dog'];
luopan.quadrantName = (code) => {
  const column = luopan.customers.byKey.get('quadrant');
  const at = column?.codes?.indexOf(code) ?? -1;
  return at < 0 ? luopan.say(code) : column.names[at];
};

luopan.startMap = (figure) => {
  const { customers, map, say, colours, element } = luopan;
  const place = figure.querySelector('.chart');
  const chart = echarts.init(place, null, { renderer: 'canvas' });
  const known = Array.from(customers.order).filter((row) => !Number.isNaN(customers.x[row] + customers.y[row]));
  // A little room above the highest score, so that large points are not cut.
  const whole = { x: [0, Math.min(100, upTo(customers.x)) + 3], y: [0, Math.min(100, upTo(customers.y)) + 2] };
  let view = { x: [...whole.x], y: [...whole.y] };
  let colouring = 'risk';
  let chosen = null;
  const largest = known.map((row) => customers.money[row] || 0).sort((a, b) => b - a)[Math.floor(known.length / 80)] || 1;
  const margin = () => (place.clientWidth < 560 ? { left: 46, right: 6, top: 12, bottom: 44 } : { left: 52, right: 18, top: 14, bottom: 48 });

  function upTo(values) {
    let highest = 10;
    for (const value of values) if (value > highest) highest = value;
    return Math.ceil((highest + 1) / 10) * 10;
  }

  const colourOf = (row) => {
    if (colouring === 'quadrant') return colours.word[customers.value('quadrant', row)] ?? colours.word.unscored;
    const value = customers[colouring][row];
    const { bounds, colours: scale } = map.colourings[colouring];
    return Number.isNaN(value) ? '#ffffff' : scale[bounds.filter((bound) => value >= bound).length];
  };
  // Area by money. A few giants must not make everybody else a dot: above the 80th part sizes end soon.
  const sizeOf = (row, count, dense) => {
    const most = (place.clientWidth < 560 ? 30 : 46) * (dense ? 0.45 : count > 600 ? 0.68 : count > 250 ? 0.85 : 1);
    return Math.max(count > 600 ? 5 : 7, most * Math.sqrt(Math.min(2.2, Math.max(0, customers.money[row] || 0) / largest)));
  };
  const point = (row, count, dense) => ({ value: [customers.x[row], customers.y[row]], row, symbolSize: sizeOf(row, count, dense),
    itemStyle: { color: colourOf(row) } });

  const inView = (row) => customers.shown[row] && customers.x[row] >= view.x[0] && customers.x[row] <= view.x[1]
    && customers.y[row] >= view.y[0] && customers.y[row] <= view.y[1];

  const draw = () => {
    const visible = known.filter(inView);
    const dense = visible.length > map.pointsAtMost;
    const points = (dense ? visible.slice(0, map.onTop) : visible).map((row) => point(row, visible.length, dense));
    points.sort((a, b) => b.symbolSize - a.symbolSize); // small ones stay on top of large ones
    const { left, right, top, bottom } = margin();
    const size = [place.clientWidth - left - right, place.clientHeight - top - bottom];
    const cells = dense ? luopan.cellsOf(visible, view, size.map((pixels) => Math.max(8, Math.floor(pixels / map.cell)))) : null;
    chart.setOption({
      grid: { ...margin(), outerBoundsMode: 'none' },
      xAxis: { ...whereX(), name: say('worth_now') }, yAxis: { ...whereY(), name: say('worth_to_come') },
      series: [luopan.cellSeries(cells), pointSeries(points, dense), { id: 'frame', type: 'scatter', data: [], z: 6, ...frame() }, chosenSeries()],
    });
    say_note(visible.length, dense);
  };

  const axis = (range, nameGap) => ({ ...luopan.valueAxis('score'), splitLine: { show: false }, splitNumber: 6, min: range[0], max: range[1], nameLocation: 'middle', nameGap,
    nameTextStyle: { color: colours.quiet, fontSize: 13 }, axisLabel: { fontSize: 12, color: colours.quiet, hideOverlap: true,
      formatter: (value) => (Number.isInteger(value) && value <= 100 && value % 5 === 0 || range[1] - range[0] < 15 ? luopan.tick('score', value) : '') } });
  const whereX = () => axis(view.x.map(rounded), 28);
  const whereY = () => axis(view.y.map(rounded), place.clientWidth < 560 ? 28 : 34);
  const rounded = (value) => Math.round(value * 100) / 100;

  const pointSeries = (data, dense) => ({ id: 'points', type: 'scatter', data, z: 4, cursor: 'pointer',
    itemStyle: { opacity: dense ? 0.95 : 0.85, borderColor: 'rgba(28,39,51,.55)', borderWidth: 0.7 },
    emphasis: { scale: false, itemStyle: { opacity: 1, borderColor: colours.ink, borderWidth: 2 } } });

  // The quadrants: their cuts as lines and their names in the corners.
  // Upon the points, or the giants would hide the names.
  const frame = () => {
    const { x, y } = customers.cuts ?? {};
    if (typeof x !== 'number' || typeof y !== 'number') return { markArea: { data: [] }, markLine: { data: [] } };
    const corner = (code, vertical, horizontal, from, to) => [
      { name: luopan.quadrantName(code), coord: from, label: { position: `inside${vertical}${horizontal}` } }, { coord: to }];
    const [x0, x1, y0, y1] = [...view.x, ...view.y];
    const areas = [
      x < x1 && y < y1 && corner('star', 'Top', 'Right', [Math.max(x, x0), Math.max(y, y0)], [x1, y1]),
      x < x1 && y > y0 && corner('cash_cow', 'Bottom', 'Right', [Math.max(x, x0), y0], [x1, Math.min(y, y1)]),
      x > x0 && y < y1 && corner('question_mark', 'Top', 'Left', [x0, Math.max(y, y0)], [Math.min(x, x1), y1]),
      x > x0 && y > y0 && corner('dog', 'Bottom', 'Left', [x0, y0], [Math.min(x, x1), Math.min(y, y1)]),
    ].filter(Boolean);
    return {
      markArea: { silent: true, z: 6, itemStyle: { color: 'transparent' }, data: areas,
        label: { show: true, color: '#5a6774', fontSize: 14, fontWeight: 600, distance: 8, textBorderColor: '#fff', textBorderWidth: 3 } },
      markLine: { silent: true, symbol: 'none', animation: false, lineStyle: { color: '#8794a1', type: 'dashed', width: 1 },
        label: { show: false }, data: [{ xAxis: x }, { yAxis: y }] },
    };
  };

  const chosenSeries = () => ({ id: 'chosen', type: 'scatter', z: 8, silent: true,
    data: chosen === null || Number.isNaN(customers.x[chosen] + customers.y[chosen]) ? [] : [{ ...point(chosen, 200), name: customers.text('customer_name', chosen) }],
    itemStyle: { borderColor: colours.ink, borderWidth: 3, opacity: 1 },
    label: { show: true, position: 'top', distance: 8, fontSize: 13, fontWeight: 600, color: colours.ink,
      backgroundColor: 'rgba(255,255,255,.92)', padding: [3, 6], borderRadius: 3,
      formatter: (one) => (one.data.name.length > 34 ? one.data.name.slice(0, 33) + '…' : one.data.name) } });

  const note = element('p', { class: 'map-note', 'aria-live': 'polite' });
  const say_note = (visible, dense) => {
    const places = { n: luopan.count(visible), top: luopan.count(map.onTop) };
    const missing = customers.rows - known.length;
    note.replaceChildren(say(dense ? 'density_note' : 'points_note', places), ' ',
      missing ? say('not_on_map', { n: luopan.count(missing) }) : '', ' ', element('span', { class: 'screen' }, say('choose_note')));
    controls.wholeMap.disabled = view.x.join() === whole.x.join() && view.y.join() === whole.y.join();
  };

  chart.setOption({ animation: false, textStyle: { fontFamily: luopan.font }, aria: { enabled: true, label: { description: luopan.describe(figure) } },
    tooltip: { ...luopan.tooltip, formatter: (one) => (one.seriesId === 'cells' ? luopan.cellTip(one) : luopan.customerTip(one.data.row)) },
    xAxis: whereX(), yAxis: whereY() });
  place.setAttribute('role', 'img');
  chart.on('click', (one) => one.seriesId === 'points' && luopan.choose(one.data.row));

  const zoom = (to) => {
    view = to ?? { x: [...whole.x], y: [...whole.y] };
    draw();
  };
  const controls = luopan.mapControls({ chart, place, margin, zoom, now: () => view, whole,
    colour: (by) => { colouring = by; luopan.address.set({ colour: by === 'risk' ? '' : by }); draw(); } });
  place.before(controls.bar, controls.legend);
  place.after(note);
  luopan.startPanel(figure, place, note, (row) => { chosen = row; draw(); });
  controls.setColour(luopan.address.read().colour);
  luopan.filterListeners.push(draw);

  let width = place.clientWidth;
  const resize = (to, height) => { chart.resize({ width: to ?? 'auto', height: height ?? 'auto' }); draw(); };
  new ResizeObserver(() => {
    if (luopan.printing || place.clientWidth === width || !place.clientWidth) return;
    width = place.clientWidth;
    resize();
  }).observe(place);
  luopan.drawn.add({ place, chart, draw: (to) => resize(to) });
};
