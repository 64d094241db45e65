// One customer: finding him by name, and what the page knows about him.

luopan.rowOf = (id) => {
  const column = luopan.customers.byKey.get('customer_id');
  const row = column ? column.values.indexOf(id) : -1;
  return row < 0 ? null : row;
};

luopan.customerTip = (row) => {
  const { customers, say } = luopan;
  const has = (key) => customers.byKey.has(key);
  const line = (key, label) => [label, customers.text(key, row)];
  const short = (text) => (text.length > 110 ? text.slice(0, 108) + '…' : text);
  return luopan.tip(customers.text('customer_name', row), [
    line('quadrant', say('quadrant')), line('revenue_12m', say('revenue')), line('churn_probability', say('risk')),
    ...(has('value_at_risk') ? [line('value_at_risk', customers.byKey.get('value_at_risk').label)] : []),
    line('health_score', say('health')),
  ], luopan.reasons(customers.value('churn_reasons', row)).slice(0, 2).map(short));
};

luopan.startPanel = (figure, place, note, mark) => {
  const { customers, say, element } = luopan;
  const panel = element('aside', { class: 'panel', hidden: true, 'aria-label': say('customer') });
  const beside = element('div', { class: 'beside' });
  place.before(beside);
  beside.append(element('div', { class: 'plane' }, place, note), panel);
  let opener = null;

  const close = () => {
    panel.hidden = true;
    luopan.address.set({ customer: '' });
    mark(null);
    opener?.focus();
    opener = null;
  };
  panel.addEventListener('keydown', (event) => event.key === 'Escape' && close());

  // Long texts are lists of reasons: one line each.
  const written = (column, row) => {
    const parts = column.as === 'text' ? luopan.reasons(customers.value(column.key, row)) : [];
    if (parts.length < 2) return [customers.text(column.key, row)];
    return [element('ul', {}, ...parts.map((part) => element('li', {}, part)))];
  };
  luopan.choose = (row, from = null) => {
    if (row === null) return;
    opener = from;
    const heading = element('h3', { tabindex: '-1' }, customers.text('customer_name', row));
    const facts = customers.columns.filter((column) => column.key !== 'customer_name').map((column) => element('div',
      { class: ['text', 'word'].includes(column.as) && String(customers.text(column.key, row)).length > 24 ? 'long' : null },
      element('dt', {}, column.label), element('dd', {}, ...written(column, row))));
    panel.replaceChildren(element('button', { type: 'button', class: 'close', onclick: close }, say('close')), heading, element('dl', {}, ...facts));
    panel.hidden = false;
    panel.scrollTop = 0;
    luopan.address.set({ customer: customers.value('customer_id', row) });
    mark(row);
    if (from) {
      figure.scrollIntoView({ block: 'start' });
      heading.focus({ preventScroll: true });
    }
  };
  figure.querySelector('.controls').prepend(luopan.searchBox());
};

// A box that finds customers by name or number: arrows choose, Enter opens, Escape closes.
luopan.searchBox = () => {
  const { customers, say, element } = luopan;
  const most = 12;
  let names = null;
  let found = [];
  let active = -1;
  const list = element('ul', { id: 'found', role: 'listbox', 'aria-label': say('search'), hidden: true });
  const input = element('input', { type: 'search', role: 'combobox', placeholder: say('search'), 'aria-label': say('search'), autocomplete: 'off',
    'aria-expanded': 'false', 'aria-controls': 'found', 'aria-autocomplete': 'list' });

  const show = () => {
    list.replaceChildren(...(found.length ? found.map((row, at) => element('li', { role: 'option', id: `found-${at}`, 'aria-selected': String(at === active),
      onpointerdown: (event) => { event.preventDefault(); open(row); } },
      element('span', {}, customers.text('customer_name', row)), element('small', {}, customers.text('customer_id', row))))
      : [element('li', { class: 'nothing' }, say('not_found'))]));
    list.hidden = !input.value.trim();
    input.setAttribute('aria-expanded', String(!list.hidden));
    if (active < 0) input.removeAttribute('aria-activedescendant');
    else input.setAttribute('aria-activedescendant', `found-${active}`);
    list.children[active]?.scrollIntoView({ block: 'nearest' });
  };
  const hide = () => { list.hidden = true; input.setAttribute('aria-expanded', 'false'); };
  const open = (row) => { input.value = customers.text('customer_name', row); hide(); luopan.choose(row, input); };

  input.addEventListener('input', () => {
    names ??= Array.from({ length: customers.rows }, (_, row) =>
      `${customers.text('customer_name', row)} ${customers.text('customer_id', row)}`.toLowerCase());
    const wanted = input.value.trim().toLowerCase();
    found = [];
    active = -1;
    if (wanted) {
      for (const row of customers.order) {
        if (names[row].includes(wanted) && found.push(row) === most) break;
      }
    }
    show();
  });
  input.addEventListener('keydown', (event) => {
    if (event.key === 'Escape') hide();
    if (event.key === 'Enter' && found.length) open(found[Math.max(active, 0)]);
    if (['ArrowDown', 'ArrowUp'].includes(event.key) && found.length) {
      active = (active + (event.key === 'ArrowDown' ? 1 : -1) + found.length) % found.length;
      show();
    } else if (event.key !== 'Enter') return;
    event.preventDefault();
  });
  input.addEventListener('blur', hide);
  return element('div', { class: 'search' }, input, list);
};
