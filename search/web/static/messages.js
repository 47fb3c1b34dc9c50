/** What the page says: ko.json and en.json have the same names. */

const chosen = localStorage.getItem('language') ?? (/^ko/.test(navigator.language) ? 'ko' : 'en');
let messages = {};

export const interfaceLanguage = () => document.documentElement.lang;

/** Change the language, and remember it. */
export async function speak(language) {
  messages = await (await fetch(`${language}.json`)).json();
  document.documentElement.lang = language;
  localStorage.setItem('language', language);
}

await speak(chosen);

/** Return a message with its {places} filled in; behind a bar is its form for one thing. */
export function t(name, values = {}) {
  const [many, one = many] = messages[name].split('|');
  return (values.n === 1 ? one : many).replace(/\{(\w+)\}/g, (_, place) => shown(values[place]));
}

export const named = (name, fallback = name) => (Object.hasOwn(messages, name) ? t(name) : fallback);

export const shown = (value) => (typeof value === 'number' ? value.toLocaleString(interfaceLanguage()) : value);

/** Fill in the elements of the page itself: data-t is their text, data-label their name. */
export function translatePage() {
  for (const each of document.querySelectorAll('[data-t]')) each.textContent = t(each.dataset.t);
  for (const each of document.querySelectorAll('[data-label]')) each.ariaLabel = t(each.dataset.label);
}
