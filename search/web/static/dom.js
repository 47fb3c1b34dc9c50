/** Makes elements. Nothing is parsed as HTML: text becomes text nodes, so that documents inject nothing. */

const isShown = (child) => child != null && child !== false;

/** Return an element, as h('p.note'); properties with "on" are listeners, null and false are left out. */
export function h(name, properties = {}, ...children) {
  const [tag, ...classes] = name.split('.');
  const element = document.createElement(tag);
  element.classList.add(...classes);
  for (const [key, value] of Object.entries(properties)) {
    if (key.startsWith('on')) element.addEventListener(key.slice(2), value);
    else if (isShown(value)) element.setAttribute(key, value === true ? '' : value);
  }
  element.append(...children.flat(3).filter(isShown));
  return element;
}

export const byId = (id) => document.getElementById(id);

/** Return a button; by its `key` it keeps the focus when it is made anew. */
export const button = (name, key, onclick, properties, ...children) =>
  h(`button${name}`, { type: 'button', 'data-key': key, onclick, ...properties }, ...children);

/** Return a link to a state of the page, where a plain click goes without a reload. */
export function link(page, changes, name, key, ...children) {
  const onclick = (event) => {
    if (event.metaKey || event.ctrlKey || event.shiftKey) return;
    event.preventDefault();
    page.go(changes);
  };
  return h(`a${name}`, { href: page.href(changes), 'data-key': key, onclick }, ...children);
}

/** Replace what an element holds; the focus stays where it was. */
export function replace(container, ...children) {
  const focused = container.contains(document.activeElement) && document.activeElement.dataset.key;
  container.replaceChildren(...children.flat(3).filter(isShown));
  if (focused) container.querySelector(`[data-key="${CSS.escape(focused)}"]`)?.focus();
}

/** Return a highlight, another one for a word that was met in the other language. */
export const mark = (text, { word, crossed } = {}) =>
  crossed ? h('mark.crossed', { title: `${word} → ${text}` }, text) : h('mark', {}, text);

/** Return the nodes of a text with its matches marked; offsets are code points. */
export function marked(text, matches, from = 0, to = Infinity) {
  const points = [...text];
  const part = (start, end) => points.slice(start, end).join('');
  const nodes = [];
  for (const match of matches) {
    if (match.start < from || match.end > to) continue;
    nodes.push(part(from, match.start), mark(part(match.start, match.end), match));
    from = match.end;
  }
  return [...nodes, part(from, to)];
}

/** Return the same from a place on, cut to `most` code points with as many matches as possible. */
export function excerpt(text, matches, from, most = 300) {
  const points = [...text];
  const last = Math.max(from, points.length - most);
  const starts = matches.map(({ start }) => Math.min(last, Math.max(from, start - 50)));
  const held = (begin) => matches.filter(({ start, end }) => start >= begin && end <= begin + most).length;
  let begin = starts.reduce((best, each) => (held(each) > held(best) ? each : best), Math.min(from, last));
  if (begin > from) begin = points.indexOf(' ', begin) + 1 || begin;
  const end = begin + most;
  return [begin > from ? '… ' : '', marked(text, matches, begin, end), end < points.length ? ' …' : ''];
}
