// Starts the page: charts at once, then the customers, the map and the lists; and makes it ready for paper.

// On paper charts are as wide as their column; a customer's page has two. Tables behind charts are printed where the
// reader has opened them.
luopan.startPrinting = () => {
  const review = document.body.classList.contains('qbr');
  const sheet = 688; // pixels between the margins of A4
  const column = review ? 328 : sheet;
  const isWide = (place) => place.closest('.wide, [data-map], [data-list]') !== null;
  addEventListener('beforeprint', () => {
    luopan.printing = true;
    luopan.drawAll();
    luopan.drawn.forEach((one) => one.draw(isWide(one.place) ? sheet : column));
  });
  addEventListener('afterprint', () => {
    luopan.printing = false;
    luopan.drawn.forEach((one) => one.draw(one.place.clientWidth));
  });
};

// A link to a section keeps the filters that stand in the address.
luopan.startAddress = () => {
  const go = () => {
    const { at } = luopan.address.read();
    if (at) document.getElementById(at)?.scrollIntoView();
  };
  document.querySelectorAll('a[href^="#"]').forEach((link) => link.addEventListener('click', (event) => {
    if (!luopan.setFilters || !location.hash.includes('=')) return;
    event.preventDefault();
    luopan.address.set({ at: link.hash.slice(1) });
    go();
  }));
  addEventListener('hashchange', () => {
    const wanted = luopan.address.read();
    luopan.setFilters?.(wanted);
    go();
  });
  if (location.hash.includes('=')) go();
};

luopan.startCustomers = async () => {
  const block = document.getElementById('packed');
  const map = document.querySelector('figure[data-map]');
  if (!block) return;
  try {
    luopan.takeCustomers(await luopan.unpack(block.textContent));
    block.remove();
  } catch (problem) {
    if (map) luopan.chartFailed(map, problem);
    return;
  }
  const wanted = luopan.address.read();
  luopan.startFilters(document.getElementById('filters'));
  luopan.markUnfiltered();
  if (map) {
    try {
      luopan.startMap(map);
    } catch (problem) {
      luopan.chartFailed(map, problem);
    }
  }
  document.querySelectorAll('figure[data-list]').forEach(luopan.startList);
  luopan.setFilters(wanted);
  if (wanted.customer) luopan.choose?.(luopan.rowOf(wanted.customer));
};

// A figure that would stand alone beside empty space takes the whole width, if it bears it.
luopan.fillRows = () => {
  for (const section of document.querySelectorAll('main > section')) {
    let half = null;
    const stretch = () => {
      if (half && !['flow', 'reliability'].includes(half.dataset.chart)) half.classList.add('wide');
      half = null;
    };
    for (const one of section.children) {
      const isHalf = one.matches('figure:not(.wide):not([data-list]):not([data-map])');
      if (isHalf && half) half = null;
      else if (isHalf) half = one;
      else stretch();
    }
    stretch();
  }
};

luopan.start = async () => {
  const words = document.getElementById('words');
  luopan.words = words ? JSON.parse(words.textContent) : {};
  document.body.classList.add('alive');
  document.querySelectorAll('.scroll').forEach((one) => {
    const figure = one.closest('figure');
    one.setAttribute('tabindex', '0');
    one.setAttribute('role', 'region');
    one.setAttribute('aria-label', figure?.querySelector('figcaption')?.textContent.trim() || luopan.say('as_table'));
  });
  document.querySelectorAll('figure table').forEach(luopan.markCells);
  const lists = document.getElementById('packed') ? 'figure:not([data-list]) table' : 'table';
  document.querySelectorAll(lists).forEach(luopan.sortTable);
  luopan.fillRows();
  luopan.startCharts();
  luopan.startPrinting();
  await luopan.startCustomers();
  luopan.startAddress();
  document.documentElement.dataset.ready = 'yes';
};

luopan.start();
