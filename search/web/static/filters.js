/** The filters: the timeline, facets with their counts, and what is in force. */

import { FILTERS, UNFILTERED } from './state.js';
import { button, h } from './dom.js';
import { named, shown, t } from './messages.js';
import { timeline } from './timeline.js';

const FACETS = { language: 'language', path: 'folder', filetype: 'filetype' };
const MOST = 8; // values of a facet

export const facetLists = (page, facets) => [
  timeline(page, facets),
  Object.entries(FACETS).map(([name, facet]) => values(page, name, facets[facet] ?? [])),
];

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
