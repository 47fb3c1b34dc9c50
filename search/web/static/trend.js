/** The trend of a word: how many passages and documents of each year or month have it. */

import { choices, h, link, selectFrom } from './dom.js';
import { searched } from './state.js';
import { shown, t } from './messages.js';

/** Return what to ask for. */
export const trendQuery = ({ word, q, period }) => ({ q: searched(word || q), by: period });

export function trend(page, { counts, undated }, words = []) {
  const { word, period, q } = page.state;
  const typed = ['', ...new Set(words.map((each) => each.typed))];
  const most = Math.max(...counts.map(({ passages }) => passages));
  return [
    h('div.bar', {},
      typed.length > 2 ? selectFrom(t('words'), word, typed.map((each) => [each, each || t('whole_query')]), (chosen) => page.go({ word: chosen })) : h('b', {}, q),
      choices(t('period'), period, ['year', 'month'].map((each) => [each, t(each)]), (chosen) => page.go({ period: chosen }))),
    counts.length ? table(page, counts, most) : h('p.blank', {}, t('no_trend')),
    undated ? h('p.note', {}, t('undated', { n: undated })) : null,
  ];
}

function table(page, counts, most) {
  const titles = ['period', 'passages', 'preview'].map((name) => h('th', { scope: 'col' }, t(name)));
  const rows = counts.map(({ period, passages, documents }) => {
    const bar = h('div.length');
    bar.style.width = `${(100 * passages) / most}%`;
    const hits = { date: period, modified: '', axis: 'date', view: 'passages', offset: '0' };
    const numbers = [passages, documents].map((each) => h('td', {}, shown(each)));
    return h('tr', {}, h('th', { scope: 'row' }, link(page, hits, '', period, period)), numbers, h('td.graph', { 'aria-hidden': 'true' }, bar));
  });
  return h('table.trend', {}, h('thead', {}, h('tr', {}, titles, h('td'))), h('tbody', {}, rows));
}
