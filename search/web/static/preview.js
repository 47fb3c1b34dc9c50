/** The document beside the hits: a passage with its neighbours, or all of it, and what to do next. */

import { address } from './api.js';
import { button, h, link, marked, replace } from './dom.js';
import { headingLength, languageOf, place, placeOf } from './results.js';
import { searched } from './state.js';
import { t } from './messages.js';

const AT_ONCE = 200; // passages of a whole document

/** Return what to ask for, of a whole document from a passage on. */
export function documentQuery({ doc, file, ordinal, whole, q, mode }, from = ordinal - (ordinal % AT_ONCE)) {
  const own = { id: doc, path: file, q: searched(q), mode };
  return whole ? { ...own, around: 'all', from, limit: AT_ONCE } : { ...own, ordinal, around: 2 };
}

export function showDocument(page, container, shown) {
  const { passages, title, path, unit, metadata = {} } = shown;
  const chosen = passages.find(({ ordinal }) => String(ordinal) === page.state.ordinal);
  const [first, end] = [passages[0].ordinal, passages.at(-1).ordinal + 1];
  replace(container,
    h('div.head', {},
      button('.quiet.round.close', 'close', () => page.close(), { 'aria-label': t('close') }, '×'),
      h('h2', { tabindex: '-1' }, h('bdi', {}, title || path)),
      h('p.meta', {}, placeOf({ ...shown, ...chosen })),
      actions(page, shown)),
    h('dl.metadata', {}, Object.entries(metadata).map((each) => ['dt', 'dd'].map((tag, index) => h(tag, {}, h('bdi', {}, each[index]))))),
    first && page.state.whole ? more(page, Math.max(0, first - AT_ONCE)) : null,
    h('div', { lang: languageOf(shown) }, passages.map((each) => passage({ ...each, unit }, each === chosen))),
    end < shown.total_passages && page.state.whole ? more(page, end) : null);
}

const more = (page, from) => button('.step', `more ${from}`, () => page.readMore(from), {}, t('more'));

function actions(page, { document, path }) {
  const { whole, ordinal } = page.state;
  const like = { like: document, like_file: path, like_ordinal: ordinal, view: 'passages', offset: '0' };
  return h('p.actions', {},
    link(page, { whole: whole ? '' : '1' }, '', 'whole', t(whole ? 'around' : 'whole')),
    link(page, like, '', 'similar', t('similar')),
    h('a', { href: address('original', { id: document, path }), download: '' }, t('original')));
}

function passage(shown, isChosen) {
  const { text, matches, heading } = shown;
  const length = headingLength({ text, heading });
  return h(isChosen ? 'section.passage.chosen' : 'section.passage', {},
    heading ? h('h3', {}, length ? marked(text, matches, 0, length) : h('bdi', {}, heading)) : null,
    h('p', {}, marked(text, matches, length)),
    h('span.note', {}, place(shown)));
}

/** Go to the next match of the document, or to the one before. */
export function goToMatch(container, step) {
  const matches = [...container.querySelectorAll('mark')];
  const current = matches.findIndex((each) => each.classList.contains('current'));
  const next = matches.at((current < 0 && step < 0 ? -1 : current + step) % matches.length);
  matches[current]?.classList.remove('current');
  next?.classList.add('current');
  next?.scrollIntoView({ block: 'center' });
}

/** Bring the chosen passage into view, inside of the preview only. */
export function scrollToChosen(container) {
  const chosen = container.querySelector('.chosen');
  if (chosen) container.scrollTop = chosen.offsetTop - container.clientHeight / 3;
}
