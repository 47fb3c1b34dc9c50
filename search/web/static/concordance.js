/** The concordance: every place that matches on a line of its own, one below the other. */

import { h, link, mark } from './dom.js';
import { opened, selection } from './state.js';
import { pages } from './results.js';
import { t } from './messages.js';

const LINES = 100; // at once

export function concordanceQuery(state) {
  const { sort, ...chosen } = selection(state);
  return { ...chosen, by: state.by, width: state.width, limit: LINES };
}

export function concordance(page, { lines, total, exact }) {
  const titles = ['date', 'left_context', 'match', 'right_context', 'source'].map((name) => h(`th.${name}`, { scope: 'col' }, t(name)));
  return [
    h('p.note', {}, t(exact ? 'lines' : 'lines_more', { n: total })),
    h('table.kwic', { 'data-width': page.state.width }, h('thead', {}, h('tr', {}, titles)), h('tbody', {}, lines.map((line, index) => row(page, line, index)))),
    pages(page, lines.length, LINES, total, exact),
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
