/** The keys of the page; letters also work while the keyboard is set to Hangul. */

import { byId, button, h, replace } from './dom.js';
import { t } from './messages.js';

// What keys do, by the name of the action, which with key_ is also that of the message.
const KEYS = {
  search: ['/'], hits: ['j', 'k'], open: ['Enter'], close: ['Escape'], whole: ['w'], matches: ['n', 'Shift+n'],
  similar: ['s'], mode: ['p'], bridge: ['b'], views: ['1', '2', '3'], pages: ['[', ']'], filters: ['f'],
  timeline: ['t'], export: ['e'], interface: ['l'], help: ['?'],
};

/** Tell whether a key belongs to an input method: it ends or changes a syllable of Hangul. */
export const isComposing = (event) => event.isComposing || event.keyCode === 229;

/** Return the name of a key, that of its place if it types Hangul. */
function nameOf({ key, code, shiftKey }) {
  const isHangul = !/^[!-~]+$/.test(key) || key === 'Process';
  const name = (isHangul && /^Key(.)$/.exec(code)?.[1]) || key;
  if (name.length > 1) return { Slash: shiftKey ? '?' : '/' }[isHangul && code] ?? name;
  return shiftKey && /[a-z]/i.test(name) ? `Shift+${name.toLowerCase()}` : name.toLowerCase();
}

/** Call the action of each key outside of a field, with its place in the list. */
export function listen(actions) {
  document.addEventListener('keydown', (event) => {
    if (event.metaKey || event.ctrlKey || event.altKey || event.defaultPrevented) return;
    const isField = event.target.matches('input:not([type=checkbox]), select');
    // Outside of a field nothing is composed, though an input method reports each key as its own.
    if (isField && isComposing(event)) return;
    const name = nameOf(event);
    if (name !== 'Escape' && (isField || byId('keys').open || localStorage.getItem('keys') === 'off')) return;
    const action = Object.keys(KEYS).find((each) => KEYS[each].includes(name));
    if (actions[action]?.(KEYS[action].indexOf(name))) event.preventDefault();
  });
}

/** Open the help, which can turn the keys off. */
export function showHelp() {
  const dialog = byId('keys');
  const rows = Object.entries(KEYS).map(([action, keys]) => [
    h('dt', {}, keys.map((key) => h('kbd', {}, key.replace('Escape', 'Esc')))), h('dd', {}, t(`key_${action}`)),
  ]);
  const onchange = ({ target }) => localStorage.setItem('keys', target.checked ? 'on' : 'off');
  const checked = localStorage.getItem('keys') !== 'off';
  replace(dialog,
    button('.quiet.round.close', 'close', () => dialog.close(), { 'aria-label': t('close') }, '×'),
    h('h2', { id: 'keys-title' }, t('keys')), h('dl', {}, rows),
    h('label.option', {}, h('input', { type: 'checkbox', checked, onchange }), t('single_keys')));
  dialog.showModal();
  return true;
}
