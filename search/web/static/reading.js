/** What stands above the hits, how the query was read, and what is said without hits. */

import { FILTERS, UNFILTERED } from './state.js';
import { activeFilters } from './filters.js';
import { button, h, link, mark } from './dom.js';
import { t } from './messages.js';

export const head = (page, results) => [
  results.hits.length ? h('h1.totals', {}, totals(results), h('span.note', {}, t('took', { n: Math.ceil(results.took * 1000) }))) : null,
  activeFilters(page),
  translations(page, results.words ?? []),
  notes(page, results),
];

export const totals = ({ total: { passages, documents, exact } }) =>
  `${t(exact ? 'count' : 'count_more', { n: passages })}, ${t('documents', { n: documents })}`;

/** Return the translations that were searched for, each with a button that strikes it out. */
function translations(page, words) {
  const all = new Map(words.flatMap((word) => word.translations).map((each) => [`${each.asked} → ${each.other}`, each]));
  const groups = [...Map.groupBy(all, ([, { asked }]) => asked)];
  return groups.length ? h('ul.translations', { 'aria-label': t('crossed') }, groups.map(([asked, pairs]) => h('li', {},
    mark(asked), ' → ', pairs.map(([pair, each]) => [mark(each.other, { word: asked, crossed: true }),
      button('.cross', pair, () => page.strike(each), { title: t('strike'), 'aria-label': `${pair}: ${t('strike')}` }, '×')])))) : null;
}

function notes(page, { read_as: corrected = [], missing = [], partial = [] }) {
  const told = [
    ...corrected.map((each) => [t('read_as', each), ' ', link(page, { strict: '1' }, '', 'typed', t('as_typed'))]),
    ...missing.map((word) => t(partial.includes(word) ? 'partial' : 'missing', { word })),
  ];
  return told.length ? h('ul.notes', {}, told.map((each) => h('li', {}, each))) : null;
}

/** Return what is said without hits, with the steps that may help. */
export function nothing(page) {
  const isFiltered = FILTERS.some((name) => page.state[name]);
  const step = (isUseful, changes, name) => (isUseful ? h('p', {}, link(page, changes, '.step', name, t(name))) : null);
  return h('div.blank', {}, h('h1', {}, t('nothing')), h('p', {}, t(isFiltered ? 'nothing_filtered' : 'nothing_hint')),
    step(isFiltered, UNFILTERED, 'clear'),
    step(page.state.mode === 'phrase', { mode: 'words' }, 'nothing_phrase'),
    step(page.state.bridge === '0', { bridge: '1' }, 'bridge'));
}

export function failure(page, { status, message, hint }) {
  const told = status ? [message, hint] : [t('silent'), t('silent_hint')];
  return h('div.blank', { role: 'alert' }, h('h2', {}, t('failed')), told.map((each) => h('p', {}, each ?? '')),
    button('.step', 'retry', () => page.reload(), {}, t('retry')));
}

export const facts = ({ name, documents, passages, years = [] }) => [
  h('bdi', {}, name), ...[t('documents', { n: documents }), t('count', { n: passages }), [...new Set(years)].join('–')].map((each) => each && ` · ${each}`),
];
