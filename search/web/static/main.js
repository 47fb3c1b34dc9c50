/** The page: asks for what changed in its state, and shows the answers. */

import {
  CLOSED, FRESH, PAGE_SIZE, VIEWS, documentQuery, facetLists, facts, failure, format, head, nothing, parse, selection, showDocument, totals,
} from './answers.js';
import { address, ask, button, byId, h, link, listen, listenToTyping, replace, send, showHelp, speak, t } from './elements.js';

const UNDO_SHOWN = 15_000; // milliseconds to bring a struck translation back
// Facets that a filter narrows are counted without it, so that another value can be chosen.
const NARROWED = { language: ['language'], filetype: ['filetype'], date: ['year', 'month'], modified: ['modified_year', 'modified_month'] };

const [field, facets, results, preview, toast] = ['q', 'facets', 'results', 'preview', 'toast'].map(byId);
const filters = facets.parentElement;

const isNarrow = matchMedia('(max-width: 70rem)'); // the preview lies over the hits

let answers = {}; // by purpose: the question as an address, the answer
let running = new AbortController();
let isTyping = false;
let hiding = 0;

const page = {
  state: parse(location.search),

  href: (changes) => format({ ...page.state, ...changes }),

  /** Change the state; Back returns to the one before, unless a document replaces another. */
  go(changes, replaces = page.state.doc && 'whole' in changes && changes.doc !== '') {
    const [from, to] = [page.href({}), page.href(changes)];
    Object.assign(page.state, changes);
    if (from !== to) history[replaces ? 'replaceState' : 'pushState'](null, '', to);
    return update();
  },

  async close() {
    const open = results.querySelector('[aria-current=true]')?.dataset.key;
    await page.go(CLOSED);
    document.querySelector(`[data-key="${open}"]`)?.focus();
  },

  reload() {
    answers = {};
    return update();
  },

  /** Show more of a whole document, unless another is opened meanwhile, or it is closed. */
  readMore(shown, from) {
    const { document: doc, path: file } = shown;
    const question = documentQuery({ ...page.state, doc, file }, from);
    return orFail(preview, ask('document', question, running).then(({ passages }) => {
      if (answers.document?.answer !== shown) return;
      const all = new Map([...shown.passages, ...passages].map((each) => [each.ordinal, each]));
      shown.passages = [...all.values()].sort((a, b) => a.ordinal - b.ordinal);
      showDocument(page, preview, shown);
    }));
  },

  /** Strike a wrong translation out; unstrike: bring it back. */
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
  results.ariaBusy = 'true';
  showControls();
  await Promise.all([
    orFail(results, updateResults(page.state, signal)), orFail(preview, updateDocument(page.state, signal)),
  ]);
  if (!signal.aborted) results.ariaBusy = 'false';
}

const orFail = (container, answered) => answered.catch((error) => {
  if (error.name === 'AbortError') return;
  if (error.status === undefined) throw error;
  replace(container, failure(page, error));
});

function showControls() {
  const { q, view, like } = page.state;
  if (!isTyping) field.value = q;
  document.title = `${q && `${q} · `}찾아 Chaja`;
  document.body.className = like ? 'like' : q ? `view-${view}` : 'start';
  for (const each of document.querySelectorAll('[data-state]')) { // the part of the state that it chooses
    const value = page.state[each.dataset.state];
    if (each.type === 'checkbox') each.checked = each.value === value;
    else if (each.type === 'button') each.ariaPressed = String(each.value === value);
    else each.value = value;
  }
  const chosen = selection({ ...page.state, offset: '0' });
  for (const each of document.querySelectorAll('[data-format]')) each.href = address('export', { ...chosen, format: each.dataset.format });
}

/** Return an answer; the last question of a purpose is not asked again. */
async function answer(purpose, name, parameters, signal) {
  const question = address(name, parameters);
  if (answers[purpose]?.question !== question) {
    answers[purpose] = { question, answer: await ask(name, parameters, { signal }) };
  }
  return answers[purpose].answer;
}

async function updateResults(state, signal) {
  const { view } = state;
  if (!selection(state).q && !state.like) {
    replace(facets);
    replace(results);
    return replace(byId('facts'), facts(await answer('info', 'info', {}, signal)));
  }
  const question = VIEWS[view].question?.(state);
  const [found, shown, ...others] = await Promise.all([
    hits(state, signal), question && answer('view', view, question, signal), ...otherFacets(state, signal),
  ]);
  replace(facets, state.like ? null : facetLists(page, Object.assign({}, found.facets, ...others)));
  const body = found.hits.length ? VIEWS[view].show(page, shown ?? found, found.words) : nothing(page);
  replace(results, similarTo(state), head(page, found), body);
  byId('status').textContent = found.hits.length ? totals(found) : t('nothing');
  return markOpenHit();
}

function hits(state, signal) {
  const { like: id, like_file: path, like_ordinal: ordinal } = state;
  if (id) return answer('hits', 'similar', { id, path, ordinal, limit: PAGE_SIZE }, signal).then((found) => ({ ...found, words: [] })); // not the reader's
  return answer('hits', 'search', { ...selection(state), limit: PAGE_SIZE, facets: 1 }, signal);
}

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

async function updateDocument(state, signal) {
  const { doc } = state;
  const isOver = isNarrow.matches && Boolean(doc);
  for (const each of document.querySelectorAll('header, nav, main')) each.inert = isOver;
  markOpenHit();
  if (!doc) return replace(preview);
  const before = answers.document?.answer;
  const shown = await answer('document', 'document', documentQuery(state), signal);
  showDocument(page, preview, shown);
  if (shown === before) return null;
  if (isOver) preview.querySelector('h2').focus();
  else byId('status').textContent = `${t('preview')}: ${shown.title}`;
  const chosen = preview.querySelector('.chosen');
  if (chosen) preview.scrollTop = chosen.offsetTop - preview.clientHeight / 3; // and not the page
  return null;
}

function markOpenHit() {
  for (const each of results.querySelectorAll('.title')) {
    const { doc, ordinal } = parse(each.search);
    each.ariaCurrent = doc === page.state.doc && ordinal === page.state.ordinal ? 'true' : null;
  }
}

/** Go to the next hit or the one before; an open document follows. */
function moveHit(step) {
  const titles = [...results.querySelectorAll('.title')];
  const focused = titles.indexOf(document.activeElement);
  const from = focused < 0 ? titles.findIndex((each) => each.ariaCurrent) : focused;
  const next = titles[Math.max(0, Math.min(titles.length - 1, from + step))];
  next?.focus();
  if (page.state.doc && !isNarrow.matches) next?.click();
}

function moveMatch(step) {
  const matches = [...preview.querySelectorAll('mark')];
  const current = matches.findIndex((each) => each.classList.contains('current'));
  const next = matches.at((current < 0 && step < 0 ? -1 : current + step) % matches.length);
  matches[current]?.classList.remove('current');
  next?.classList.add('current');
  next?.scrollIntoView({ block: 'center' });
}

const choose = (name, value) => page.go({ [name]: value, offset: '0' });
const toggle = (name, on, off) => () => page.state.view !== 'trend' && choose(name, page.state[name] === on ? off : on);
const clickOn = (key) => document.querySelector(`[data-key="${key}"]`)?.click();

listen({
  '/': () => field.select(),
  j: () => moveHit(1),
  k: () => moveHit(-1),
  Escape: () => page.state.doc !== '' && page.close(),
  w: () => clickOn('whole'),
  n: () => moveMatch(1),
  'Shift+n': () => moveMatch(-1),
  s: () => clickOn('similar'),
  p: toggle('mode', 'words', 'phrase'),
  b: toggle('bridge', '1', '0'),
  1: () => choose('view', 'passages'),
  2: () => choose('view', 'kwic'),
  3: () => choose('view', 'trend'),
  '[': () => clickOn('previous'),
  ']': () => clickOn('next'),
  f() {
    filters.open = true;
    facets.querySelector('.facet')?.focus();
  },
  t: () => facets.querySelector('.bars [tabindex="0"]')?.focus(),
  e: () => byId('export').firstElementChild.click(),
  l: () => clickOn('interface'),
  '?': showHelp,
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
document.addEventListener('click', ({ target }) => target.type === 'button' && target.dataset.state && choose(target.dataset.state, target.value));
document.addEventListener('change', ({ target: { type, dataset, checked, value } }) => {
  if (dataset.state) choose(dataset.state, type === 'checkbox' && !checked ? dataset.off : value);
});
byId('help').addEventListener('click', showHelp);
byId('interface').addEventListener('click', async () => {
  await speak(t('other_language'));
  update();
});
addEventListener('popstate', () => {
  isTyping = false;
  page.state = parse(location.search);
  update();
});
isNarrow.addEventListener('change', update);

filters.open = matchMedia('(min-width: 50rem)').matches;
page.go(field.value ? { q: field.value } : {}, true); // typed before the script was there
