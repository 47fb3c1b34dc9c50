/** The trend of a word: how many passages and documents of each year or month have it. */

import { h, link } from './dom.js';
import { searched } from './state.js';
import { shown, t } from './messages.js';

export const trendQuery = ({ word, q, period }) => ({ q: searched(word || q), by: period });

export function trend(page, { counts, undated }, words = []) {
  const most = Math.max(...counts.map(({ passages }) => passages));
  return [
    wordChoice(page, words),
    counts.length ? table(page, counts, most) : h('p.blank', {}, t('no_trend')),
    undated ? h('p.note', {}, t('undated', { n: undated })) : null,
  ];
}

function wordChoice({ state }, words) {
  const typed = ['', ...new Set(words.map((each) => each.typed))];
  const options = typed.map((value) => h('option', { value, selected: value === state.word }, value || t('whole_query')));
  return typed.length > 2 ? h('p.bar', {}, h('select', { 'aria-label': t('words'), 'data-key': 'word', 'data-state': 'word' }, options)) : null;
}

function table(page, counts, most) {
  const titles = ['period', 'passages', 'in_documents'].map((name) => h('th', { scope: 'col' }, t(name)));
  const rows = counts.map(({ period, passages, documents }) => {
    const bar = h('div.length');
    bar.style.width = `${(100 * passages) / most}%`;
    const hits = { date: period, modified: '', axis: 'date', view: 'passages', offset: '0' };
    const numbers = [passages, documents].map((each) => h('td', {}, shown(each)));
    return h('tr', {}, h('th', { scope: 'row' }, passages ? link(page, hits, '', period, period) : period), numbers, h('td.graph', { 'aria-hidden': 'true' }, bar));
  });
  return h('table.trend', {}, h('thead', {}, h('tr', {}, titles, h('td'))), h('tbody', {}, rows));
}
