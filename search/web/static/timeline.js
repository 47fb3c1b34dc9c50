/** The timeline: a bar for each year or month, from which a range is picked with the mouse or keys. */

import { button, h } from './dom.js';
import { shown, t } from './messages.js';

const MOST_MONTHS = 36; // more: a bar for each year
const MOST_YEARS = 150; // more: only years that have passages

/** Return the timeline of the facets, with fields for exact dates; null without dates. */
export function timeline(page, facets) {
  const { axis } = page.state;
  const prefix = axis === 'date' ? '' : 'modified_';
  const [years, months] = ['year', 'month'].map((name) => facets[prefix + name] ?? []);
  const undated = years.find(({ value }) => !value)?.passages ?? 0;
  if (!years.length && !page.state[axis]) return null;
  const bars = periods(years, months);
  return h('section', {}, h('h2', {}, t(axis)), bars.length ? chart(page, bars) : null, dateFields(page), axisSwitch(page, undated));
}

/** Return the periods from the first to the last that have passages, those between with 0. */
export function periods(...facets) {
  const [years, months] = facets.map((counts) => counts.filter(({ value }) => value));
  const isMonthly = months.every(({ value }) => value.length === 7);
  return (isMonthly && filled(months, nextMonth, MOST_MONTHS)) || filled(years, nextYear, MOST_YEARS) || years;
}

/** Return counts with the periods that they leave out; null for more than `most`. */
function filled(counts, next, most) {
  const known = new Map(counts.map(({ value, passages }) => [value, passages]));
  const ordered = [...known.keys()].sort();
  const bars = [];
  for (let value = ordered[0]; value <= ordered.at(-1); value = next(value)) {
    bars.push({ value, passages: known.get(value) ?? 0 });
    if (bars.length > most) return null;
  }
  return bars;
}

const nextYear = (year) => String(Number(year) + 1).padStart(4, '0');

function nextMonth(value) {
  const [year, month] = value.split('-').map(Number);
  return new Date(Date.UTC(year, month, 1)).toISOString().slice(0, 7);
}

const range = (...ends) => [...new Set(ends.sort())].join('..');

/** Tell whether a period is in a range, or a part of it. */
export function isWithin(period, chosen) {
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
      const picked = range(...ends.map((index) => bars[index].value));
      page.go({ [axis]: picked === chosen ? '' : picked, offset: '0' });
    },
  });
  const [first, last] = [bars[0].value, bars.length > 1 ? bars.at(-1).value : ''];
  return [group, h('div.ends', {}, h('span', {}, first), caption, h('span', {}, last))];
}

/** Call `pick` with both ends of a range, and `say` with each bar that is pointed at. */
function makePickable(group, buttons, { say, pick }) {
  let [anchor, current, isDown] = [0, 0, false];
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
      isDown = true;
      group.setPointerCapture(event.pointerId);
      reach(at(event), event.shiftKey);
    },
    pointermove: (event) => (isDown ? reach(at(event), true) : say(at(event))),
    pointerup() {
      if (isDown) pick(anchor, current);
      isDown = false;
    },
    pointercancel: () => (isDown = false),
    click({ detail, target }) {
      const index = buttons.indexOf(target);
      if (!detail) pick(index, index); // by a screen reader: neither the mouse nor a key was pressed
    },
    keydown(event) {
      const step = { ArrowLeft: -1, ArrowRight: 1, Home: -buttons.length, End: buttons.length }[event.key];
      if (step) {
        reach(current + step, event.shiftKey);
        buttons[current].focus();
      } else if (/^(Enter| )$/.test(event.key)) pick(anchor, current);
      else return;
      event.preventDefault();
    },
    focusin({ target }) {
      const focused = buttons.indexOf(target);
      buttons.forEach((each, place) => (each.tabIndex = place === focused ? 0 : -1));
      if (!isDown && focused !== current) anchor = current = focused;
      say(focused);
    },
  };
  for (const [type, listener] of Object.entries(listeners)) group.addEventListener(type, listener);
}

function dateFields(page) {
  const { axis } = page.state;
  const [first, last = first] = page.state[axis].split('..');
  const fields = { from: first, to: last };
  const inputs = Object.entries(fields).map(([name, value]) => {
    const onchange = ({ target }) => {
      fields[name] = target.value.trim();
      if (target.validity.valid) page.go({ [axis]: fields.from === fields.to ? fields.to : `${fields.from}..${fields.to}`, offset: '0' });
    };
    const format = { placeholder: 'YYYY-MM', inputmode: 'numeric', autocomplete: 'off', pattern: '\\d{4}(-\\d\\d){0,2}' };
    return h('label', {}, t(name), h('input', { ...format, value, 'data-key': name, onchange }));
  });
  return h('div.dates', {}, inputs);
}

/** Say how many have no date, and offer the times of their files instead. */
function axisSwitch(page, undated) {
  const axis = page.state.axis === 'date' ? 'modified' : 'date';
  const change = () => page.go({ date: '', modified: '', axis, offset: '0' });
  return h('p.note', {}, undated ? t('undated', { n: undated }) : '', button('.link', 'axis', change, {}, t(`by_${axis}`)));
}
