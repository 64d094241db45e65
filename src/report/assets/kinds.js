// The kinds of charts: what each makes of a figure's table. `height` fits the number of rows, `option`
// is given the width there is.
luopan.kinds = {};

{
  const { colours, format } = luopan;
  const legend = (data, more = {}) => (data.series.length < 2 ? { show: false } : {
    top: 0, left: 0, itemWidth: 18, itemHeight: 10, itemGap: 14, data: data.series.map((one) => one.label),
    textStyle: { fontSize: 12, color: colours.ink }, ...more,
  });
  // Legends wrap on narrow screens; about 7 pixels a letter, 14 a Chinese one.
  const textWidth = (text) => [...text].reduce((sum, letter) => sum + (letter > '\u2e80' ? 13 : 7), 0);
  const legendHeight = (data, width) => {
    if (data.series.length < 2) return 8;
    let lines = 1, used = 0;
    for (const one of data.series) {
      const need = textWidth(one.label) + 46;
      if (used + need > width && used) { lines += 1; used = 0; }
      used += need;
    }
    return lines * 22 + 10;
  };
  const names = (data) => data.rows.map((row) => row[data.x.at].text);
  const cut = (text, width) => {
    if (textWidth(text) <= width) return text;
    let kept = '';
    for (const letter of text) {
      if (textWidth(kept + letter) > width - 12) break;
      kept += letter;
    }
    return kept.trimEnd() + '…';
  };
  // A single series over quadrants takes the quadrants' colours, as on the map.
  const barColour = (data, row) => colours.word[data.rows[row][data.x.at].value];
  const bar = (data, one, stack) => ({
    type: 'bar', name: one.label, stack, barMaxWidth: 20, barGap: '15%', barCategoryGap: '35%',
    data: one.values.map((value, row) => (data.series.length > 1 || !barColour(data, row)
      ? value : { value, itemStyle: { color: barColour(data, row) } })),
  });

  // Values stand at the ends of the bars, where there is room for them and no interval is drawn.
  const ends = (one, position, room) => ({ show: room && !one.low, position, fontSize: 12, color: colours.ink,
    formatter: (point) => (point.value === null ? '' : format(one.as, one.values[point.dataIndex])) });

  // The interval of a figure: a line with two ends, along the value axis.
  const whiskers = (one, across, at) => ({
    type: 'custom', name: one.label, silent: true, z: 5, tooltip: { show: false },
    encode: across ? { x: [1, 2], y: 0 } : { x: 0, y: [1, 2] },
    data: one.values.map((value, row) => [at ? at[row] : row, one.low[row], one.high[row]])
      .filter((point) => point[1] !== null && point[2] !== null),
    renderItem: (params, api) => {
      const point = (value) => api.coord(across ? [value, api.value(0)] : [api.value(0), value]);
      const [low, high] = [point(api.value(1)), point(api.value(2))];
      const end = across ? [0, 4] : [4, 0];
      const line = (from, to) => ({ type: 'line', shape: { x1: from[0], y1: from[1], x2: to[0], y2: to[1] },
        style: { stroke: colours.ink, lineWidth: 1.2 } });
      const cap = (here) => line([here[0] - end[0], here[1] - end[1]], [here[0] + end[0], here[1] + end[1]]);
      return { type: 'group', children: [line(low, high), cap(low), cap(high)] };
    },
  });
  const intervals = (data, across, at) => (data.series.length > 1 ? [] :
    data.series.filter((one) => one.low && one.high).map((one) => whiskers(one, across, at)));

  const said = (one, row) => {
    const value = format(one.as, one.values[row]);
    if (!one.low || !one.high || one.low[row] === null || one.high[row] === null) return value;
    return `${value} (${format(one.as, one.low[row])} – ${format(one.as, one.high[row])})`;
  };
  const rowTip = (data, row) => luopan.tip(names(data)[row], data.series.map((one) => [
    one.label, said(one, row), data.series.length > 1 ? one.colour : null]));
  const axisTip = (data, pointer) => ({ ...luopan.tooltip, trigger: 'axis', axisPointer: { type: pointer },
    formatter: (points) => rowTip(data, points[0].dataIndex) });

  const grid = (top, more) => ({ top, left: 8, right: 24, bottom: 8, containLabel: true, ...more });

  // Shares that add up to all of something end at 100 %.
  const isWhole = (data) => data.unit === 'percent'
    && data.rows.every((_, row) => data.series.reduce((sum, one) => sum + (one.values[row] ?? 0), 0) < 1.0001);

  const ending = (data, stacked) => {
    if (stacked && isWhole(data)) return { max: 1, interval: 0.25 };
    const isScore = data.unit === 'score' && data.series.every((one) => one.values.every((value) => value <= 100));
    return isScore ? { max: 100, interval: 25 } : {};
  };

  const across = (stacked) => ({
    height: (data) => {
      const bars = stacked ? 1 : data.series.length;
      const row = bars * (bars > 1 ? 15 : 18) + 14;
      return data.rows.length * row * luopan.tightness() + 58 + (data.series.length > 1 ? 44 : 0);
    },
    option: (data, width) => {
      const room = Math.min(240, width * 0.36);
      return {
        legend: legend(data), grid: grid(legendHeight(data, width), { right: stacked ? 24 : 52 }), tooltip: axisTip(data, 'shadow'),
        xAxis: luopan.valueAxis(data.unit, { ...(width < 420 ? { splitNumber: 3 } : {}), ...ending(data, stacked) }),
        yAxis: { type: 'category', inverse: true, data: names(data), ...luopan.axisLine,
          axisLabel: { fontSize: 12, interval: 0, color: colours.ink, formatter: (text) => cut(text, room) } },
        series: [...data.series.map((one) => ({ ...bar(data, one, stacked ? 'all' : undefined), label: ends(one, 'right', !stacked) })),
          ...(stacked ? [] : intervals(data, true))],
      };
    },
  });
  luopan.kinds.bars = across(false);
  luopan.kinds.stacked = across(true);

  luopan.kinds.columns = {
    height: () => 300 * Math.sqrt(luopan.tightness()),
    option: (data, width) => {
      const room = (width - 80) / Math.max(1, data.rows.length);
      const dated = ['month', 'date'].includes(data.x.as);
      const turned = !dated && names(data).some((text) => textWidth(text) > Math.max(room, 30)) && data.rows.length > 4;
      return {
        legend: legend(data), tooltip: axisTip(data, 'shadow'),
        grid: grid(legendHeight(data, width) + 8, turned ? { left: 34 } : {}),
        yAxis: luopan.valueAxis(data.unit),
        xAxis: { type: 'category', data: names(data), ...luopan.axisLine,
          axisLabel: { fontSize: 12, color: colours.ink, interval: turned ? 0 : 'auto', rotate: turned ? 40 : 0, hideOverlap: true,
            formatter: (text) => (dated ? text : cut(text, turned ? 110 : Math.max(room - 4, 40))) } },
        series: [...data.series.map((one) => ({ ...bar(data, one), barMaxWidth: 36, label: ends(one, 'top', data.series.length === 1 && room > 44) })), ...intervals(data, false)],
      };
    },
  };

  // The area between low and high of one series, along its dates.
  const band = (one, times) => ({
    type: 'custom', name: one.label, silent: true, z: 1, tooltip: { show: false }, clip: true, encode: { x: 0, y: [1, 2] },
    data: times.map((time, row) => [time, one.low[row], one.high[row]]).filter((point) => point[1] !== null && point[2] !== null),
    renderItem: (params, api) => { // one shape for all points, drawn with the first
      if (params.dataIndexInside) return null;
      const known = Array.from({ length: params.dataInsideLength }, (_, at) => [0, 1, 2].map((part) => api.value(part, at)));
      const points = [...known.map((p) => api.coord([p[0], p[1]])), ...known.reverse().map((p) => api.coord([p[0], p[2]]))];
      return { type: 'polygon', shape: { points }, style: { fill: colours.series[0], opacity: 0.13 } };
    },
  });
  const lineTypes = ['solid', 'dashed', 'dotted', [8, 3, 2, 3], [2, 6], [10, 4]];
  const symbols = ['circle', 'diamond', 'triangle', 'rect', 'circle', 'diamond'];
  luopan.kinds.lines = {
    height: () => 300 * Math.sqrt(luopan.tightness()),
    option: (data, width) => {
      const times = data.rows.map((row) => Date.parse(String(row[data.x.at].value).slice(0, 10)));
      const single = data.series.length === 1;
      return {
        legend: legend(data, { itemWidth: 30 }), grid: grid(legendHeight(data, width - 60) + 8),
        useUTC: true, tooltip: axisTip(data, 'line'),
        xAxis: { type: 'time', ...luopan.axisLine, splitNumber: Math.max(2, Math.floor(width / 110)), minInterval: 28 * 864e5,
          axisLabel: { fontSize: 12, color: colours.quiet, hideOverlap: true, formatter: luopan.monthTick } },
        yAxis: luopan.valueAxis(data.unit, { scale: data.unit !== 'count', splitNumber: 4 }),
        series: [...data.series.map((one, at) => ({
          type: 'line', name: one.label, symbol: symbols[at % symbols.length], symbolSize: 6, connectNulls: false,
          lineStyle: { width: 2, type: lineTypes[at % lineTypes.length] }, data: one.values.map((value, row) => [times[row], value]),
        })), ...(single && data.series[0].low && data.series[0].high ? [band(data.series[0], times)] : [])],
      };
    },
  };

  // Said against came: on the diagonal what was said came as often as said.
  luopan.kinds.reliability = {
    height: () => 340,
    option: (data, width) => {
      const one = data.series[0];
      const xs = data.rows.map((row) => row[data.x.at].value);
      const highest = Math.max(...xs, ...one.values, ...(one.high ?? []));
      const step = 10 ** Math.floor(Math.log10(highest || 1));
      const end = Math.ceil((highest * 1.02) / (step / 2)) * (step / 2);
      const named = (label, more) => ({ name: label, nameLocation: 'middle', nameTextStyle: { color: colours.quiet, fontSize: 12 }, min: 0, max: end, ...more });
      return {
        grid: grid(12, { left: 34, bottom: 30 }),
        tooltip: { ...luopan.tooltip, trigger: 'item', formatter: (point) => luopan.tip(
          `${data.x.label}: ${format(data.x.as, xs[point.dataIndex])}`, [[one.label, said(one, point.dataIndex)]]) },
        xAxis: luopan.valueAxis(data.unit, named(data.x.label, { nameGap: 28, ...(width < 420 ? { splitNumber: 3 } : {}) })),
        yAxis: luopan.valueAxis(data.unit, named(one.label, { nameGap: 46 })),
        series: [
          { type: 'line', silent: true, symbol: 'none', data: [[0, 0], [end, end]], lineStyle: { color: colours.quiet, type: 'dashed', width: 1 } },
          ...(one.low && one.high ? [whiskers(one, false, xs)] : []),
          { type: 'scatter', name: one.label, symbolSize: 10, itemStyle: { color: colours.series[0] }, data: one.values.map((value, row) => [xs[row], value]) },
        ],
      };
    },
  };

  // From where to where, and how much: the two sides have nodes of their own, so who stayed is seen too.
  luopan.kinds.flow = {
    ready: (data) => data.role('from') && data.role('to') && data.role('size'),
    height: (data) => Math.max(260, new Set(data.rows.map((row) => row[data.role('from').at].value)).size * 70 + 40),
    option: (data, width) => {
      const [from, to, size] = ['from', 'to', 'size'].map(data.role);
      const nodes = new Map();
      const links = data.rows.filter((row) => row[size.at].value > 0).map((row) => {
        const ends = [['from', row[from.at]], ['to', row[to.at]]].map(([side, cell]) => {
          const name = `${side}:${cell.value}`;
          const node = nodes.get(name) ?? { name, text: cell.text, total: 0, itemStyle: { color: colours.word[cell.value] ?? colours.series[0] },
            label: { position: side === 'from' ? 'left' : 'right' }, depth: side === 'from' ? 0 : 1 };
          node.total += row[size.at].value;
          return nodes.set(name, node), name;
        });
        return { source: ends[0], target: ends[1], value: row[size.at].value, row };
      });
      const total = (value) => format(size.as, size.as === 'count' ? value : Math.round(value));
      const side = Math.min(165, width * 0.28);
      const rest = data.columns.filter((column) => ![from, to].includes(column));
      return {
        tooltip: { ...luopan.tooltip, trigger: 'item', formatter: (point) => (point.dataType === 'node'
          ? luopan.tip(point.data.text, [[size.label, total(point.data.total)]])
          : luopan.tip(`${point.data.row[from.at].text} → ${point.data.row[to.at].text}`,
            rest.map((column) => [column.label, point.data.row[column.at].text]))) },
        series: [{ type: 'sankey', left: side, right: side, top: 10, bottom: 10, nodeWidth: 12, nodeGap: 14, draggable: false,
          emphasis: { focus: 'adjacency' }, lineStyle: { color: 'source', opacity: 0.4 },
          label: { fontSize: 12, color: colours.ink, formatter: (point) => cut(side < 130 ? point.data.text : `${point.data.text}  ${total(point.data.total)}`, side - 8) },
          data: [...nodes.values()], links }],
      };
    },
  };
}
