// Tables of customers that follow the filters, and tables of all kinds that can be sorted.

// Headings become buttons: the first press sorts numbers from the largest, texts from A.
luopan.makeSortable = (table, sort) => {
  const heads = [...table.querySelectorAll('thead th')];
  heads.forEach((head, at) => {
    if (!head.textContent.trim()) return;
    const button = luopan.element('button', { type: 'button', onclick: () => {
      const first = head.classList.contains('n') ? 'descending' : 'ascending';
      const other = first === 'ascending' ? 'descending' : 'ascending';
      const way = head.getAttribute('aria-sort') === first ? other : first;
      heads.forEach((one) => one.removeAttribute('aria-sort'));
      head.setAttribute('aria-sort', way);
      sort(at, way === 'ascending' ? 1 : -1, head.classList.contains('n'));
    } });
    button.append(...head.childNodes);
    head.append(button);
  });
};

// Unknown stands last whichever way the rows go. Equal rows keep their order.
luopan.compare = (a, b, way) => {
  if (a === null || b === null) return (a === null) - (b === null);
  return way * (typeof a === 'number' && typeof b === 'number' ? a - b : String(a).localeCompare(String(b), luopan.lang));
};

luopan.sortTable = (table) => {
  const body = table.tBodies[0];
  if (!body || body.rows.length < 3) return;
  luopan.makeSortable(table, (at, way) => {
    const head = table.querySelectorAll('thead th')[at];
    // Codes are sorted by their words, dates by the day.
    const byValue = head.classList.contains('n') || ['date', 'month'].includes(head.dataset.as);
    const key = (cell) => (byValue || cell.dataset.v === '' ? luopan.cellValue(cell) : cell.textContent.trim());
    const rows = [...body.rows].map((row) => [key(row.cells[at]), row]);
    body.append(...rows.sort((a, b) => luopan.compare(a[0], b[0], way)).map((pair) => pair[1]));
  });
};

// A list: the rows that the server wrote stay until the reader filters, sorts or asks for more.
luopan.startList = (figure) => {
  const { customers, say, element } = luopan;
  const packed = customers.lists[figure.dataset.list];
  const table = figure.querySelector('table');
  if (!packed || !table) return;
  const body = table.tBodies[0];
  const columns = [...table.querySelectorAll('thead th')].map((head) => ({ as: head.dataset.as, numeric: head.classList.contains('n') }));
  const more = figure.querySelector('.more') ?? figure.appendChild(element('p', { class: 'more' }));
  const step = Math.max(10, body.rows.length || 25);
  let order = packed.customer.map((_, at) => at);
  let wanted = step;

  // A cell is a text as it shall stand, or a number that is written here.
  const text = (cell, as) => (typeof cell === 'number' ? luopan.format(as, cell) : cell ?? luopan.none);
  const sortKey = (cell, numeric) => {
    if (cell === null || cell === luopan.none || cell === '') return null;
    return typeof cell === 'number' || !numeric ? cell : luopan.numberIn(cell);
  };
  const drawRow = (at) => {
    const customer = packed.customer[at];
    const row = element('tr', { 'data-customer': customers.value('customer_id', customer) });
    row.append(...columns.map(({ as, numeric }, column) => {
      const cell = packed.cells[at][column] ?? null;
      return element('td', { class: numeric ? 'n' : null, 'data-v': cell === null ? '' : null }, text(cell, as));
    }));
    return row;
  };
  const draw = () => {
    const kept = order.filter((at) => customers.shown[packed.customer[at]]);
    body.replaceChildren(...kept.slice(0, wanted).map(drawRow));
    luopan.markCells(table);
    luopan.linkCustomers(figure);
    say_more(Math.min(wanted, kept.length), kept.length);
  };
  const say_more = (shown, all) => {
    more.replaceChildren(shown && shown === all ? '' : all ? say('first_of', { n: luopan.count(shown), all: luopan.count(all) }) : say('nobody_left'));
    if (shown < all) {
      const next = Math.min(Math.max(step, shown), 500); // doubles, so that long lists are reached in few presses
      more.append(' ', element('button', { type: 'button', class: 'quiet', onclick: () => { wanted = shown + next; draw(); } },
        say('show_more', { n: luopan.count(Math.min(next, all - shown)) })));
    }
  };

  luopan.makeSortable(table, (column, way, numeric) => {
    const keys = packed.cells.map((cells) => sortKey(cells[column], numeric));
    order = packed.customer.map((_, at) => at).sort((a, b) => luopan.compare(keys[a], keys[b], way) || a - b);
    draw();
  });
  say_more(body.rows.length, order.length);
  luopan.linkCustomers(figure);
  luopan.filterListeners.push(() => { wanted = step; draw(); });
};

// Long texts get room, short ones and dates stay on one line, and on a telephone, where a row of a list becomes a
// card, cells bring their headings along.
luopan.markCells = (table) => {
  const heads = [...table.querySelectorAll('thead th')];
  const long = luopan.lang === 'zh' ? 30 : 60;
  for (const row of table.tBodies[0]?.rows ?? []) {
    [...row.cells].forEach((cell, at) => {
      const as = heads[at]?.dataset.as;
      if (cell.textContent.length > long && as !== 'customer') cell.classList.add('long');
      else if (cell.textContent.length < long / 4) cell.classList.add('short');
      if (as === 'date' || as === 'month') cell.classList.add('short');
      if (as === 'customer') cell.classList.add('who');
      else cell.dataset.label = heads[at]?.textContent.trim() ?? '';
    });
  }
};

// A customer's name in a list opens what the page knows about him.
luopan.linkCustomers = (figure) => {
  const heads = [...figure.querySelectorAll('thead th')];
  const at = heads.findIndex((head) => head.dataset.as === 'customer');
  if (at < 0 || !luopan.choose) return;
  for (const row of figure.querySelectorAll('tbody tr[data-customer]')) {
    const cell = row.cells[at];
    if (!cell || cell.querySelector('button')) continue;
    cell.querySelector('small')?.remove(); // its number: stands behind the button again
    const name = cell.textContent.trim();
    const button = luopan.element('button', { type: 'button', class: 'name',
      onclick: () => luopan.choose(luopan.rowOf(row.dataset.customer), button) }, name);
    cell.replaceChildren(button, ' ', luopan.element('small', {}, row.dataset.customer));
  }
};
