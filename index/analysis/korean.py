"""Morphological analysis of Korean words with Kiwi.

Each word is analyzed alone, so that it gives the same terms in every document and query. Kiwi and
its model take seconds and half a gigabyte to load, so they are loaded for the first unknown word.
"""

from __future__ import annotations

import os
import warnings
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from functools import cache, partial
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

from ..fork_locks import fork_lock
from .dictionary import Dictionary
from .hanja import is_hanja
from .joints import is_joint
from .lexicon import Analysis
from .shared_ends import is_list, list_analysis, members
from .word import Part, Role

if TYPE_CHECKING:
    from kiwipiepy import Kiwi, Token

# Increase when the terms of words change, Korean or English: old indexes then need a rebuild.
_RULES = 3

NOUNS = frozenset({"NNG", "NNP", "NR", "XPN", "XR", "XSN"})
PREDICATES = frozenset({"VV", "VA"})
CONTENT_TAGS = NOUNS | PREDICATES | {"NNB", "NP", "MAG", "MM", "SL", "SH", "SN"}
PARTICLES = frozenset({"JKS", "JKC", "JKG", "JKO", "JKB", "JKV", "JKQ", "JX", "JC"})
# A run after digits (년에는 of 2024년에는) or letters (의 of k-pop의) depends on them: its lexicon
# key starts with a stand-in, which Kiwi reads as a number or a foreign word.
AFTER_DIGITS = "1"
AFTER_LETTERS = "A"
# Likewise 제 of 제3차 before a digit.
BEFORE_DIGITS = "1"
_STAND_INS = (AFTER_DIGITS, AFTER_LETTERS)

# The number of readings requested from Kiwi, and the greatest difference from the best, as natural
# logarithm of the probability, of one that counts: 참다 alone is 참 + 다 first and 참다 0.3 lower.
_READINGS = 5
_MARGIN = 7.0
# Nouns of at least this many syllables are split into the nouns they are made of.
_LONG_NOUN = 4

# Surnames and titles of one syllable that Kiwi, which sees no sentence, reads as particles or as
# forms of verbs: 이 대통령, 오 시장, 고 김대중, 전 장관.
_SURNAMES = frozenset("감고금마모서어엄예오온음이인전제하함허")

_SUFFIX = ".dist-info"

# Held while Kiwi is loaded or works: a child forked meanwhile would find its import half done.
_LOCK = fork_lock()
# What Kiwi takes of the address space, measured as 416 MB, and some more for long requests.
_KIWI_BYTES = 500_000_000


class Korean:
    """Analyzes Korean words with Kiwi, which it loads on first use; thread-safe.

    A forked child uses the Kiwi of its parent. With `threads`, Kiwi works on all cores, and the
    process must not fork: its threads would be missing in the child, which would wait for them.
    """

    def __init__(self, dictionary: Dictionary | None = None, *, threads: bool = False) -> None:
        self._dictionary = dictionary or Dictionary()
        self._threads = threads
        self._compounds: dict[tuple[str, str], tuple[str, ...]] = {}

    @property
    def fingerprint(self) -> str:
        """What the terms depend on; does not load Kiwi."""
        kiwi, model = installed_version("kiwipiepy"), installed_version("kiwipiepy_model")
        kept = " ".join(sorted(CONTENT_TAGS))
        stemmer = installed_version("pystemmer", module="Stemmer")
        words = installed_version("pyspellchecker", module="spellchecker")
        return (
            f"kiwi {kiwi}, model {model}, rules {_RULES}, tags {kept}, pystemmer {stemmer}, "
            f"pyspellchecker {words}, {self._dictionary.name}"
        )

    def start(self) -> None:
        """Prepare for words that will come soon, in a subclass that can do so meanwhile."""

    def close(self) -> None:
        """Release the resources of a subclass."""

    @property
    def _kiwi(self) -> Kiwi:
        return _load(self._dictionary, threads=self._threads)

    def analyze(self, keys: Sequence[str]) -> list[Analysis]:
        """Return parts and width of each lexicon key; offsets do not count stand-ins.

        A joint has no parts, and its verdict as width. Raises MemoryError if the limits of the
        process leave no room for Kiwi.
        """
        with _LOCK:
            from .joint_verdicts import verdicts  # imported late, as Kiwi is

            joints, lists = list(filter(is_joint, keys)), list(filter(is_list, keys))
            hanja = [key for key in keys if is_hanja(_text(key))]
            others = {*joints, *lists, *hanja}
            words = [key for key in keys if key not in others]
            found = dict(zip(words, self._words(words), strict=True))
            found |= self._hanja(hanja) if hanja else {}
            decided = verdicts(joints, self._best_readings)
            found |= {key: ((), int(own)) for key, own in zip(joints, decided, strict=True)}
            found |= {key: self._list(key) for key in lists}
            return [found[key] for key in keys]

    def _hanja(self, keys: Sequence[str]) -> dict[str, Analysis]:
        from .hanja_terms import hanja_analyses  # imported late: few texts have any

        return hanja_analyses(keys, self._best_readings, self._words, is_noun=_is_noun)

    def _list(self, key: str) -> Analysis:
        """Return the members of a list that the dictionary has, 초등학교 of 초·중·고등학교."""
        possible = list(members(key, self._stem))
        readings = self._best_readings([member.word for member in possible])
        return list_analysis(
            [member for member, own in zip(possible, readings, strict=True) if _is_noun(own[0])]
        )

    def _stem(self, word: str) -> str:
        tokens, _ = self._best_readings([word])[0]
        return _stem_of(word, tokens) or word

    def _best_readings(self, texts: list[str]) -> list[Any]:
        if not texts:  # joints of English words: Kiwi need not be loaded
            return []
        return [found[0] for found in self._each(partial(self._kiwi.analyze, top_n=1), texts)]

    def _words(self, keys: Sequence[str]) -> list[Analysis]:
        if not keys:
            return []
        ranked = self._each(partial(self._kiwi.analyze, top_n=_READINGS), keys)
        stems = [_stem_of(key, found[0][0]) for key, found in zip(keys, ranked, strict=True)]
        distinct = sorted({stem for stem in stems if stem})
        alone = dict(zip(distinct, self._each(self._kiwi.tokenize, distinct), strict=True))
        results = []
        for key, found, stem in zip(keys, ranked, stems, strict=True):
            tokens = alone.get(stem)
            if not tokens or any(_plain_tag(token) not in CONTENT_TAGS for token in tokens):
                tokens = _best(key, found)
            analysis = self._analysis(key, tokens, _others(key, found))
            results.append(_as_name(key, analysis) if key in _SURNAMES else analysis)
        return results

    def _each(self, work: Callable[..., Any], keys: Sequence[str]) -> list[Any]:
        """Return the result of a method of Kiwi for each key; a Kiwi with threads takes lists."""
        return list(work(list(keys)) if self._threads else map(work, keys))

    def is_word(self, text: str) -> bool:
        """Return whether a word in Hangul is right, so not to be taken for another; loads Kiwi."""
        with _LOCK:
            from .korean_words import is_word  # the same

            return is_word(text, self._kiwi.analyze(text, top_n=_READINGS))

    def is_entry(self, text: str) -> bool:
        """Return whether a word in Hangul is in the dictionary as it stands; loads Kiwi."""
        with _LOCK:
            from .korean_words import is_entry  # the same

            return is_entry(self._kiwi.analyze(text, top_n=_READINGS))

    def ask(self, keys: Sequence[str]) -> Callable[[], list[Analysis]]:
        """Return a function that waits for the result of `analyze(keys)`; call them in order."""
        return partial(self.analyze, keys)

    def _analysis(self, key: str, tokens: Iterable[Token], others: Iterable[str]) -> Analysis:
        """Return the terms of a reading, of its compounds and of other readings."""
        text = _text(key)
        skip = 1 if key.startswith(_STAND_INS) else 0
        primary: list[Part] = []
        compounds: list[Part] = []
        run: list[Part] = []
        for token in tokens:
            if not skip <= token.start < skip + len(text):
                continue
            tag = _plain_tag(token)
            # The 하 omitted from 못지 has no characters to highlight.
            kept = tag in CONTENT_TAGS and token.len > 0
            found = self._morpheme(token, tag, len(primary), skip) if kept else []
            if tag in NOUNS:
                run += found
            else:
                compounds += _joined(run)
                run = []
            primary += found
        compounds += _joined(run)
        known = {part.term for part in (*primary, *compounds)}
        compounds += [Part(t, Role.COMPOUND, 0, 0, len(text)) for t in others if t not in known]
        if not primary:
            return (Part(text, Role.FALLBACK, 0, 0, len(text)), *compounds), 0
        return (*primary, *compounds), len(primary)

    def _morpheme(self, token: Token, tag: str, position: int, skip: int) -> list[Part]:
        """Return the terms of a morpheme; Kiwi's 쇼와 천황 is split, so that 천황 finds it."""
        start, end = token.start - skip, token.start - skip + token.len
        if tag in PREDICATES:
            return [Part(token.lemma, Role.PRIMARY, position, start, end)]
        form = token.form.lower()
        names = tuple(form.split())
        if len(names) == 1 and tag in ("NNG", "NNP") and len(form) >= _LONG_NOUN:
            names = self._compound(form, tag)
        if sum(map(len, names)) != token.len:
            return [Part("".join(names), Role.PRIMARY, position, start, end)]
        parts: list[Part] = []
        for number, name in enumerate(names, position):
            parts.append(Part(name, Role.PRIMARY, number, start, start + len(name)))
            start += len(name)
        return parts

    def _compound(self, noun: str, tag: str) -> tuple[str, ...]:
        """Split a noun that is made of nouns: 국제통화기금 gives the same as 국제 통화 기금."""
        known = self._compounds.get((noun, tag))
        if known is None:
            tokens = self._kiwi.tokenize(noun, blocklist=[(noun, tag)])
            names = tuple(token.form for token in tokens)
            nouns = all(token.tag in ("NNG", "NNP") and token.len > 1 for token in tokens)
            known = names if nouns and "".join(names) == noun else (noun,)
            self._compounds[noun, tag] = known
        return known


@cache
def _load(dictionary: Dictionary, *, threads: bool) -> Kiwi:
    """Load Kiwi, once per process and dictionary."""
    _check_room()
    # Imported here: the module costs 0.1 s, the model 0.8 s and its first use 1 s more.
    from kiwipiepy import Kiwi

    with warnings.catch_warnings():
        # It says that 0 workers once meant one for each core.
        warnings.simplefilter("ignore", DeprecationWarning)
        # Without multi-word names: they double the time to load, and would be split again below.
        kiwi = Kiwi(num_workers=-1 if threads else 0, load_multi_dict=False)
    for entry in dictionary.entries:
        kiwi.add_user_word(entry.word, entry.tag, entry.score)
    return kiwi


def _check_room() -> None:
    """Raise MemoryError if limits leave too little memory, for want of which Kiwi would abort."""
    # Imported late: most searches need no Kiwi.
    from .memory_limit import tightest_limit

    limit = tightest_limit()
    if limit is None:
        return
    if limit.left < _KIWI_BYTES:
        raise MemoryError(
            f"the Korean analyzer needs {_KIWI_BYTES // 10**6} MB of memory, and {limit.name} "
            f"leaves {limit.left // 10**6}"
        )
    # Its allocator reserves a gigabyte for later, which counts although nothing is in it.
    os.environ.setdefault("MIMALLOC_ARENA_RESERVE", "0")


def _is_noun(tokens: Sequence[Token]) -> bool:
    """Return whether a reading is one noun of the dictionary."""
    return len(tokens) == 1 and tokens[0].tag in ("NNG", "NNP") and not tokens[0].oov


def _text(key: str) -> str:
    """Return the word of a lexicon key, without its stand-ins."""
    return key.lstrip(AFTER_DIGITS + AFTER_LETTERS).rstrip(BEFORE_DIGITS)


def _stem_of(key: str, tokens: Sequence[Token]) -> str:
    """Return the part of a word before its particles, or "" if it has none.

    Kiwi reads 미성년자 and 미성년자에게 differently; the stem alone is read as the bare noun is.
    """
    end = len(tokens)
    while end and tokens[end - 1].tag in PARTICLES:
        end -= 1
    if end in (0, len(tokens)) or _text(key) != key:
        return ""
    last, cut = tokens[end - 1], tokens[end].start
    # In a contraction (나는 → 난, 누구가 → 누가) the two share a syllable, so there is no stem.
    if last.start + len(last.form.replace(" ", "")) != cut:
        return ""
    return key[:cut]


def _best(key: str, ranked: Sequence[tuple[Sequence[Token], float]]) -> Sequence[Token]:
    """Return the best reading whose stand-in is a word of its own: not A클라우드 as one noun."""
    first, _ = ranked[0]
    if not key.startswith(_STAND_INS):
        return first
    return next((tokens for tokens, _ in ranked if tokens[0].len == 1), first)


def _others(key: str, ranked: Sequence[tuple[Sequence[Token], float]]) -> list[str]:
    """Return the terms of the other readings that are a single term: 들어서 is 듣다 or 들다."""
    if _text(key) != key:
        return []
    _, best = ranked[0]
    terms: dict[str, None] = {}
    for tokens, score in ranked[1:]:
        kept = [token for token in tokens if _plain_tag(token) in CONTENT_TAGS]
        if best - score <= _MARGIN and len(kept) == 1 and kept[0] is tokens[0]:
            terms[kept[0].lemma if _plain_tag(kept[0]) in PREDICATES else kept[0].form] = None
    return list(terms)


def _as_name(word: str, analysis: Analysis) -> Analysis:
    """Return the analysis of a word as a noun, with the terms of its readings beside it."""
    parts, _ = analysis
    others = dict.fromkeys(part.term for part in parts if part.term != word)
    noun = Part(word, Role.PRIMARY, 0, 0, len(word))
    return (noun, *(Part(term, Role.COMPOUND, 0, 0, len(word)) for term in others)), 1


def _plain_tag(token: Token) -> str:
    """Return the tag without the suffix of irregular inflection: VV-I is VV."""
    tag: str = token.tag
    return tag.partition("-")[0]


def _joined(run: Sequence[Part]) -> list[Part]:
    """Return adjacent nouns joined as one more term: 정상회의 beside 정상 and 회의."""
    if len(run) < 2:
        return []
    name = "".join(part.term for part in run)
    return [Part(name, Role.COMPOUND, run[0].position, run[0].start, run[-1].end)]


def installed_version(package: str, *, module: str = "") -> str:
    """Return the version of an installed package; `module` is its import name if it differs."""
    spec = find_spec(module or package)
    if spec is not None and spec.origin is not None:
        folder = os.path.dirname(spec.origin)
        if spec.submodule_search_locations is not None:  # not a file by itself
            folder = os.path.dirname(folder)
        with suppress(OSError):  # a zip, say
            for name in os.listdir(folder):
                if name.startswith(f"{package}-") and name.endswith(_SUFFIX):
                    return name.removeprefix(f"{package}-").removesuffix(_SUFFIX)
    from importlib.metadata import version  # slower; for editable installs and zips

    return version(package)
