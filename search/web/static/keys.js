/** The keys of the page; letters also work while the keyboard is set to Hangul. */

import { byId } from './dom.js';

const dialog = byId('keys');
const box = byId('single-keys');

/** Tell whether a key belongs to an input method: it ends or changes a syllable of Hangul. */
export const isComposing = (event) => event.isComposing || event.keyCode === 229;

/** Return the name of a key, that of its place if it types Hangul. */
function nameOf({ key, code, shiftKey }) {
  const isLatin = /^[!-~]+$/.test(key) && key !== 'Process';
  const name = isLatin ? key : { Slash: shiftKey ? '?' : '/' }[code] ?? code.replace('Key', '');
  return name.length > 1 || !/[a-z]/i.test(name) ? name : (shiftKey ? 'Shift+' : '') + name.toLowerCase();
}

/** Call the action of each key that is pressed outside of a field; one that returns false did nothing. */
export function listen(actions) {
  document.addEventListener('keydown', (event) => {
    if (event.metaKey || event.ctrlKey || event.altKey || event.defaultPrevented || dialog.open) return;
    const isField = event.target.matches('input:not([type=checkbox]), select');
    // Outside of a field nothing is composed, though an input method reports each key as its own.
    if (isField && isComposing(event)) return;
    const name = nameOf(event);
    if (name !== 'Escape' && (isField || !box.checked)) return;
    if (actions[name] && actions[name]() !== false) event.preventDefault();
  });
}

export const showHelp = () => dialog.showModal();

box.checked = localStorage.getItem('keys') !== 'off';
box.addEventListener('change', () => localStorage.setItem('keys', box.checked ? 'on' : 'off'));
dialog.querySelector('button').addEventListener('click', () => dialog.close());
