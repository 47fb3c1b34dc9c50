/** The column of filters: the timeline, facets with their counts, and options of the search. */

import { FILTERS, UNFILTERED } from './state.js';
import { button, h, replace } from './dom.js';
import { named, shown, t } from './messages.js';
import { timeline } from './timeline.js';

const FACETS = { language: 'language', path: 'folder', filetype: 'filetype' };
const MOST = 8; // values of a facet
// The value of an option when it is checked, and when it is not.
const OPTIONS = { bridge: ['1', '0'], fold_copies: ['1', '0'], per_document: ['1', ''], strict: ['1', '0'] };

/** Show the filters, with the facets of the results. */
export function showFilters(page, container, facets) {
  const open = container.querySelector('details')?.open ?? matchMedia('(min-width: 50rem)').matches;
  const count = FILTERS.filter((name) => page.state[name]).length;
  replace(container, h('details', { open },
    h('summary', {}, t('filters'), count ? ` (${count})` : ''),
    timeline(page, facets),
    Object.entries(FACETS).map(([name, facet]) => values(page, name, facets[facet] ?? [])),
    h('fieldset', {}, h('legend', {}, t('options')), Object.entries(OPTIONS).map(([name, states]) => option(page, name, states)))));
}

function values(page, name, counts) {
  const rows = counts.filter(({ value }) => value).slice(0, MOST);
  const chosen = page.state[name];
  if (chosen && !rows.some(({ value }) => asFilter(name, value) === chosen)) rows.unshift({ value: chosen, passages: '×' });
  if (!rows.length) return null;
  const items = rows.map(({ value, passages }) => {
    const isChosen = asFilter(name, value) === chosen;
    const choose = () => page.go({ [name]: isChosen ? '' : asFilter(name, value), offset: '0' });
    return h('li', {}, button('.facet', `${name}=${value}`, choose, { 'aria-pressed': String(isChosen) },
      h('span.name', {}, nameOf(name, value)), h('span.number', {}, shown(passages))));
  });
  return h('section', {}, h('h2', {}, t(name)), h('ul', { 'aria-label': t(name) }, items));
}

// A filter is any part of a path: the slash keeps en/ apart from english/.
const asFilter = (name, value) => (name === 'path' ? `${value.replace(/\/$/, '')}/` : value);

function nameOf(name, value) {
  if (name === 'language') return named(value);
  return name === 'filetype' ? value.toUpperCase() : value.replace('..', '–');
}

function option(page, name, [on, off]) {
  const onchange = ({ target }) => page.go({ [name]: target.checked ? on : off, offset: '0' });
  return h('label.option', {}, h('input', { type: 'checkbox', 'data-key': name, checked: page.state[name] === on, onchange }), t(name));
}

/** Return the filters in force, each as a button that takes it away; null if there are none. */
export function activeFilters(page) {
  const active = FILTERS.filter((name) => page.state[name]);
  if (!active.length) return null;
  const chips = active.map((name) => {
    const what = nameOf(name, page.state[name]);
    return button('.chip', `drop ${name}`, () => page.go({ [name]: '', offset: '0' }),
      { 'aria-label': t('remove', { what: `${t(name)} ${what}` }) }, `${t(name)} `, h('b', {}, what), h('span.cross', {}, '×'));
  });
  const clear = button('.link', 'clear', () => page.go(UNFILTERED), {}, t('clear'));
  return h('div.active', { role: 'group', 'aria-label': t('filters') }, chips, clear);
}
