"""The grammar of the query language, and that every string is a valid query."""

from __future__ import annotations

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from index.schema import LAST_POSITION
from search.query.parser import (
    MAX_CHARACTERS,
    MAX_PATTERNS,
    MAX_WORDS,
    parse,
    phrase_query,
    words_query,
)
from search.query.tree import (
    Filter,
    Group,
    Node,
    Pattern,
    Phrase,
    Query,
    Term,
    date_range,
    format_node,
    is_condition,
)

PIECES = [
    *["a", "한국", "the", "covid-19", "c++", "wild*", "w?ld", "*", "?", "무엇인가?", "x*y"],
    *["AND", "OR", "NOT", "and", "or", "+", "-", "--", "+-", "-+x", "~2", "~12345", "~2x"],
    *["(", ")", "((", '"', "“", "”", "„", '"a b"', "“한국 외교”", '"a b"~2', '"!"', '""'],
    *["title:", "title:a", "lang:", "lang:ko", "LANG:en", "lang:xx", "path:a", 'path:"a b"'],
    *["path:/a", 'path:"/a"', 'path:"AND"', "date:2024", "date:1..2", "date:2023..2024"],
    *["foo:", "foo:bar", 'foo:"a b"', "AND:x", "http://a.b/c", "10:30", "오전:오후", "a:b:c"],
    *["/", "/a", "title:/a", "title:x*", "🙂", "\ud800", "\n", "\u3000", ":", "...", "+title:a"],
]
QUERIES = st.lists(
    st.tuples(st.sampled_from(PIECES), st.sampled_from(["", " ", "  "])), max_size=14
).map(lambda pieces: "".join(piece + gap for piece, gap in pieces))


def t(text: str, field: str = "") -> Term:
    return Term(text, field)


def root(text: str) -> Group:
    return parse(text).root


def may(*nodes: Node) -> Group:
    return Group(may=nodes)


def must(*nodes: Node) -> Group:
    return Group(must=nodes)


a, b, c, d = map(t, "abcd")

# Queries and their trees, for each rule of the grammar.
GRAMMAR = [
    ("a", may(a)),
    ("a b", may(a, b)),
    ("a OR b", may(a, b)),
    ("a AND b", must(a, b)),
    ("a AND b OR c", may(must(a, b), c)),
    ("a OR b AND c", may(a, must(b, c))),
    ("a b AND c", must(may(a, b), c)),
    ("a AND b AND c", must(a, b, c)),
    ("a AND (b OR c)", must(a, may(b, c))),
    ("(a AND b) AND c", must(must(a, b), c)),
    ("(a b) c", may(a, b, c)),
    ("a OR (b OR (c d))", may(a, b, c, d)),
    ("+a b", Group((a,), (b,))),
    ("a -b", Group((), (a,), (b,))),
    ("a NOT b", Group((), (a,), (b,))),
    ("-a", Group(never=(a,))),
    ("NOT a AND NOT b", Group(never=(a, b))),
    ("a AND NOT b", Group((a,), (), (b,))),
    ("a OR NOT b", may(a, Group(never=(b,)))),
    ("+(a b) c", Group((may(a, b),), (c,))),
    ("-(a b) c", Group((), (c,), (may(a, b),))),
    ("+a AND +b", must(a, b)),
    ("+a b AND c", must(Group((a,), (b,)), c)),
    ("lang:ko a AND b", must(Group((Filter("lang", "ko"),), (a,)), b)),
    ("NOT -a", Group(never=(a,))),
    ("NOT +a", must(a)),
    ("and or not", may(t("and"), t("or"), t("not"))),
    ("ANDy ORe NOTe", may(t("ANDy"), t("ORe"), t("NOTe"))),
    ("(a)AND(b)", must(a, b)),
    ('"a"-b"c"+d', Group((d,), (Phrase("a"), Phrase("c")), (b,))),
    ("covid-19 c++ -", may(t("covid-19"), t("c++"))),
    ('"a b"', may(Phrase("a b"))),
    ("“a b” „c d“", may(Phrase("a b"), Phrase("c d"))),
    ('"a b"~3', may(Phrase("a b", slop=3))),
    ('"a b"~0', may(Phrase("a b"))),
    ('"a b"~3x', may(Phrase("a b"), t("~3x"))),
    ('"a b" ~3', may(Phrase("a b"), t("~3"))),
    ('"a b', may(a, b)),
    ('a" b', may(a, b)),
    ("(a b", may(a, b)),
    ("a) b", may(a, b)),
    (")lang:ko) a", Group((Filter("lang", "ko"),), (a,))),
    ("a) AND (b", must(a, b)),
    ("OR lang:ko OR", must(Filter("lang", "ko"))),
    ("a AND", may(a)),
    ("AND a", may(a)),
    ("a AND AND b", must(a, b)),
    ("a OR", may(a)),
    ("a*", may(Pattern("a*"))),
    ("a?b", may(Pattern("a?b"))),
    ("*a", may(Pattern("*a"))),
    ("a? 무엇인가??", may(t("a?"), t("무엇인가??"))),
    ("title:a", may(t("a", "title"))),
    ("TITLE:a", may(t("a", "title"))),
    ('title:"a b"~2', may(Phrase("a b", "title", 2))),
    ("title:a*", may(Pattern("a*", "title"))),
    ("title:(a -b)", may(Group((), (t("a", "title"),), (t("b", "title"),)))),
    ("title:(a b) c", may(t("a", "title"), t("b", "title"), c)),
    ("title:(a path:b)", may(Group((Filter("path", "b"),), (t("a", "title"),)))),
    ("title:() a", may(a)),
    ("-title:a", Group(never=(t("a", "title"),))),
    ("title: a", may(t("title:"), a)),
    ("a title:", may(a, t("title:"))),
    ("(title:) a", may(t("title:"), a)),
    ("lang:KO", must(Filter("lang", "ko"))),
    ("date:2024..2024-01", must(Filter("date", "2024..2024-01"))),
    ("lang:ko a", Group((Filter("lang", "ko"),), (a,))),
    ("lang:(+ko en) a", Group((must(Filter("lang", "ko"), Filter("lang", "en")),), (a,))),
    ("lang:(ko en) a", Group((may(Filter("lang", "ko"), Filter("lang", "en")),), (a,))),
    ("a (lang:ko OR path:x)", Group((may(Filter("lang", "ko"), Filter("path", "x")),), (a,))),
    ("a -lang:ko", Group((), (a,), (Filter("lang", "ko"),))),
    ("a OR lang:ko", may(a, Filter("lang", "ko"))),
    ('path:"c d"', must(Filter("path", "c d"))),
    ('path:"" a', may(a)),
    ("path:*.md", must(Filter("path", "*.md"))),
    ('path:":a"', must(Filter("path", ":a"))),
    ("date:2024-02..", must(Filter("date", "2024-02.."))),
]


@pytest.mark.parametrize(("text", "tree"), GRAMMAR, ids=[text for text, _ in GRAMMAR])
def test_a_query_is_parsed_by_the_grammar(text: str, tree: Group) -> None:
    assert root(text) == tree
    assert not parse(text).notes


@pytest.mark.parametrize("text", [text for text, _ in GRAMMAR])
def test_a_formatted_query_is_parsed_to_the_same_tree(text: str) -> None:
    assert root(str(parse(text))) == root(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "\n",
        "AND",
        "OR OR",
        "()",
        ")(",
        '""',
        '"',
        "-",
        "+ -",
        "* ? +",
        "...",
        '+"!"',
    ],
)
def test_text_without_words_is_an_empty_query(text: str) -> None:
    assert parse(text) == Query(Group())
    assert str(parse(text)) == ""


@pytest.mark.parametrize("text", ["a AND &", "a & AND", '+"—" a', "a -*", 'a "!"', "a (-) -()"])
def test_punctuation_beside_words_is_ignored(text: str) -> None:
    assert root(text) == may(a)


@pytest.mark.parametrize(
    "text",
    [
        *("http://example.org/a", "10:30", "오전:열시", "제목:한국", "1:a", ":a", "c:/a/b", "x1:y"),
        *("std::vector", "std::", "a::b::c", "title::a", "mailto:kim@example.org", "urn:isbn:1"),
    ],
)
def test_a_colon_in_an_address_a_name_of_a_program_a_time_or_korean_is_no_field(text: str) -> None:
    assert parse(text) == Query(may(t(text)))


@pytest.mark.parametrize(
    ("text", "tree", "noted"),
    [
        ("foo:bar", may(t("foo:bar")), ["foo:bar", "title, lang, path and date"]),
        ("+foo:bar a", Group((t("foo:bar"),), (a,)), ["foo:bar"]),
        ('foo:"a b"', may(t("foo:"), Phrase("a b")), ["foo:a b"]),
        ('-foo:"a b"', Group(never=(may(t("foo:"), Phrase("a b")),)), ["foo:a b"]),
        ('foo:"!"', may(t("foo:")), ["foo:!"]),
        ("foo:(a b)", may(t("foo:a"), t("foo:b")), ["foo:a", "foo:b"]),
        ("foo:a*", may(Pattern("foo:a*")), ["foo:a*"]),
        ("lang:jp", may(t("lang:jp")), ["lang:jp", "ko, en, mixed"]),
        ("date:2024-13", may(t("date:2024-13")), ["date:2024-13", "2024-11-14", "2024..2025"]),
        ("date:2024-02-30", may(t("date:2024-02-30")), ["date:2024-02-30", "2024-11-14"]),
        ("date:2025..2024", may(t("date:2025..2024")), ["date:2025..2024", "range"]),
        ("date:..", may(t("date:..")), ["date:..", "range"]),
        ("date:20242025", may(t("date:20242025")), ["date:20242025"]),
        ("date:soon", may(t("date:soon")), ["date:soon"]),
    ],
)
def test_an_unknown_field_or_invalid_value_is_read_as_words_with_a_note(
    text: str, tree: Group, noted: list[str]
) -> None:
    query = parse(text)
    assert query.root == tree
    for part in noted:
        assert any(part in note for note in query.notes), query.notes


def test_a_field_of_the_documents_is_a_filter_and_may_have_any_name() -> None:
    def parsed(text: str) -> Group:
        return parse(text, is_field={"author", "담당부서", "x1"}.__contains__).root

    assert parsed("Author:Kim a") == Group((Filter("author", "Kim"),), (a,))
    assert parsed('담당_부서:"총무과 2"') == Group((Filter("담당부서", "총무과 2"),))
    assert parsed("-x1:y") == Group(never=(Filter("x1", "y"),))
    assert parsed("author:ki*") == Group((Filter("author", "ki*"),))
    assert parsed("editor:kim") == may(t("editor:kim"))


def test_a_note_appears_once_and_quotes_little_of_a_long_word() -> None:
    notes = parse(" ".join(["foo:" + "x" * 500] * 3)).notes
    assert len(notes) == 1
    assert len(notes[0]) < 150


@pytest.mark.parametrize(
    ("value", "dates"),
    [
        ("2024", ("2024", "2024")),
        ("2024-1", ("2024-1", "2024-1")),
        ("2024-01-31", ("2024-01-31", "2024-01-31")),
        ("2023..2024-02", ("2023", "2024-02")),
        ("2023..", ("2023", "")),
        ("..2023", ("", "2023")),
        ("..", None),
        ("", None),
        ("2024-00", None),
        ("2024-01-32", None),
        ("2024-02-29", ("2024-02-29", "2024-02-29")),
        ("2024-02-30", None),
        ("2023-02-29", None),
        ("2024-4-31", None),
        ("0000", None),
        ("0000-05..2024", None),
        ("0001..", ("0001", "")),
        ("2024-04-31..2024-05", None),
        ("2024-05..2024-06-31", None),
        ("24", None),
        ("2024 ", None),
        ("2023...2024", None),
    ],
)
def test_dates_are_a_day_a_month_a_year_or_a_range(
    value: str, dates: tuple[str, str] | None
) -> None:
    assert date_range(value) == dates


def test_only_filters_and_groups_of_them_are_conditions() -> None:
    korean = Filter("lang", "ko")
    assert is_condition(korean)
    assert is_condition(Group(never=(korean,)))
    assert is_condition(Group((korean,), (Group(may=(korean,)),)))
    assert not is_condition(Group((korean,), (a,)))
    assert not is_condition(Group())
    assert not is_condition(a)


@settings(max_examples=400)
@given(QUERIES)
@example('-"a"+-title:b --c NOT +-d')
@example("a NOT)NOT b")
@example("NOT)NOT")
@example("title:(/a -/b) title:(+-c)")
@example('"q"+x "q"title:x (a)lang:ko')
@example('(foo:) AND:"x y" (a AND)')
@example("(a OR lang:ko) b +(c OR path:x) d")
@example('path:("/a" "b c" "AND" d)')
@example('lang:(x"a b" (ko -en +mixed))')
def test_formatting_and_parsing_any_query_gives_the_same_tree(text: str) -> None:
    query = parse(text)
    assert parse(str(query)).root == query.root


@settings(max_examples=300)
@given(st.text(st.characters(exclude_categories=())) | QUERIES)
@example('\ud800 a\udfff* path:\udc80 "\ud800"')
@example("(" * 9_000)
@example("(a AND " * 3_000)
@example(")" * 9_000 + "a")
@example('"' * 9_999)
@example("-" * 9_999 + "a")
@example("a*" * 5_000)
@example("x" * 9_000 + ":y")
@example("\x00\x1b[31m NOT")
def test_every_string_is_a_query_that_can_be_formatted_and_encoded(text: str) -> None:
    query = parse(text)
    phrase = phrase_query(text, slop=1, exact=True)
    for line in (str(query), *query.notes, str(words_query(text)), str(phrase)):
        assert line.encode().decode() == line
        assert line.isprintable() or not text.isprintable()


def test_brackets_nest_forty_levels_and_deeper_ones_are_ignored() -> None:
    def nested(depth: int) -> str:
        return "(+a b " * depth + "c" + ")" * depth

    def depth_of(node: Node) -> int:
        if not isinstance(node, Group):
            return 0
        return 1 + max(map(depth_of, (*node.must, *node.may, *node.never)), default=0)

    assert depth_of(root(nested(40))) == 41
    assert depth_of(root(nested(500))) == 41
    assert root(format_node(root(nested(40)))) == root(nested(40))


def test_a_long_query_is_truncated_with_a_note() -> None:
    query = parse(" ".join(["word"] * (MAX_WORDS + 1)))
    assert len(query.root.may) == MAX_WORDS
    assert str(MAX_WORDS) in query.notes[0]
    longest = parse("x" * (MAX_CHARACTERS + 1))
    assert longest.root == may(t("x" * MAX_CHARACTERS))
    assert str(MAX_CHARACTERS) in longest.notes[0]
    assert not parse(" ".join(["word"] * MAX_WORDS)).notes
    assert not parse("x" * MAX_CHARACTERS).notes


def test_the_number_of_patterns_is_limited_with_a_note() -> None:
    query = parse("a* " * (MAX_PATTERNS + 2) + "b")
    patterns = [node for node in query.root.may if isinstance(node, Pattern)]
    assert len(patterns) == MAX_PATTERNS
    assert query.root.may[MAX_PATTERNS:] == (t("a*"), t("a*"), b)
    assert len(query.notes) == 1
    assert str(MAX_PATTERNS) in query.notes[0]


def test_words_query_and_phrase_query_have_no_syntax() -> None:
    text = '+a -"b c" title:d  AND\n(e'
    plain = '+a -"b c" title:d AND (e'
    assert words_query(text).root == may(t(plain))
    assert phrase_query(text, slop=2, exact=True).root == may(Phrase(plain, "", 2, True))
    assert words_query("w " * 900).root == may(t(" ".join(["w"] * MAX_WORDS)))
    assert len(str(phrase_query("x" * 100_000))) == MAX_CHARACTERS + 2


def test_a_phrase_allows_no_more_words_in_between_than_a_passage_has() -> None:
    assert phrase_query("a b", slop=10**20).root == may(Phrase("a b", "", LAST_POSITION))


PLAIN = st.lists(st.sampled_from(["a", "한국", "x2", "²", "AND", "OR", "NOT", "and", "ANDROID"]))


@given(PLAIN)
def test_plain_words_are_parsed_as_with_the_full_tokenizer(words: list[str]) -> None:
    plain = " ".join(words)
    assert parse(plain) == parse(f"{plain} )")  # an unmatched bracket is ignored
