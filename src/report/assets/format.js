// Numbers, dates and words in the language of the page. The server writes the first rows of every
// table; what is written here later must look the same.
const luopan = {};

luopan.lang = document.documentElement.dataset.lang === 'zh' ? 'zh' : 'en';
luopan.none = '–';
luopan.words = {};

// A word of the page's language with its {places} filled in. Unknown keys show themselves, so that a
// missing word is seen, not hidden.
luopan.say = (key, places = {}) =>
  (luopan.words[key] ?? key).replace(/\{(\w+)\}/g, (whole, name) => places[name] ?? whole);

{
  const locale = luopan.lang === 'zh' ? 'zh-CN' : 'en-US';
  const chinese = luopan.lang === 'zh';
  const gap = chinese ? '' : '\u00a0'; // "41 %" in English, "41%" in Chinese
  const decimals = (low, high = low) =>
    new Intl.NumberFormat(locale, { minimumFractionDigits: low, maximumFractionDigits: high });
  const whole = decimals(0);
  const one = decimals(1);
  const two = decimals(2);
  const upToTwo = decimals(0, 2);
  const compact = new Intl.NumberFormat(locale, { notation: 'compact', maximumFractionDigits: 1 });
  const dates = (options) => new Intl.DateTimeFormat(locale, { timeZone: 'UTC', ...options });
  const longDate = new Intl.DateTimeFormat(chinese ? 'zh-CN' : 'en-GB',
    { timeZone: 'UTC', year: 'numeric', month: chinese ? 'long' : 'short', day: 'numeric' });
  const shortMonth = dates(chinese ? { year: 'numeric', month: 'numeric' } : { year: 'numeric', month: 'short' });

  // With a true minus sign; what rounds to nothing has no sign.
  const fixed = (value, form, plus = '') => {
    const text = form.format(Math.abs(value));
    return (!/[1-9]/.test(text) ? '' : value < 0 ? '−' : plus) + text;
  };
  const digits = (value) => (Number.isInteger(value) ? whole : Math.abs(value) < 10 ? two : one);
  // Small shares need a decimal to be told apart; large ones are easier to read without.
  const percent = (share) => {
    const size = Math.abs(share);
    return fixed(100 * share, size === 0 || size >= 0.0995 ? whole : size >= 0.001 ? one : two) + gap + '%';
  };
  const money = (value) => {
    const size = Math.abs(value);
    const unit = (by, form, name) => fixed(value / by, form) + name;
    if (chinese && size >= 99995000) return unit(1e8, two, '亿');
    if (chinese && size >= 9999.5) return unit(1e4, one, '万');
    if (!chinese && size >= 999950000) return unit(1e9, one, 'B');
    if (!chinese && size >= 999999.5) return unit(1e6, one, 'M');
    return fixed(value, whole);
  };

  const writers = {
    count: (value) => fixed(value, whole),
    days: (value) => fixed(value, whole),
    number: (value) => fixed(value, digits(value)),
    exact: (value) => fixed(value, two),
    score: (value) => fixed(value, one),
    percent,
    change: (value) => fixed(100 * value, Math.abs(value) < 0.0995 ? one : whole, '+') + gap + '%',
    points: (value) => fixed(100 * value, one, '+'),
    delta: (value) => fixed(value, digits(value), '+'),
    money,
  };

  // The text of one value: `as` says what it is (see the figure files).
  luopan.format = (as, value) => {
    if (value === null || value === undefined || value === '') return luopan.none;
    if (as === 'flag') return luopan.say(value === true || value === 'true' ? 'yes' : 'no');
    if (as === 'date' || as === 'month') {
      const day = new Date(`${value}T00:00:00Z`);
      if (Number.isNaN(day.getTime())) return String(value);
      return (as === 'date' ? longDate : shortMonth).format(day);
    }
    const write = writers[as];
    return write && Number.isFinite(Number(value)) ? write(Number(value)) : String(value);
  };

  // What stands at the ticks of an axis: as short as can be.
  luopan.tick = (as, value) => {
    if (as === 'percent' || as === 'change') return upToTwo.format(value * 100) + gap + '%';
    if (as === 'points') return upToTwo.format(value * 100);
    return Math.abs(value) >= 10000 ? compact.format(value) : upToTwo.format(value);
  };
  luopan.monthTick = (time) => shortMonth.format(time);
  luopan.count = (value) => whole.format(value);
}

// The number in a text that was written for people ("126.5M", "3.2万", "41 %", "−2.1"); null where
// there is none. Lists are sorted by it where their rows carry texts only.
luopan.numberIn = (text) => {
  const found = /^([+−-]?)([\d,]+(?:\.\d+)?)\s*([KMB万亿%]?)/.exec(text);
  if (!found) return null;
  const size = { K: 1e3, M: 1e6, B: 1e9, 万: 1e4, 亿: 1e8, '%': 0.01 }[found[3]] ?? 1;
  return (found[1] === '−' || found[1] === '-' ? -1 : 1) * Number(found[2].replace(/,/g, '')) * size;
};

// Builds an element: attributes as given, texts as text. Nothing from the data is ever read as HTML.
luopan.element = (tag, attributes = {}, ...children) => {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith('on')) made.addEventListener(name.slice(2), value);
    else if (value === true) made.setAttribute(name, '');
    else if (value !== false && value !== null && value !== undefined) made.setAttribute(name, value);
  }
  made.append(...children.filter((child) => child !== null && child !== undefined));
  return made;
};

// Reasons are published as one text, the weightiest first: "…; …; …".
luopan.reasons = (text) => (text ? String(text).split(/;\s+|；\s*/).filter(Boolean) : []);

// One series or one kind of thing has one colour everywhere. Okabe and Ito's palette can be told
// apart by colour-blind readers.
luopan.colours = {
  series: ['#0072b2', '#e69f00', '#009e73', '#cc79a7', '#56b4e9', '#d55e00', '#7a7a7a'],
  word: {
    star: '#e69f00', cash_cow: '#009e73', question_mark: '#0072b2', dog: '#8a8a8a',
    new: '#56b4e9', left: '#d55e00', unscored: '#c4c4c4',
    healthy: '#7fb0cf', at_risk: '#ec9d4c', churn_alert: '#9c3a17',
  },
  // Both scales say the same: the darker, the more care is needed.
  risk: ['#f7e4c3', '#f5c884', '#ec9d4c', '#d2691e', '#9c3a17', '#571b12'],
  health: ['#152a52', '#28528a', '#4a81b4', '#7fb0cf', '#b5d5e2', '#dfeef0'],
  density: ['#e8edf1', '#62778a'],
  ink: '#1c2733', quiet: '#5a6774', rule: '#d9dfe5',
};
