// Charts are drawn from the table of their figure, so what a chart shows can be read there. This file
// reads tables and puts charts on the page; kinds.js says what each kind looks like.

// The table of a figure: its columns, and its rows as { text, value } by column.
luopan.readTable = (figure) => {
  const columns = [...figure.querySelectorAll('thead th')].map((head, at) => ({
    at, key: head.dataset.key, as: head.dataset.as, role: head.dataset.chart, label: head.textContent.trim(),
  }));
  const rows = [...figure.querySelectorAll('tbody tr')].map((row) => [...row.cells].map((cell) => ({
    text: cell.textContent.trim(), value: luopan.cellValue(cell),
  })));
  return { columns, rows };
};

luopan.cellValue = (cell) => {
  if (cell.dataset.v === '') return null;
  if (!cell.classList.contains('n')) return cell.dataset.v ?? cell.textContent.trim();
  const value = Number(cell.dataset.v);
  return cell.dataset.v !== undefined && Number.isFinite(value) ? value : null;
};

// A table in the parts that charts are made of: where x is, and the series with their intervals.
luopan.chartData = (figure) => {
  const { columns, rows } = luopan.readTable(figure);
  const series = [];
  for (const column of columns) {
    if (column.role === 'y') series.push({ ...column, values: rows.map((row) => row[column.at].value) });
    const last = series[series.length - 1];
    if (last && (column.role === 'low' || column.role === 'high')) {
      last[column.role] = rows.map((row) => row[column.at].value);
    }
  }
  // One axis has one unit: what is counted otherwise stays in the table.
  const unit = series[0]?.as;
  const role = (name) => columns.find((column) => column.role === name);
  const alike = series.filter((one) => one.as === unit);
  alike.forEach((one, at) => { one.colour = luopan.seriesColour(one.key, at); });
  return { columns, rows, series: alike, unit, x: role('x'), role };
};

// A customer's page is to fit on three sheets of paper.
luopan.tightness = () => (luopan.printing && document.body.classList.contains('qbr') ? 0.65 : 1);

// A series about stars has the stars' colour, as on the map; others follow in the palette's order.
luopan.seriesColour = (key, at) => {
  const { word, series } = luopan.colours;
  const known = Object.keys(word).find((code) => key === code || key.startsWith(`${code}_`));
  return known ? word[known] : series[at % series.length];
};

luopan.font = '"Segoe UI", Roboto, "Helvetica Neue", Arial, "PingFang SC", "Noto Sans CJK SC", "Microsoft YaHei", sans-serif';

luopan.baseOption = (label, severalSeries) => ({
  animation: false,
  textStyle: { fontFamily: luopan.font, fontSize: 12, color: luopan.colours.ink },
  color: luopan.colours.series,
  aria: { enabled: true, label: { description: label }, decal: { show: severalSeries } },
  tooltip: luopan.tooltip,
});

luopan.tooltip = {
  confine: true, borderWidth: 1, borderColor: luopan.colours.rule, padding: [8, 12], backgroundColor: '#fff',
  extraCssText: 'max-width:min(22rem,90vw);white-space:normal;box-shadow:0 4px 16px rgba(28,39,51,.14);',
  textStyle: { color: luopan.colours.ink, fontSize: 13 },
};

// What a tooltip says: a heading and lines of name and value. Elements, so that no text is read as HTML.
luopan.tip = (heading, lines, below = []) => luopan.element('div', { class: 'tip' },
  luopan.element('strong', {}, heading),
  ...lines.map(([name, value, colour]) => luopan.element('div', { class: 'tip-line' },
    luopan.element('span', {},
      colour ? luopan.element('i', { class: 'swatch', style: `background:${colour}` }) : null, name),
    luopan.element('b', {}, value))),
  ...below.map((text) => luopan.element('p', {}, text)));

luopan.axisLine = { axisLine: { lineStyle: { color: luopan.colours.rule } }, axisTick: { show: false } };
luopan.valueAxis = (unit, more = {}) => ({
  type: 'value', ...luopan.axisLine,
  axisLabel: { fontSize: 12, color: luopan.colours.quiet, hideOverlap: true, formatter: (value) => luopan.tick(unit, value) },
  splitLine: { lineStyle: { color: '#eceff2' } }, splitNumber: 4, ...more,
});

luopan.drawn = new Set();

// Puts one chart into its figure. If it cannot be drawn its table is opened instead.
luopan.drawChart = (figure) => {
  const place = figure.querySelector('.chart');
  const kind = luopan.kinds[figure.dataset.chart];
  try {
    const data = luopan.chartData(figure);
    if (!kind || !data.rows.length || !(kind.ready?.(data) ?? data.series.length)) throw new Error('nothing to draw');
    place.style.height = `${kind.height(data)}px`;
    place.setAttribute('role', 'img');
    const label = luopan.describe(figure);
    const chart = echarts.init(place, null, { renderer: 'svg' });
    const one = {
      place, chart,
      draw(width) {
        const height = kind.height(data);
        place.style.height = `${height}px`;
        chart.resize({ width, height });
        const base = luopan.baseOption(label, data.series.length > 1);
        const color = data.series.map((one) => one.colour);
        chart.setOption({ ...base, ...(color.length ? { color } : {}), ...kind.option(data, width) }, true);
      },
    };
    one.draw(place.clientWidth);
    luopan.drawn.add(one);
    luopan.followWidth(one);
  } catch (problem) {
    luopan.chartFailed(figure, problem);
  }
};

luopan.describe = (figure) =>
  ['figcaption', '.note'].map((part) => figure.querySelector(part)?.textContent.trim()).filter(Boolean).join('. ');

luopan.chartFailed = (figure, problem) => {
  console.info(`luopan: no chart for ${figure.id}: ${problem.message}`);
  figure.querySelector('.chart')?.remove();
  const table = figure.querySelector('details');
  if (table) table.open = true;
};

// Labels are cut to the width there is, so a chart is laid out anew when its width changes.
luopan.followWidth = (one) => {
  let width = one.place.clientWidth;
  new ResizeObserver(() => {
    if (luopan.printing || !one.place.clientWidth || one.place.clientWidth === width) return;
    width = one.place.clientWidth;
    one.draw(width);
  }).observe(one.place);
};

// Charts are drawn when they come near the window: a page has forty of them. Printing draws the rest.
luopan.startCharts = () => {
  const waiting = new Set(document.querySelectorAll('figure[data-chart]'));
  const draw = (figure) => {
    if (!waiting.delete(figure)) return;
    near.unobserve(figure);
    luopan.drawChart(figure);
  };
  const near = new IntersectionObserver(
    (seen) => seen.filter((one) => one.isIntersecting).forEach((one) => draw(one.target)), { rootMargin: '900px' });
  luopan.drawAll = () => [...waiting].forEach(draw);
  waiting.forEach((figure) => near.observe(figure));
};
