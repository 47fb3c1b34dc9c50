/** The page: asks the server for what changed in its state, and shows the answers. */

import { CLOSED, FRESH, PAGE_SIZE, format, parse, selection } from './state.js';
import { LINES, concordance, concordanceQuery } from './concordance.js';
import { address, ask, send } from './api.js';
import { button, byId, h, link, replace } from './dom.js';
import { documentQuery, goToMatch, scrollToChosen, showDocument } from './preview.js';
import { failure, head, nothing, totals, welcome } from './reading.js';
import { hitList, pages } from './results.js';
import { interfaceLanguage, speak, t, translatePage } from './messages.js';
import { listen, showHelp } from './keys.js';
import { listenToTyping, showHints } from './typing.js';
import { showFilters } from './filters.js';
import { trend, trendQuery } from './trend.js';

const SLOW = 200; // milliseconds after which a search is said to go on
const UNDO_SHOWN = 15_000; // milliseconds in which a struck translation can be brought back
// The facets that a filter narrows are counted without it, so that another value can be chosen.
const NARROWED = {
  language: ['language'], filetype: ['filetype'], date: ['year', 'month'], modified: ['modified_year', 'modified_month'],
};

const [field, filters, results, preview, toast] = ['q', 'filters', 'results', 'preview', 'toast'].map(byId);
const isNarrow = matchMedia('(max-width: 70rem)'); // the preview lies over the hits

let answers = {}; // by what they are for: the question as an address, and the answer
let running = new AbortController();
let isTyping = false;
let hiding = 0;

const page = {
  state: parse(location.search),

  /** Return the address of a changed state. */
  href: (changes) => format({ ...page.state, ...changes }),

  /** Change the state; unless it `replaces` the one before, Back returns there. */
  go(changes, replaces = Boolean(changes.doc && page.state.doc)) {
    const [from, to] = [page.href({}), page.href(changes)];
    Object.assign(page.state, changes);
    if (from !== to) history[replaces ? 'replaceState' : 'pushState'](null, '', to);
    return update();
  },

  /** Close the document; the focus returns to its hit. */
  async close() {
    const open = results.querySelector('[aria-current=true]');
    await page.go(CLOSED);
    open?.focus();
  },

  reload() {
    answers = {};
    return update();
  },

  /** Show more of the whole document, from an ordinal on. */
  async readMore(from) {
    const { passages } = await ask('document', documentQuery(page.state, from));
    const { answer: shown } = answers.document;
    const all = new Map([...shown.passages, ...passages].map((each) => [each.ordinal, each]));
    shown.passages = [...all.values()].sort((a, b) => a.ordinal - b.ordinal);
    showDocument(page, preview, shown);
  },

  /** Strike a wrong translation out, and offer to bring it back; or do that. */
  async strike(pair, action = 'strike') {
    const { asked, other } = pair;
    const [korean, english] = /[가-힣]/.test(asked) ? [asked, other] : [other, asked];
    try {
      await send(action, { korean, english });
    } catch ({ status, message, hint = '' }) {
      return tell(status ? `${message} ${hint}` : t('silent'));
    }
    const undo = button('.link', 'undo', () => page.strike(pair, 'unstrike'), {}, t('undo'));
    if (action === 'strike') tell(t('struck', { pair: `${asked} → ${other}` }), ' ', undo);
    else toast.hidden = true;
    return page.reload();
  },
};

function tell(...message) {
  clearTimeout(hiding);
  replace(toast, message);
  toast.hidden = false;
  hiding = setTimeout(() => (toast.hidden = true), UNDO_SHOWN);
}

async function update() {
  running.abort();
  const { signal } = (running = new AbortController());
  const slow = setTimeout(setBusy, SLOW, true);
  showControls();
  const parts = [[updateResults, results], [updateDocument, preview]];
  await Promise.all(parts.map(([part, container]) => part(page.state, signal).catch((error) => {
    if (error.name === 'AbortError') return;
    if (error.status === undefined) throw error;
    replace(container, failure(page, error));
  })));
  clearTimeout(slow);
  if (!signal.aborted) setBusy(false);
}

function setBusy(isBusy) {
  byId('progress').hidden = !isBusy;
  results.ariaBusy = String(isBusy);
}

function showControls() {
  const { q, mode, view, like } = page.state;
  if (!isTyping) field.value = q;
  document.title = q ? `${q} · 찾아` : '찾아 Chaja';
  document.body.className = q || like ? `view-${view}` : 'start';
  for (const each of byId('modes').children) each.ariaPressed = String(each.value === mode);
}

/** Return an answer; the last question for a purpose is not asked again. */
async function answer(purpose, name, parameters, signal) {
  const question = address(name, parameters);
  if (answers[purpose]?.question !== question) {
    answers[purpose] = { question, answer: await ask(name, parameters, { signal }) };
  }
  signal.throwIfAborted();
  return answers[purpose].answer;
}

async function updateResults(state, signal) {
  const asked = selection(state);
  if (!asked.q && !state.like) {
    const info = await answer('info', 'info', {}, signal);
    replace(filters);
    return replace(results, welcome(info));
  }
  const [found, view, ...others] = await Promise.all([hits(state, signal), viewed(state, signal), ...otherFacets(state, signal)]);
  showFilters(page, filters, Object.assign({}, found.facets, ...others));
  const shown = found.hits.length ? body(state, found, view) : nothing(page);
  replace(results, similarTo(state), head(page, found), shown);
  byId('status').textContent = found.hits.length ? totals(found) : t('nothing');
  return markOpenHit();
}

function hits(state, signal) {
  const { like: id, like_file: path, like_ordinal: ordinal } = state;
  if (id) return answer('hits', 'similar', { id, path, ordinal, limit: PAGE_SIZE }, signal);
  return answer('hits', 'search', { ...selection(state), limit: PAGE_SIZE, facets: 1 }, signal);
}

function viewed(state, signal) {
  const questions = { kwic: concordanceQuery, trend: trendQuery };
  return questions[state.view] && answer('view', state.view, questions[state.view](state), signal);
}

/** Ask for each facet that a filter narrows, without that filter. */
function otherFacets(state, signal) {
  return Object.keys(NARROWED).filter((name) => state[name] && !state.like).map(async (name) => {
    const asked = { ...selection({ ...state, [name]: '', offset: '0' }), limit: 1, facets: 1 };
    const { facets } = await answer(name, 'search', asked, signal);
    return Object.fromEntries(NARROWED[name].map((facet) => [facet, facets[facet]]));
  });
}

function similarTo({ like, doc, file, ordinal }) {
  const back = link(page, { ...FRESH, doc, file, ordinal }, '', 'back', t('back'));
  return like ? h('p.notes', {}, t('similar_to'), ' ', h('bdi', {}, like), ' · ', back) : null;
}

function body({ view }, found, shown) {
  if (view === 'trend') return trend(page, shown, found.words);
  const isPassages = view === 'passages';
  const { total, lines, exact } = isPassages ? { total: found.total.passages, lines: found.hits, exact: found.total.exact } : shown;
  return [
    isPassages ? hitList(page, found) : concordance(page, shown),
    pages(page, { count: lines.length, total, exact, size: isPassages ? PAGE_SIZE : LINES }),
  ];
}

async function updateDocument(state, signal) {
  const { doc } = state;
  const isOver = isNarrow.matches && Boolean(doc);
  for (const each of [document.querySelector('header'), filters, results]) each.inert = isOver;
  markOpenHit();
  if (!doc) return showDocument(page, preview, null);
  const before = answers.document?.answer;
  const shown = await answer('document', 'document', documentQuery(state), signal);
  showDocument(page, preview, shown);
  if (shown === before) return null;
  if (isOver) preview.querySelector('h2').focus();
  else byId('status').textContent = `${t('preview')}: ${shown.title}`;
  return scrollToChosen(preview);
}

function markOpenHit() {
  const open = page.state.doc && page.href({ whole: '' });
  for (const each of results.querySelectorAll('.title')) {
    each.ariaCurrent = each.getAttribute('href') === open ? 'true' : null;
  }
}

/** Go to the next hit, or to the one before; an open document follows. */
function moveHit(step) {
  const titles = [...results.querySelectorAll('.title')];
  const focused = titles.indexOf(document.activeElement);
  const from = focused < 0 ? titles.findIndex((each) => each.ariaCurrent) : focused;
  const next = titles[Math.max(0, Math.min(titles.length - 1, from + step))];
  next?.focus();
  if (next && page.state.doc && !isNarrow.matches) next.click();
  return true;
}

const toggle = (name, on, off) => () => page.go({ [name]: page.state[name] === on ? off : on, offset: '0' });
const clickOn = (key) => document.querySelector(`[data-key="${key}"]`)?.click() ?? true;

listen({
  search: () => field.select() ?? true,
  hits: (index) => moveHit(index ? -1 : 1),
  close: () => page.state.doc && !byId('keys').open && page.close(),
  whole: () => clickOn('whole'),
  matches: (index) => goToMatch(preview, index ? -1 : 1) ?? true,
  similar: () => clickOn('similar'),
  mode: toggle('mode', 'words', 'phrase'),
  bridge: toggle('bridge', '1', '0'),
  views: (index) => clickOn(['passages', 'kwic', 'trend'][index]),
  pages: (index) => clickOn(['previous', 'next'][index]),
  filters() {
    const details = filters.querySelector('details');
    if (details) details.open = true;
    (filters.querySelector('.facet') ?? field).focus();
    return true;
  },
  timeline: () => filters.querySelector('.bars [tabindex="0"]')?.focus() ?? true,
  export: () => clickOn('export'),
  interface: () => byId('interface').click() ?? true,
  help: showHelp,
});

listenToTyping({
  search(q) {
    const isContinued = isTyping;
    isTyping = true;
    page.go({ ...FRESH, q }, isContinued);
  },
  async submit(q) {
    isTyping = false;
    await page.go(q === page.state.q ? {} : { ...FRESH, q });
    moveHit(1);
  },
  leave: () => moveHit(1),
});
field.addEventListener('blur', () => (isTyping = false));
byId('modes').addEventListener('click', ({ target }) => target.value && page.go({ mode: target.value, offset: '0' }));
byId('help').addEventListener('click', showHelp);
byId('home').addEventListener('click', (event) => {
  event.preventDefault();
  isTyping = false;
  page.go(parse(''));
  field.focus();
});
byId('interface').addEventListener('click', async () => {
  await speak(interfaceLanguage() === 'ko' ? 'en' : 'ko');
  showInterface();
  update();
});
addEventListener('popstate', () => {
  isTyping = false;
  page.state = parse(location.search);
  update();
});
isNarrow.addEventListener('change', update);

function showInterface() {
  translatePage();
  field.placeholder = t('placeholder');
  showHints();
}

showInterface();
update();
