// What stands above the map: how points are coloured, what the colours mean, zooming.
luopan.mapControls = ({ chart, place, margin, zoom, now, whole, colour }) => {
  const { say, element, map, colours, customers } = luopan;
  const button = (name, press, more = {}) => element('button', { type: 'button', onclick: press, ...more }, say(name));

  const choices = ['risk', 'health', 'quadrant'].filter((by) => (by === 'quadrant' ? customers.byKey.has('quadrant')
    : customers[by].some((value) => !Number.isNaN(value))));
  const radios = choices.map((by) => element('input', { type: 'radio', name: 'colour', value: by, onchange: () => setColour(by) }));
  const legend = element('div', { class: 'legend' });
  const setColour = (wanted) => {
    const by = choices.includes(wanted) ? wanted : choices[0];
    radios.forEach((radio) => { radio.checked = radio.value === by; });
    legend.replaceChildren(...legendOf(by));
    colour(by);
  };

  const key = (colourOf, text) => element('span', { class: 'key' }, element('i', { class: 'dot', style: `background:${colourOf}` }), text);
  const legendOf = (by) => {
    const size = element('span', { class: 'key size' }, say('size_is_revenue'));
    if (by === 'quadrant') {
      const found = customers.byKey.get('quadrant').codes ?? [];
      const codes = [...luopan.quadrants, ...found.filter((code) => !luopan.quadrants.includes(code))];
      return [...codes.map((code) => key(colours.word[code] ?? colours.word.unscored, luopan.quadrantName(code))), size];
    }
    const scale = map.colourings[by];
    const last = scale.colours.length - 1;
    const bound = (at) => luopan.tick(scale.as, scale.bounds[at]);
    return [element('span', { class: 'key' }, say(by)), ...scale.colours.map((one, at) => key(one,
      at === 0 ? `< ${bound(0)}` : at === last ? `≥ ${bound(last - 1)}` : `${bound(at - 1)} – ${bound(at)}`)),
      ...(customers[by].some(Number.isNaN) ? [key('#fff', say('unknown'))] : []), size];
  };

  // Zooming: a rectangle by mouse, or steps by buttons. The wheel is left to the page.
  const area = button('zoom_area', () => setArea(area.getAttribute('aria-pressed') !== 'true'), { 'aria-pressed': 'false' });
  const setArea = (on) => {
    area.setAttribute('aria-pressed', String(on));
    place.classList.toggle('choosing', on);
  };
  const wholeMap = button('zoom_out', () => zoom(null), { disabled: true });
  const step = (factor) => () => {
    const range = (name) => {
      const [from, to] = now()[name];
      const [low, high] = whole[name];
      const size = Math.min(high - low, (to - from) * factor);
      const start = Math.max(low, Math.min((from + to) / 2 - size / 2, high - size));
      return [start, start + size];
    };
    zoom({ x: range('x'), y: range('y') });
  };
  rectangle(place, () => area.getAttribute('aria-pressed') === 'true', (from, to) => {
    setArea(false);
    const { left, right, top, bottom } = margin();
    const inside = (value, low, high) => Math.min(high, Math.max(low, value));
    const value = ([x, y]) => chart.convertFromPixel({ gridIndex: 0 },
      [inside(x, left, place.clientWidth - right), inside(y, top, place.clientHeight - bottom)]);
    const [a, b] = [value(from), value(to)];
    const range = (at) => [Math.min(a[at], b[at]), Math.max(a[at], b[at])];
    if (Math.abs(to[0] - from[0]) > 8 && Math.abs(to[1] - from[1]) > 8) zoom({ x: range(0), y: range(1) });
  });

  const bar = element('div', { class: 'controls' },
    element('fieldset', { class: 'choice' }, element('legend', {}, say('colour_by')),
      ...choices.map((by, at) => element('label', {}, radios[at], element('span', {}, say(`by_${by}`))))),
    element('div', { class: 'zoom', role: 'group', 'aria-label': say('zoom') }, area,
      button('zoom_in', step(0.6)), wholeMap));
  return { bar, legend, setColour, wholeMap };

  // Drawing a rectangle over the chart, while that is switched on.
  function rectangle(over, isOn, done) {
    let start = null;
    const box = element('div', { class: 'rectangle', hidden: true });
    over.append(box);
    const at = (event) => {
      const { left, top } = over.getBoundingClientRect();
      return [event.clientX - left, event.clientY - top];
    };
    over.addEventListener('pointerdown', (event) => {
      if (!isOn()) return;
      event.preventDefault();
      event.stopPropagation();
      over.setPointerCapture(event.pointerId);
      start = at(event);
    }, true);
    over.addEventListener('pointermove', (event) => {
      if (!start) return;
      const here = at(event);
      box.hidden = false;
      const [left, top] = [0, 1].map((way) => Math.min(start[way], here[way]));
      box.style.cssText = `left:${left}px;top:${top}px;width:${Math.abs(here[0] - start[0])}px;height:${Math.abs(here[1] - start[1])}px`;
    }, true);
    over.addEventListener('pointerup', (event) => {
      if (!start) return;
      const from = start;
      start = null;
      box.hidden = true;
      done(from, at(event));
    }, true);
  }
};
