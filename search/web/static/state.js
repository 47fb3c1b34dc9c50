/** The state of the page is its address, so that Back, reload and links work. */

// The arguments of a search, and those of them that filter.
const FILTERED = { language: '', path: '', filetype: '', date: '', modified: '' };
const SELECTION = {
  q: '', mode: 'words', ...FILTERED, sort: 'score', per_document: '', fold_copies: '1', bridge: '1', strict: '0', offset: '0',
};
const DEFAULTS = {
  ...SELECTION,
  axis: 'date', // of the timeline; modified: the times of files
  view: 'passages', // or kwic, trend
  by: 'position', // the order of the concordance
  width: '60', // its characters on each side
  period: 'year', // of the trend
  word: '', // of the trend; none is the whole query
  doc: '', // the document in the preview
  file: '', // its path, which the id of a row does not tell
  ordinal: '0', // its passage
  whole: '', // 1 for all of it
  like: '', like_file: '', like_ordinal: '0', // the passage that others should be similar to
};
const CHOICES = { view: ['kwic', 'trend'], axis: ['modified'] }; // beside the defaults
export const FILTERS = Object.keys(FILTERED);
export const PAGE_SIZE = 20;

/** Changes: no filters, no document, a new query. */
export const UNFILTERED = { ...FILTERED, offset: '0' };
export const CLOSED = { doc: '', file: '', ordinal: '0', whole: '' };
export const FRESH = { offset: '0', word: '', like: '', like_file: '', like_ordinal: '0', ...CLOSED };

/** Return the changes that open a passage, or a line of a concordance. */
export const opened = ({ document, path, ordinal }) => ({ ...CLOSED, doc: document, file: path, ordinal: String(ordinal) });

export function parse(text) {
  const given = [...new URLSearchParams(text)].filter(([name, value]) => (CHOICES[name] ?? [value]).includes(value) && name in DEFAULTS);
  return { ...DEFAULTS, ...Object.fromEntries(given) };
}

const differing = (state, defaults) =>
  Object.fromEntries(Object.keys(defaults).filter((name) => state[name] !== defaults[name]).map((name) => [name, state[name]]));

/** Return the address of a state, with only what differs from the defaults. */
export const format = (state) => `?${new URLSearchParams(differing(state, DEFAULTS))}`;

export const selection = (state) => ({ ...differing(state, SELECTION), q: searched(state.q) });

/** Return a query without the lone consonant of a syllable that is not typed to its end. */
export const searched = (query) => query.replace(/(?<=^|[가-힣\s])[ㄱ-ㅎ]$/u, '').trim();
