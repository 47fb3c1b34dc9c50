/** The search field: searches while one types, leaves Hangul its composition, completes words. */

import { ask } from './api.js';
import { button, byId, replace } from './dom.js';
import { isComposing } from './keys.js';

const PAUSE = 90; // milliseconds without a key before a search
const COMPOSING_PAUSE = 180; // in a syllable, which is often not yet what is meant
const MOST_COMPLETIONS = 6;

const field = byId('q');
const completions = byId('completions');

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
  const found = word ? await ask('complete', { q: word }).catch(() => ({})) : {};
  if (field.value !== typed) return; // an answer to what is gone
  const terms = (found.completions ?? []).filter((term) => term !== word).slice(0, MOST_COMPLETIONS);
  replace(completions, terms.map((term) => button('', term, () => {
    field.value = typed.slice(0, typed.length - word.length) + term;
    field.focus();
    search(field.value);
    replace(completions);
  }, {}, term)));
}
