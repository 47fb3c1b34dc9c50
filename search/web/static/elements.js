/** What the page is made of: words, elements, keys, the search field, the timeline. */

export const byId = (id) => document.getElementById(id);

const [field, dialog, box] = ['q', 'keys', 'single-keys'].map(byId);

// The server
export const address = (name, parameters) => `api/v1/${name}?${new URLSearchParams(parameters)}`;

/** Return an answer of the server; a refusal is an Error with status and hint. */
export async function ask(name, parameters = {}, options = {}) {
  const response = await fetch(address(name, parameters), options).catch((error) => {
    throw Object.assign(error, { status: 0 }); // it does not answer
  });
  const body = await response.json().catch(() => ({}));
  options.signal?.throwIfAborted();
  if (response.ok) return body;
  const { message = response.statusText, hint } = body.error ?? {};
  throw Object.assign(new Error(message), { status: response.status, hint });
}

/** Change something, with the key that only the server's own page can read. */
export async function send(name, body) {
  const { key } = await ask('info');
  const headers = { 'content-type': 'application/json', 'x-chaja-key': key };
  return ask(name, {}, { method: 'POST', headers, body: JSON.stringify(body) });
}

// Words
let messages = {};

/** Change the language of the page, and remember it. */
export async function speak(language) {
  messages = await (await fetch(`${language}.json`)).json();
  document.documentElement.lang = language;
  localStorage.language = language;
  for (const each of document.querySelectorAll('[data-t]')) each.textContent = t(each.dataset.t);
  for (const each of document.querySelectorAll('[data-label]')) each.ariaLabel = t(each.dataset.label);
  byId('interface').lang = t('other_language');
  field.placeholder = t('placeholder');
}

/** Return a message with its {places} filled in; behind a bar is its form for one thing. */
export function t(name, values = {}) {
  const [many, one = many] = messages[name].split('|');
  return (values.n === 1 ? one : many).replace(/\{(\w+)\}/g, (_, place) => shown(values[place]));
}

export const named = (name, fallback = name) => (Object.hasOwn(messages, name) ? t(name) : fallback);

export const shown = (value) => (typeof value === 'number' ? value.toLocaleString(document.documentElement.lang) : value);

await speak(localStorage.language ?? (/^ko/.test(navigator.language) ? 'ko' : 'en'));

// Elements: text becomes text nodes, so that documents inject nothing.
const isShown = (child) => child != null && child !== false;

/** Return an element, as h('p.note'); null and false are left out. */
export function h(name, properties = {}, ...children) {
  const [tag, ...classes] = name.split('.');
  const element = document.createElement(tag);
  element.classList.add(...classes);
  for (const [key, value] of Object.entries(properties)) {
    if (key.startsWith('on')) element.addEventListener(key.slice(2), value);
    else if (isShown(value)) element.setAttribute(key, value);
  }
  element.append(...children.flat(3).filter(isShown));
  return element;
}

/** Return a button; by its `key` it keeps the focus when it is made anew. */
export const button = (name, key, onclick, properties, ...children) =>
  h(`button${name}`, { type: 'button', 'data-key': key, onclick, ...properties }, ...children);

/** Return a link to a state of the page, without a reload. */
export function link(page, changes, name, key, ...children) {
  const onclick = (event) => {
    if (event.metaKey || event.ctrlKey || event.shiftKey) return;
    event.preventDefault();
    page.go(changes);
  };
  return h(`a${name}`, { href: page.href(changes), 'data-key': key, onclick }, ...children);
}

/** Replace what an element holds; the focus stays where it was. */
export function replace(container, ...children) {
  const focused = container.contains(document.activeElement) && document.activeElement.dataset.key;
  container.replaceChildren(...children.flat(3).filter(isShown));
  if (focused) container.querySelector(`[data-key="${CSS.escape(focused)}"]`)?.focus();
}

/** Return a highlight, another for a word of the other language. */
export const mark = (text, { word, crossed } = {}) =>
  crossed ? h('mark.crossed', { title: `${word} → ${text}` }, text) : h('mark', {}, text);

/** Return a text with its matches marked; offsets are code points. */
export function marked(text, matches, from = 0, to = Infinity) {
  const points = [...text];
  const part = (start, end) => points.slice(start, end).join('');
  const nodes = [];
  for (const match of matches) {
    if (match.start < from || match.end > to) continue;
    nodes.push(part(from, match.start), mark(part(match.start, match.end), match));
    from = match.end;
  }
  return [...nodes, part(from, to)];
}

/** Return `most` code points of it, those with the most matches. */
export function excerpt(text, matches, from, most = 300) {
  const points = [...text];
  const last = Math.max(from, points.length - most);
  const starts = matches.map(({ start }) => Math.min(last, Math.max(from, start - 50)));
  const held = (begin) => matches.filter(({ start, end }) => start >= begin && end <= begin + most).length;
  let begin = starts.reduce((best, each) => (held(each) > held(best) ? each : best), Math.min(from, last));
  if (begin > from) begin = points.indexOf(' ', begin) + 1 || begin;
  const end = begin + most;
  return [begin > from ? '… ' : '', marked(text, matches, begin, end), end < points.length ? ' …' : ''];
}

// Keys
/** Tell whether an input method has a key, within a syllable of Hangul. */
const isComposing = (event) => event.isComposing || event.keyCode === 229;

/** Return the name of a key, that of its place if it types Hangul. */
function nameOf({ key, code, shiftKey }) {
  const isLatin = /^[!-~]+$/.test(key) && key !== 'Process';
  const name = isLatin ? key : { Slash: shiftKey ? '?' : '/' }[code] ?? code.replace('Key', '');
  return name.length > 1 || !/[a-z]/i.test(name) ? name : (shiftKey ? 'Shift+' : '') + name.toLowerCase();
}

/** Call the action of each key outside of a field; one that returns false did nothing. */
export function listen(actions) {
  document.addEventListener('keydown', (event) => {
    if (event.metaKey || event.ctrlKey || event.altKey || event.defaultPrevented || dialog.open) return;
    const isField = event.target.matches('input:not([type=checkbox]), select');
    if (isField && isComposing(event)) return; // elsewhere nothing is composed, whatever an input method reports
    const name = nameOf(event);
    if (name !== 'Escape' && (isField || !box.checked)) return;
    if (actions[name] && actions[name]() !== false) event.preventDefault();
  });
}

export const showHelp = () => dialog.showModal();

box.checked = localStorage.keys !== 'off';
box.addEventListener('change', () => (localStorage.keys = box.checked ? 'on' : 'off'));

// The search field
const PAUSE = 90; // milliseconds without a key before a search
const COMPOSING_PAUSE = 180; // in a syllable, not yet what is meant
const MOST_COMPLETIONS = 6;

/** Call `search` while a query is typed, `submit` at its Enter, `leave` at an arrow. */
export function listenToTyping({ search, submit, leave }) {
  let timer = 0;
  field.addEventListener('input', (event) => {
    clearTimeout(timer);
    timer = setTimeout(() => {
      search(field.value);
      complete(search);
    }, event.isComposing ? COMPOSING_PAUSE : PAUSE);
  });
  field.addEventListener('keydown', (event) => {
    if (isComposing(event)) return; // this Enter ends a syllable
    const action = { Enter: submit, ArrowDown: leave }[event.key];
    if (!action) return;
    event.preventDefault();
    clearTimeout(timer);
    action(field.value);
  });
}

/** Offer completions of the last word. */
async function complete(search) {
  const typed = field.value;
  const word = /[^\s"()+:-]*$/u.exec(typed)[0];
  const found = word ? await ask('complete', { q: word }).catch(() => ({})) : {};
  if (field.value !== typed) return; // an answer to what is gone
  const terms = (found.completions ?? []).filter((term) => term !== word).slice(0, MOST_COMPLETIONS);
  replace(byId('completions'), terms.map((term) => button('', term, () => {
    field.value = typed.slice(0, typed.length - word.length) + term;
    field.focus();
    search(field.value);
    replace(byId('completions'));
  }, {}, term)));
}

// The timeline
const MOST_MONTHS = 36; // more: a bar for each year
const MOST_YEARS = 150; // more: only years that have passages

/** Return a bar for each year or month, and fields for dates; null without dates. */
export function timeline(page, facets) {
  const { axis } = page.state;
  const prefix = axis === 'date' ? '' : 'modified_';
  const [years, months] = ['year', 'month'].map((name) => facets[prefix + name] ?? []);
  const undated = years.find(({ value }) => !value)?.passages ?? 0;
  if (!years.length && !page.state[axis]) return null;
  const bars = periods(years, months);
  return h('section', {}, h('h2', {}, t(axis)), bars.length ? chart(page, bars) : null, dateFields(page), axisSwitch(page, undated));
}

function periods(...facets) {
  const [years, months] = facets.map((counts) => counts.filter(({ value }) => value));
  const isMonthly = months.every(({ value }) => value.length === 7);
  return (isMonthly && filled(months, MOST_MONTHS)) || filled(years, MOST_YEARS) || years;
}

/** Return counts with 0 for the periods between; null for more than `most`. */
function filled(counts, most) {
  const known = new Map(counts.map(({ value, passages }) => [value, passages]));
  const ordered = [...known.keys()].sort();
  const bars = [];
  for (let value = ordered[0]; value <= ordered.at(-1); value = following(value)) {
    bars.push({ value, passages: known.get(value) ?? 0 });
    if (bars.length > most) return null;
  }
  return bars;
}

function following(period) {
  const [year, month] = period.split('-');
  return month ? new Date(Date.UTC(year, month, 1)).toISOString().slice(0, 7) : String(Number(year) + 1).padStart(4, '0');
}

const rangeOf = (...ends) => [...new Set(ends)].join('..');

function isWithin(period, chosen) {
  const [first, last = first] = chosen.split('..');
  return chosen !== '' && period >= first.slice(0, period.length) && (!last || period <= last);
}

function chart(page, bars) {
  const { axis } = page.state;
  const chosen = page.state[axis];
  const most = Math.max(...bars.map(({ passages }) => passages));
  const caption = h('b', {}, chosen.replace('..', '–'));
  const buttons = bars.map(({ value, passages }, index) => {
    const bar = h('span');
    bar.style.height = passages ? `${Math.max(6, (100 * passages) / most)}%` : '0';
    return button('', `bar ${value}`, null, {
      tabindex: index ? '-1' : '0',
      'aria-pressed': String(isWithin(value, chosen)),
      'aria-label': `${value}, ${t('count', { n: passages })}`,
    }, bar);
  });
  const group = h('div.bars', { role: 'group', 'aria-label': t('timeline') }, buttons);
  makePickable(group, buttons, {
    say: (index) => (caption.textContent = `${bars[index].value} · ${shown(bars[index].passages)}`),
    pick(...ends) {
      const picked = rangeOf(...ends.map((index) => bars[index].value).sort());
      page.go({ [axis]: picked === chosen ? '' : picked, offset: '0' });
    },
  });
  return [group, h('div.ends', {}, h('span', {}, bars[0].value), caption, bars.length > 1 && h('span', {}, bars.at(-1).value))];
}

/** Call `pick` with both ends of a range, `say` with a bar pointed at. */
function makePickable(group, buttons, { say, pick }) {
  let [anchor, current] = [0, 0];
  const clamped = (index) => Math.max(0, Math.min(buttons.length - 1, index));
  const reach = (index, extending) => {
    current = clamped(index);
    if (!extending) anchor = current;
    const [low, high] = [anchor, current].sort((a, b) => a - b);
    buttons.forEach((each, place) => each.classList.toggle('picked', place >= low && place <= high));
    say(current);
  };
  const at = ({ clientX }) => {
    const { left, width } = group.getBoundingClientRect();
    return clamped(Math.floor(((clientX - left) / width) * buttons.length));
  };
  const listeners = {
    pointerdown(event) {
      if (event.button) return;
      group.setPointerCapture(event.pointerId);
      reach(at(event), event.shiftKey);
    },
    pointermove: (event) => (group.hasPointerCapture(event.pointerId) ? reach(at(event), true) : say(at(event))),
    pointerup: ({ pointerId }) => group.hasPointerCapture(pointerId) && pick(anchor, current),
    click({ detail, target }) {
      if (detail) return; // by the mouse, which has picked already
      listeners.focusin({ target }); // a screen reader clicks without it
      pick(anchor, current);
    },
    keydown(event) {
      const step = { ArrowLeft: -1, ArrowRight: 1, Home: -buttons.length, End: buttons.length }[event.key];
      if (!step) return;
      event.preventDefault();
      reach(current + step, event.shiftKey);
      buttons[current].focus();
    },
    focusin({ target }) {
      const focused = buttons.indexOf(target);
      buttons.forEach((each, place) => (each.tabIndex = place === focused ? 0 : -1));
      if (focused !== current) anchor = current = focused;
      say(focused);
    },
  };
  for (const [type, listener] of Object.entries(listeners)) group.addEventListener(type, listener);
}

function dateFields(page) {
  const { axis } = page.state;
  const [from, to = from] = page.state[axis].split('..');
  const ends = { from, to };
  const inputs = Object.entries(ends).map(([name, value]) => {
    const onchange = ({ target }) => {
      ends[name] = target.value.trim();
      if (target.validity.valid) page.go({ [axis]: rangeOf(ends.from, ends.to), offset: '0' });
    };
    const format = { placeholder: 'YYYY-MM', autocomplete: 'off', pattern: '\\d{4}(-\\d\\d){0,2}' };
    return h('label', {}, t(name), h('input', { ...format, value, 'data-key': name, onchange }));
  });
  return h('div.dates', {}, inputs);
}

function axisSwitch(page, undated) {
  const axis = page.state.axis === 'date' ? 'modified' : 'date';
  const change = () => page.go({ date: '', modified: '', axis, offset: '0' });
  return h('p.note', {}, undated ? t('undated', { n: undated }) : '', button('.link', 'axis', change, {}, t(`by_${axis}`)));
}
