// The customers that travel with the page: unpacking them, choosing among them by filters, and the
// address that keeps the choice.
luopan.filterKeys = ['industry', 'region', 'channel', 'owner'];
luopan.filterListeners = [];

// The packed block: base64 of gzip of JSON.
luopan.unpack = async (text) => {
  const letters = atob(text.trim());
  const bytes = new Uint8Array(letters.length);
  for (let at = 0; at < letters.length; at += 1) bytes[at] = letters.charCodeAt(at);
  const plain = new Blob([bytes]).stream().pipeThrough(new DecompressionStream('gzip'));
  return JSON.parse(await new Response(plain).text());
};

luopan.takeCustomers = (packed) => {
  const { rows, columns } = packed.customers;
  const byKey = new Map(columns.map((column) => [column.key, column]));
  luopan.filterKeys.forEach((key) => byKey.has(key) && coded(byKey.get(key)));
  const value = (key, row) => {
    const column = byKey.get(key);
    const here = column?.values[row] ?? null;
    return column?.codes && here !== null ? column.codes[here] : here;
  };
  const text = (key, row) => {
    const column = byKey.get(key);
    const here = column?.values[row] ?? null;
    if (here === null) return luopan.none;
    return column.names ? column.names[here] : luopan.format(column.as, here);
  };
  const number = (key) => {
    const values = byKey.get(key)?.values;
    return Float64Array.from({ length: rows }, (_, row) => values?.[row] ?? NaN);
  };
  luopan.customers = { rows, columns, byKey, value, text, cuts: packed.cuts ?? null, lists: packed.lists ?? {},
    shown: new Uint8Array(rows).fill(1), shownCount: rows,
    x: number('x'), y: number('y'), money: number('revenue_12m'), risk: number('churn_probability'), health: number('health_score') };
  luopan.customers.order = byImportance(luopan.customers, number('value_at_risk'));

  // A filter works on codes; a column of plain texts gets them here.
  function coded(column) {
    if (column.codes) return;
    const places = new Map();
    column.values = column.values.map((here) => {
      if (here === null) return null;
      if (!places.has(here)) places.set(here, places.size);
      return places.get(here);
    });
    column.codes = [...places.keys()];
    column.names = column.codes.map(String);
  }

  // Who is drawn first when not all can be: money at risk, then revenue.
  function byImportance({ money }, atRisk) {
    const weight = atRisk.map((here, row) => (Number.isNaN(here) ? 0 : here) * 1e6 + (money[row] || 0));
    return Uint32Array.from({ length: rows }, (_, row) => row).sort((a, b) => weight[b] - weight[a] || a - b);
  }
};

// Filters: one select for each key, in the bar at the top.
luopan.startFilters = (form) => {
  const { customers, say, element } = luopan;
  const count = element('output', { class: 'count', 'aria-live': 'polite' });
  const reset = element('button', { type: 'button', class: 'quiet', onclick: () => luopan.setFilters({}) }, say('reset'));
  const keys = luopan.filterKeys.filter((key) => customers.byKey.get(key)?.codes.length > 1);
  const selects = keys.map((key) => element('select', { name: key, 'aria-label': say(key), onchange: () => luopan.setFilters(read()) }));
  const read = () => Object.fromEntries(selects.filter((one) => one.value).map((one) => [one.name, one.value]));

  selects.forEach((select) => {
    const column = customers.byKey.get(select.name);
    const counts = new Uint32Array(column.codes.length);
    column.values.forEach((code) => { if (code !== null) counts[code] += 1; });
    const options = column.codes.map((code, at) => ({ code, name: column.names[at], count: counts[at] }))
      .sort((a, b) => a.name.localeCompare(b.name, luopan.lang));
    select.append(element('option', { value: '' }, say('filter_all', { name: say(select.name) })),
      ...options.map((one) => element('option', { value: one.code }, `${one.name} (${luopan.count(one.count)})`)));
  });

  luopan.setFilters = (wanted) => {
    const tests = [];
    for (const select of selects) {
      const column = customers.byKey.get(select.name);
      const code = column.codes.indexOf(wanted[select.name]);
      select.value = code < 0 ? '' : column.codes[code];
      select.classList.toggle('set', code >= 0);
      if (code >= 0) tests.push([column.values, code]);
    }
    customers.shownCount = 0;
    for (let row = 0; row < customers.rows; row += 1) {
      customers.shown[row] = tests.every(([values, code]) => values[row] === code) ? 1 : 0;
      customers.shownCount += customers.shown[row];
    }
    count.textContent = say(tests.length ? 'customers_shown' : 'customers_all', { n: luopan.count(customers.shownCount), all: luopan.count(customers.rows) });
    reset.disabled = !tests.length;
    document.body.classList.toggle('filtered', tests.length > 0);
    luopan.address.set(Object.fromEntries(keys.map((key) => [key, wanted[key] && selects[keys.indexOf(key)].value])));
    luopan.filterListeners.forEach((listen) => listen());
  };

  form.append(element('div', { class: 'selects' }, ...selects), count, reset);
  form.addEventListener('submit', (event) => event.preventDefault());
  form.hidden = !keys.length;
};

// The part of the address after #, as "at=risk&industry=electronics". A plain "#risk" is a link to a
// section. Only keys of this page are read, and values only compared with what the page has.
luopan.address = {
  keys: ['at', 'colour', 'customer', ...luopan.filterKeys],
  read() {
    const text = location.hash.slice(1);
    if (!text.includes('=')) return text ? { at: decodeURIComponent(text) } : {};
    return Object.fromEntries([...new URLSearchParams(text)].filter(([key]) => this.keys.includes(key)));
  },
  set(changes) {
    const now = { ...this.read(), ...changes };
    const kept = new URLSearchParams(this.keys.filter((key) => now[key]).map((key) => [key, now[key]]));
    const next = [...kept.keys()].join() === 'at' ? `#${encodeURIComponent(now.at)}` : kept.size ? `#${kept}` : '';
    if (next !== location.hash) history.replaceState(null, '', next || location.pathname + location.search);
  },
};

// Figures and sentences about all customers say so while a filter is set.
luopan.markUnfiltered = () => {
  const remark = () => luopan.element('span', { class: 'remark' }, luopan.say('all_customers'));
  document.querySelectorAll('figure:not([data-list]):not([data-map]) > figcaption').forEach((one) => one.append(' ', remark()));
  document.querySelectorAll('ul.lead').forEach((one) => one.append(luopan.element('li', { class: 'of-all' }, remark())));
};
