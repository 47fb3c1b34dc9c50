/** The hits: title, place, excerpt with highlights, the reason, folded duplicates. */

import { CLOSED, PAGE_SIZE, opened } from './state.js';
import { excerpt, h, link, mark } from './dom.js';
import { named, t } from './messages.js';

export const hitList = (page, { hits, words = [], missing = [], total }) => [
  h('ol.hits', { start: hits[0].rank }, hits.map((hit) => h('li.hit', {},
    h('h2', {}, link(page, opened(hit), '.title', `hit ${hit.rank}`, titleOf(hit))),
    h('p.meta', {}, placeOf(hit)),
    h('p.excerpt', { lang: languageOf(hit) }, excerpt(hit.text, hit.matches, headingLength(hit))),
    reason(hit, words.filter(({ typed }) => !missing.includes(typed))),
    copies(hit.copies)))),
  pages(page, hits.length, PAGE_SIZE, total.passages, total.exact),
];

const quoted = (text, name = '') => h(`bdi${name}`, {}, text);

/** Return the lang of a text; a mixed one has none of its own. */
export const languageOf = ({ language }) => (language === 'mixed' ? null : language || null);

/** Return how many code points of a passage repeat the heading that is shown above it. */
export function headingLength({ text, heading, title }) {
  const shown = [heading, title].find((each) => each && text.startsWith(`${each}\n`));
  return shown ? [...shown, ...text.slice(shown.length).match(/^\s+/)[0]].length : 0;
}

const titleOf = ({ title, path, heading }) => [
  quoted(title || path), heading && heading !== title ? h('span.heading', {}, quoted(heading)) : null,
];

export const placeOf = ({ path, date, language, ocr, ...passage }) => [
  quoted(path, '.path'),
  h('span', {}, place(passage)),
  date ? h('time', {}, date) : null,
  language ? h('span', {}, named(language)) : null,
  ocr ? h('span', {}, t('ocr')) : null,
];

export const place = ({ unit = 'line', line, label }) => t(unit, { n: label || line });

/** Say by which words a hit was found, if that is not plain, and which it lacks. */
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

/** Return the links to the pages before and after; null if there is neither. */
export function pages(page, count, size, total, exact) {
  const offset = Number(page.state.offset);
  const isMore = count === size && (!exact || offset + count < total);
  if (!offset && !isMore) return null;
  const to = (name, start, isThere) =>
    isThere ? link(page, { ...CLOSED, offset: String(Math.max(0, start)) }, '', name, t(name)) : h('span');
  return h('nav.pages', { 'aria-label': t('pages') },
    to('previous', offset - size, offset), h('span', {}, t('range', { a: offset + 1, b: offset + count })), to('next', offset + size, isMore));
}
