/** The concordance: every place that matches on a line of its own, one below the other. */

import { h, link, mark, selectFrom } from './dom.js';
import { opened, selection } from './state.js';
import { t } from './messages.js';

export const LINES = 100; // at once
const WIDTHS = ['30', '60', '120'];

/** Return what to ask for. */
export function concordanceQuery(state) {
  const { sort, ...chosen } = selection(state);
  return { ...chosen, by: state.by, width: state.width, limit: LINES };
}

export function concordance(page, { lines, total }) {
  const { by, width } = page.state;
  const orders = ['position', 'left', 'right'].map((each) => [each, t(each)]);
  const titles = ['date', 'left_context', 'match', 'right_context', 'source'].map((name) => h(`th.${name}`, { scope: 'col' }, t(name)));
  return [
    h('div.bar', {}, h('p.note', {}, t('lines', { n: total })),
      selectFrom(t('sort'), by, orders, (chosen) => page.go({ by: chosen, offset: '0' })),
      selectFrom(t('width'), width, WIDTHS.map((n) => [n, t('width_n', { n })]), (chosen) => page.go({ width: chosen }))),
    h('table.kwic', { 'data-width': width }, h('thead', {}, h('tr', {}, titles)), h('tbody', {}, lines.map((line, index) => row(page, line, index)))),
  ];
}

function row(page, line, index) {
  const { left, match, right, crossed, title, path, date = '', words = [] } = line;
  const side = (name, text) => h(`td.${name}`, {}, h('div', {}, h('bdi', {}, text)));
  return h('tr.hit', {},
    h('td.date', {}, date.slice(0, 7)),
    side('left_context', left),
    h('td.match', {}, link(page, opened(line), '.title', `line ${index}`, mark(match, { word: words.join(' '), crossed }))),
    side('right_context', right),
    h('td.source', { title: path }, h('bdi', {}, title || path)));
}
