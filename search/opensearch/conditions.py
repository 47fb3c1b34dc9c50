"""Conditions of a query as OpenSearch takes them: which passages match, without scores.

What matches is what `search.embedded.matching` finds; a test compares the two on random queries.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import chain, combinations, islice, product

from index.analysis.analyzer import Analyzer
from index.analysis.normalize import normal_form
from index.opensearch.terms import indexed, stacked
from index.schema import Field, field_value, value_term

from ..engine import MatchQuery
from ..query import tree
from ..query.dates import day_end, day_start
from ..query.dates import spellings as spellings_of_date
from ..query.patterns import read_pattern
from ..query.tree import Filter, Group, Node, Pattern, Phrase, Term, is_condition, is_plain
from ..query.words import QueryWord, phrase_words, read_words
from ..ranking.weighted_terms import WeightedTerms
from .escapes import expression_literal, wildcard_literal, wildcard_of
from .view import Body

# The fields of passages in which conditions look for the terms of a field.
CONDITION_FIELDS = {Field.BODY: "body", Field.TITLE: "title_all", Field.META: "meta_all"}
NOTHING: Body = {"match_none": {}}
# Ways to combine the spellings of the words of a phrase; more are left out.
_MOST_COMBINED = 128
# Words in the rules of one condition, which each are a clause or several.
_MOST_IN_RULES = 60

# The terms of a word with their offsets from its start, and how many positions it takes.
_Variant = tuple[tuple[tuple[str, int], ...], int]


def any_of(conditions: Iterable[Body]) -> Body:
    """Return the condition that at least one of some holds."""
    every = [each for each in conditions if each != NOTHING]
    if len(every) <= 1:
        return every[0] if every else NOTHING
    return {"bool": {"should": every, "minimum_should_match": 1}}


def all_of(conditions: Sequence[Body], *, never: Sequence[Body] = ()) -> Body:
    """Return the condition that all of some hold, and none of others."""
    return {"bool": {"filter": list(conditions), "must_not": list(never)}}


def term_of(field: str, term: str, *, boost: float = 1.0) -> Body:
    """Return the condition that a passage has a term, whose score is multiplied by `boost`."""
    return {"term": {field: {"value": indexed(term), "boost": boost}}}


def terms_of(field: str, terms: Iterable[str]) -> Body:
    """Return the condition that a passage has one of some terms: one clause for all of them."""
    every = [*dict.fromkeys(map(indexed, terms))]
    return {"terms": {field: every}} if every else NOTHING


class Conditions:
    """Turns nodes of a query into conditions.

    `exact` returns the condition for an exact phrase, and takes whether titles and fields are met
    in first passages only; `passages` returns that for all passages.
    """

    def __init__(
        self,
        analyzer: Analyzer,
        exact: Callable[[Phrase, bool], Body],
        passages: Callable[[], Body],
    ) -> None:
        self._analyzer = analyzer
        self._exact = exact
        self._passages = passages

    def of_query(self, query: MatchQuery, *, by_bigrams: bool = False) -> Body:
        """Return the condition of a whole query, of plain words by their bigrams if so."""
        root = query.root
        if root is None:
            return self._passages()
        if root == Group():
            return NOTHING
        every = [self._passages(), *map(self.of, root.must)]
        if root.may and all(map(is_condition, root.must)):
            if by_bigrams:
                every.append(terms_of("gram", query.plain.bigrams))
            else:
                every.append(any_of(self._any_of(root.may, query.plain)))
        return all_of(every, never=[*map(self.of, root.never)])

    def _any_of(self, nodes: Sequence[Node], plain: WeightedTerms) -> Iterable[Body]:
        """Yield the conditions for the optional nodes of a query.

        A plain word or a phrase in a title is met in the first passage of its document.
        """
        others = [*chain.from_iterable(plain.translations.values())]
        yield terms_of("body", [*plain.terms, *others])
        yield terms_of("title", [*plain.terms, *plain.title_terms, *others])
        yield terms_of("meta", plain.terms)
        for node in nodes:
            if isinstance(node, Phrase):
                yield self._phrase(node, first=True)
            elif not is_plain(node):
                yield self.of(node)

    def of(self, node: Node) -> Body:
        """Return the condition of a node; a title matches for all passages of its document."""
        match node:
            case Term(text, field):
                words = [word for word in read_words(self._analyzer, text) if word.asked]
                fields = (Field.TITLE,) if field else (Field.BODY, Field.TITLE, Field.META)
                own = (self._in_sequence([word], each) for word in words for each in fields)
                return any_of(chain(own, self._as_dates(text, field)))
            case Phrase():
                return self._phrase(node)
            case Pattern():
                return any_of(self._pattern(node))
            case Filter():
                return self._filter(node)
            case Group(must, may, never):
                every = [*map(self.of, must)]
                if may and all(map(is_condition, must)):
                    every.append(any_of(map(self.of, may)))
                return all_of([self._passages(), *every], never=[*map(self.of, never)])

    def _phrase(self, phrase: Phrase, *, first: bool = False) -> Body:
        """Return the condition of a phrase, if not exact with the dates that it is.

        Documents with it in title or fields are included, with `first` only their first passages.
        """
        if phrase.exact:
            return self._exact(phrase, first)
        written = self._as_written(phrase, first=first)
        return any_of([written, *self._as_dates(phrase.text, phrase.field)])

    def _as_dates(self, text: str, field: str) -> Iterable[Body]:
        others = (Phrase(other, field) for other in spellings_of_date(text))
        return map(self._as_written, others)

    def in_field(self, phrase: Phrase, field: Field) -> Body:
        """Return the condition that the words of a phrase stand in sequence in a field."""
        words = phrase_words(read_words(self._analyzer, phrase.text))
        return self._in_sequence(words, field, phrase.slop) if words else NOTHING

    def _as_written(self, phrase: Phrase, *, first: bool = False) -> Body:
        """Return the condition that the words of a phrase stand in sequence, exact or not."""
        words = phrase_words(read_words(self._analyzer, phrase.text))
        if not words:
            return NOTHING
        fields = (Field.TITLE,) if phrase.field else (Field.TITLE, Field.META)
        of_documents = any_of(self._in_sequence(words, field, phrase.slop) for field in fields)
        if phrase.field:
            return of_documents
        if first and of_documents != NOTHING:
            of_documents = all_of([of_documents, {"term": {"ordinal": 0}}])
        return any_of([self._in_sequence(words, Field.BODY, phrase.slop), of_documents])

    def _in_sequence(self, words: Sequence[QueryWord], field: Field, slop: int = 0) -> Body:
        """Return the condition that words follow each other in a field."""
        name = CONDITION_FIELDS[field]
        combined = islice(_combined([*map(_variants, words)]), _MOST_COMBINED)
        if slop:
            rules = [_rule(variants, slop) for variants in combined]
            at_once = max(1, _MOST_IN_RULES // len(words))
            starts = range(0, len(rules), at_once)
            return any_of(_intervals(name, rules[at : at + at_once]) for at in starts)
        texts = dict.fromkeys(stacked(_placed(variants)) for variants in combined)
        return any_of(_exactly(name, text) for text in texts)

    def _pattern(self, pattern: Pattern) -> Iterable[Body]:
        read = read_pattern(pattern.text)
        for field in ("title_all",) if pattern.field else ("body", "title_all"):
            yield {"wildcard": {field: {"value": wildcard_of(read.text)}}}
            if read.stem:
                yield terms_of(field, [read.stem])

    def _filter(self, node: Filter) -> Body:
        field, value = node.field, node.value
        match field:
            case "path":
                text = wildcard_literal(normal_form(value))
                return {"wildcard": {"path_normal": {"value": f"*{text}*"}}}
            case "lang":
                return {"term": {"language": value}}
            case tree.FILE_TYPE:
                return {"term": {"filetype": value}}
            case "date":
                first, last = tree.days_of(value)
                return all_of([_range("first_day", lte=last), _range("last_day", gte=first)])
            case tree.FILE_MODIFIED:
                first, last = tree.days_of(value)
                return _range("modified", gte=max(1, day_start(first)), lt=day_end(last))
        return {"regexp": {"field": {"value": value_expression(field, value)}}}


def value_expression(name: str, value: str) -> str:
    """Return the expression of Lucene for the values of a field that have `value` in them.

    It is that of `search.embedded.matching.filters`, which Lucene matches with whole values.
    """
    value = field_value(value)
    letters = value.rstrip("*").replace(" ", "")
    body = " ?".join(map(expression_literal, letters))
    before = "(.*[^a-z0-9])?" if _is_latin(letters[:1]) else ".*"
    is_bounded = _is_latin(letters[-1:]) and not value.endswith("*")
    after = "([^a-z0-9].*)?" if is_bounded else ".*"
    return expression_literal(value_term(name, "")) + before + body + after


def _is_latin(character: str) -> bool:
    return character.isascii() and character.isalnum()


def _range(field: str, **bounds: int) -> Body:
    return {"range": {field: bounds}}


def _variants(word: QueryWord) -> list[_Variant]:
    """Return the ways to write a word: its terms in sequence, or a term for all of it."""
    width = word.word.width
    found: list[_Variant] = [(tuple(terms), width) for terms in word.sequences]
    for whole in word.wholes:
        found += [(((whole, 0),), size) for size in sorted({1, max(1, width)})]
    return found


def _combined(words: Sequence[Sequence[_Variant]]) -> Iterator[tuple[_Variant, ...]]:
    """Yield the ways to write words in sequence, those with few unusual ones first."""
    if not all(words):
        return
    varied = [at for at, own in enumerate(words) if len(own) > 1]
    for unusual in range(len(varied) + 1):
        for places in combinations(varied, unusual):
            options = (own[1:] if at in places else own[:1] for at, own in enumerate(words))
            yield from product(*options)


def _placed(variants: Iterable[_Variant]) -> Iterable[tuple[int, str]]:
    """Yield the terms of words in sequence with their positions."""
    start = 0
    for terms, width in variants:
        for term, offset in terms:
            yield start + offset, term
        start += width


def _exactly(field: str, text: str) -> Body:
    if not text.strip():
        return NOTHING
    if " " not in text and "|" not in text:
        return {"term": {field: {"value": text}}}
    return {"match_phrase": {field: {"query": text}}}


def _intervals(field: str, rules: Sequence[Body]) -> Body:
    rule = rules[0] if len(rules) == 1 else {"any_of": {"intervals": [*rules]}}
    return {"intervals": {field: rule}}


def _rule(variants: Sequence[_Variant], slop: int) -> Body:
    """Return the rule of intervals for words with at most `slop` terms between two of them."""
    rule: Body = {}
    left = 0  # positions that the word before takes behind its last term
    for terms, width in variants:
        own = {
            "match": {
                "query": stacked((offset, term) for term, offset in terms),
                "max_gaps": 0,
                "ordered": True,
            }
        }
        if not rule:
            rule = own
        else:
            together = {"ordered": True, "max_gaps": slop + left, "intervals": [rule, own]}
            rule = {"all_of": together}
        left = width - 1 - max((offset for _, offset in terms), default=0)
    return rule
