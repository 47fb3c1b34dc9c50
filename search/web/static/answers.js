/** The state of the page, what it asks the server, and how each answer is shown. */

import { address, button, excerpt, h, link, mark, marked, named, replace, shown, t, timeline } from './elements.js';

// The state of the page is its address, so that Back, reload and links work.
const FILTERED = { language: '', path: '', filetype: '', date: '', modified: '' };
const READ = { mode: 'words', bridge: '1', strict: '0' }; // how a query is read; a trend has only one way
const LISTED = { sort: 'score', per_document: '', fold_copies: '1', offset: '0' }; // for a list of passages only
const DEFAULTS = {
  q: '', ...READ, ...FILTERED, ...LISTED,
  axis: 'date', // of the timeline; modified: the times of files
  view: 'passages', // or kwic, trend
  by: 'position', // the order of the concordance
  width: '60', // its characters on each side
  period: 'year', // of the trend
  word: '', // of the trend; none is the whole query
  doc: '', // the document in the preview
  file: '', // its path, which the id of a row does not tell
  ordinal: '0', // its passage
  whole: '', // 1 for all of it
  like: '', like_file: '', like_ordinal: '0', // the passage that others should be similar to
};
const CHOICES = { view: ['kwic', 'trend'], axis: ['modified'] }; // beside the defaults
const FILTERS = Object.keys(FILTERED);
export const PAGE_SIZE = 20;
const LINES = 100; // of a concordance at once
const AT_ONCE = 200; // passages of a whole document

/** Changes: no filters, no document, a new query. */
const UNFILTERED = { ...FILTERED, offset: '0' };
export const CLOSED = { doc: '', file: '', ordinal: '0', whole: '' };
export const FRESH = { offset: '0', word: '', like: '', like_file: '', like_ordinal: '0', ...CLOSED };

const opened = ({ document, path, ordinal }) => ({ ...CLOSED, doc: document, file: path, ordinal: String(ordinal) });

export function parse(text) {
  const given = [...new URLSearchParams(text)].filter(([name, value]) => (CHOICES[name] ?? [value]).includes(value) && name in DEFAULTS);
  return { ...DEFAULTS, ...Object.fromEntries(given) };
}

const differing = (state, defaults) =>
  Object.fromEntries(Object.keys(defaults).filter((name) => state[name] !== defaults[name]).map((name) => [name, state[name]]));

/** Return the address of a state, without its defaults. */
export const format = (state) => `?${new URLSearchParams(differing(state, DEFAULTS))}`;

/** Return the arguments of a search, as far as its view takes them. */
export function selection(state) {
  const { q, view } = state;
  const taken = { ...FILTERED, ...(view !== 'trend' && READ), ...(view === 'passages' && LISTED) };
  return { ...differing(state, taken), q: searched(q) };
}

/** Return a query without the lone consonant of a syllable that is not typed to its end. */
const searched = (query) => query.replace(/(?<=^|[가-힣\s])[ㄱ-ㅎ]$/u, '').trim();

// Above the hits
export const head = (page, results) => [
  results.hits.length ? h('h1.totals', {}, totals(results), h('span.note', {}, t('took', { n: Math.ceil(results.took * 1000) }))) : null,
  activeFilters(page),
  translations(page, results.words ?? []),
  notes(page, results),
];

export const totals = ({ total: { passages, documents, exact } }) =>
  `${t(exact ? 'count' : 'count_more', { n: passages })}, ${t('documents', { n: documents })}`;

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

/** Return what to do without hits. */
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
  quoted(name), ' · ', [t('documents', { n: documents }), t('count', { n: passages }), [...new Set(years)].join('–')].filter(Boolean).join(' · '),
];

// The filters
const FACETS = { language: 'language', path: 'folder', filetype: 'filetype' };
const MOST = 8; // values of a facet

export const facetLists = (page, facets) => [
  timeline(page, facets),
  Object.entries(FACETS).map(([name, facet]) => values(page, name, facets[facet] ?? [])),
];

function values(page, name, counts) {
  const chosen = page.state[name];
  const rows = counts.filter(({ value }) => value).slice(0, MOST).map(({ value, passages }) => [asFilter(name, value), value, passages]);
  if (chosen && !rows.some(([filter]) => filter === chosen)) rows.unshift([chosen, chosen, '×']);
  if (!rows.length) return null;
  const items = rows.map(([filter, value, passages]) => {
    const isChosen = filter === chosen;
    const choose = () => page.go({ [name]: isChosen ? '' : filter, offset: '0' });
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

function activeFilters(page) {
  const active = FILTERS.filter((name) => page.state[name]);
  if (!active.length) return null;
  const chips = active.map((name) => {
    const what = nameOf(name, page.state[name]);
    return button('.chip', `drop ${name}`, () => page.go({ [name]: '', offset: '0' }),
      { 'aria-label': t('remove', { what: `${t(name)} ${what}` }) }, `${t(name)} `, h('b', {}, what), h('span.cross', {}, '×'));
  });
  return h('div.active', { role: 'group', 'aria-label': t('filters') }, chips, button('.link', 'clear', () => page.go(UNFILTERED), {}, t('clear')));
}

// The hits
const hitList = (page, { hits, words = [], missing = [], total }) => [
  h('ol.hits', { start: hits[0].rank }, hits.map((hit) => h('li.hit', {},
    h('h2', {}, link(page, opened(hit), '.title', `hit ${hit.rank}`, titleOf(hit))),
    h('p.meta', {}, placeOf(hit)),
    h('p.excerpt', { lang: languageOf(hit) }, excerpt(hit.text, hit.matches, headingLength(hit))),
    reason(hit, words.filter(({ typed }) => !missing.includes(typed))),
    copies(hit.copies)))),
  pages(page, hits.length, PAGE_SIZE, total.passages, total.exact),
];

const quoted = (text, name = '') => h(`bdi${name}`, {}, text);

// A mixed text has no language of its own.
const languageOf = ({ language }) => (language === 'mixed' ? null : language || null);

/** Return how many code points of a passage repeat its heading. */
function headingLength({ text, heading, title }) {
  const repeated = [heading, title].find((each) => each && text.startsWith(`${each}\n`));
  return repeated ? [...repeated, ...text.slice(repeated.length).match(/^\s+/)[0]].length : 0;
}

const titleOf = ({ title, path, heading }) => [
  quoted(title || path), heading && heading !== title ? h('span.heading', {}, quoted(heading)) : null,
];

const placeOf = ({ path, date, language, ocr, ...passage }) => [
  quoted(path, '.path'),
  h('span', {}, place(passage)),
  date ? h('time', {}, date) : null,
  language ? h('span', {}, named(language)) : null,
  ocr ? h('span', {}, t('ocr')) : null,
];

const place = ({ unit = 'line', line, label }) => t(unit, { n: label || line });

/** Say why a hit was found, if that is not plain, and what it lacks. */
function reason({ why, bridged }, words) {
  const has = ({ typed, understood }) => typed in why || understood in why || bridged.some(({ asked }) => asked.includes(typed));
  const lacking = words.filter((word) => word.terms.length && !has(word));
  const direct = Object.keys(why).filter((word) => !bridged.some(({ asked }) => asked === word));
  if (!bridged.length && !lacking.length && direct.length < 2) return null;
  return h('ul.reason', {}, [
    ...direct.map((word) => mark(word)),
    ...bridged.map(({ asked, other, source }) => [
      mark(other, { word: asked, crossed: true }), ` ← ${asked} · ${named(`source_${source}`, source)}`,
    ]),
    ...lacking.map(({ typed }) => [`${t('without')} `, h('s', {}, typed)]),
  ].map((item) => h('li', {}, item)));
}

const copies = ({ number, paths }) =>
  number ? h('details.copies', {}, h('summary', {}, t('copies', { n: number })), paths.map((path) => h('div', {}, quoted(path)))) : null;

function pages(page, count, size, total, exact) {
  const offset = Number(page.state.offset);
  const isMore = count === size && (!exact || offset + count < total);
  if (!offset && !isMore) return null;
  const to = (name, start, isThere) =>
    isThere ? link(page, { ...CLOSED, offset: String(Math.max(0, start)) }, '', name, t(name)) : h('span');
  return h('nav.pages', { 'aria-label': t('pages') },
    to('previous', offset - size, offset), h('span', {}, t('range', { a: offset + 1, b: offset + count })), to('next', offset + size, isMore));
}

const table = (name, properties, columns, rows) =>
  h(`table.${name}`, properties, h('thead', {}, h('tr', {}, columns.map((each) => h(`th.${each}`, { scope: 'col' }, t(each))))), h('tbody', {}, rows));

// The concordance
const concordanceQuery = (state) => ({ ...selection(state), offset: state.offset, by: state.by, width: state.width, limit: LINES });

const concordance = (page, { lines, total, exact }) => [
  h('p.note', {}, t(exact ? 'lines' : 'lines_more', { n: total })),
  table('kwic', { 'data-width': page.state.width }, ['date', 'left_context', 'match', 'right_context', 'source'],
    lines.map((line, index) => row(page, line, index))),
  pages(page, lines.length, LINES, total, exact),
];

function row(page, line, index) {
  const { left, match, right, crossed, title, path, date = '', words = [] } = line;
  const side = (name, text) => h(`td.${name}`, {}, h('div', {}, quoted(text)));
  return h('tr.hit', {},
    h('td.date', {}, date.slice(0, 7)),
    side('left_context', left),
    h('td.match', {}, link(page, opened(line), '.title', `line ${index}`, mark(match, { word: words.join(' '), crossed }))),
    side('right_context', right),
    h('td.source', { title: path }, quoted(title || path)));
}

// The trend
const trendQuery = (state) => ({ ...selection({ ...state, q: state.word || state.q }), by: state.period });

const trend = (page, { counts, undated }, words = []) => [
  wordChoice(page, words),
  counts.length ? courseOf(page, counts) : h('p.blank', {}, t('no_trend')),
  undated ? h('p.note', {}, t('undated', { n: undated })) : null,
];

function wordChoice({ state }, words) {
  const typed = ['', ...new Set(words.map((each) => each.typed))];
  const options = typed.map((value) => h('option', { value, selected: value === state.word }, value || t('whole_query')));
  return typed.length > 2 ? h('p.bar', {}, h('select', { 'aria-label': t('words'), 'data-key': 'word', 'data-state': 'word' }, options)) : null;
}

function courseOf(page, counts) {
  const most = Math.max(...counts.map(({ passages }) => passages));
  return table('trend', {}, ['period', 'passages', 'in_documents'], counts.map(({ period, passages, documents }) => {
    const bar = h('div.length');
    bar.style.width = `${(100 * passages) / most}%`;
    const hits = { date: period, axis: 'date', view: 'passages', offset: '0' };
    const numbers = [passages, documents].map((each) => h('td', {}, shown(each)));
    return h('tr', {}, h('th', { scope: 'row' }, passages ? link(page, hits, '', period, period) : period), numbers, h('td.graph', { 'aria-hidden': 'true' }, bar));
  }));
}

/** The question of each view beside the search, and what shows its answer. */
export const VIEWS = {
  passages: { show: hitList }, kwic: { question: concordanceQuery, show: concordance }, trend: { question: trendQuery, show: trend },
};

// The document

/** Return what to ask for, of a whole document from a passage on. */
export function documentQuery({ doc, file, ordinal, whole, q, mode }, from = ordinal - (ordinal % AT_ONCE)) {
  const own = { id: doc, path: file, q: searched(q), mode };
  return whole ? { ...own, around: 'all', from, limit: AT_ONCE } : { ...own, ordinal, around: 2 };
}

export function showDocument(page, container, answer) {
  const { passages, title, path, unit, metadata = {} } = answer;
  const chosen = passages.find(({ ordinal }) => String(ordinal) === page.state.ordinal);
  const [first, end] = [passages[0].ordinal, passages.at(-1).ordinal + 1];
  const more = (from) => button('.step', `more ${from}`, () => page.readMore(answer, from), {}, t('more'));
  replace(container,
    h('div.head', {},
      button('.quiet.round.close', 'close', () => page.close(), { 'aria-label': t('close') }, '×'),
      h('h2', { tabindex: '-1' }, quoted(title || path)),
      h('p.meta', {}, placeOf({ ...answer, ...chosen })),
      actions(page, answer)),
    h('dl.metadata', {}, Object.entries(metadata).map(([name, value]) => [h('dt', {}, quoted(name)), h('dd', {}, quoted(value))])),
    first && page.state.whole ? more(Math.max(0, first - AT_ONCE)) : null,
    h('div', { lang: languageOf(answer) }, passages.map((each) => passage({ ...each, unit }, each === chosen))),
    end < answer.total_passages && page.state.whole ? more(end) : null);
}

function actions(page, { document, path, has_file }) {
  const { whole, ordinal } = page.state;
  const like = { like: document, like_file: path, like_ordinal: ordinal, view: 'passages', offset: '0' };
  return h('p.actions', {},
    link(page, { whole: whole ? '' : '1' }, '', 'whole', t(whole ? 'around' : 'whole')),
    link(page, like, '', 'similar', t('similar')),
    has_file && h('a', { href: address('original', { id: document, path }), download: '' }, t('original')));
}

function passage(own, isChosen) {
  const { text, matches, heading } = own;
  const length = headingLength(own);
  return h(isChosen ? 'section.passage.chosen' : 'section.passage', {},
    heading ? h('h3', {}, length ? marked(text, matches, 0, length) : quoted(heading)) : null,
    h('p', {}, marked(text, matches, length)),
    h('span.note', {}, place(own)));
}
