/** The search field: searches while one types, leaves Hangul its composition, completes words. */

import { ask } from './api.js';
import { button, byId, h, replace } from './dom.js';
import { isComposing } from './keys.js';
import { t } from './messages.js';

const PAUSE = 90; // milliseconds without a key before a search
const COMPOSING_PAUSE = 180; // the same in a syllable, which is often not what is meant yet
const MOST_COMPLETIONS = 6;
const HINTS = { move: ['j', 'k'], open: ['Enter'], keys: ['?'] };

const field = byId('q');
const hints = byId('hints');

/** Call `search` while a query is typed, `submit` at the Enter that ends it, `leave` to go to the hits. */
export function listenToTyping({ search, submit, leave }) {
  let timer = 0;
  field.addEventListener('input', ({ isComposing: isInSyllable }) => {
    clearTimeout(timer);
    timer = setTimeout(() => {
      search(field.value);
      complete(search);
    }, isInSyllable ? COMPOSING_PAUSE : PAUSE);
  });
  field.addEventListener('keydown', (event) => {
    if (isComposing(event)) return; // this Enter ends a syllable
    const action = { Enter: submit, ArrowDown: leave }[event.key];
    if (!action) return;
    event.preventDefault();
    clearTimeout(timer);
    action(field.value);
  });
}

/** Offer words that complete the last one of the query. */
async function complete(search) {
  const typed = field.value;
  const word = /[^\s"()+:-]*$/u.exec(typed)[0];
  const { completions } = word ? await ask('complete', { q: word }).catch(() => ({ completions: [] })) : { completions: [] };
  if (field.value !== typed) return; // the answer is to what is not there any more
  const terms = completions.filter((term) => term !== word).slice(0, MOST_COMPLETIONS);
  const take = (term) => {
    field.value = typed.slice(0, typed.length - word.length) + term;
    field.focus();
    search(field.value);
    showHints();
  };
  if (terms.length) replace(hints, h('div', { role: 'group', 'aria-label': t('completions') }, terms.map((term) => button('', term, () => take(term), {}, term))));
  else showHints();
}

/** Show the most useful keys below the field. */
export function showHints() {
  replace(hints, Object.entries(HINTS).map(([name, keys]) => h('span', {}, keys.map((key) => h('kbd', {}, key)), ` ${t(`hint_${name}`)}`)));
}
