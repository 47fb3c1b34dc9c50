"""A word that a line end, a hyphen or blanks part is one word, in a build as in a search."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from search_corpus import built
from whole_words import restored

from index.analysis.analyzer import Analyzer
from index.analysis.joints import Joint, Verdict, joined, joints_in
from index.analysis.korean import Korean
from index.analysis.lexicon import Lexicon
from index.analysis.normalize import normalize
from index.analysis.tokenizer import word_spans
from index.analysis.word_ids import WordIds
from index.verify import verify
from search.searcher import Searcher

broken = st.lists(
    st.lists(
        st.sampled_from([*"가나각ㅋ한국abZé19 \t\n\n\r--‐.,·\u00ad\u200b\u3000\u00a0\u0301", "US"]),
        max_size=24,
    ).map("".join),
    max_size=4,
)


def joints(text: str) -> list[Joint]:
    normal = normalize(text)
    return list(joints_in(text, normal, list(word_spans(normal.text))))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("정상회\n담에서", ["\n정상회 담에서"]),
        ("정상회 \r\n  담에서", ["\n정상회 담에서"]),
        ("정상회.\n담에서", []),
        ("정상회\n\n담에서", []),
        ("정상회\n(담에서)", []),
        ("interna-\ntional", ["-\ninterna tional"]),
        ("interna\ntional", ["\ninterna tional"]),
        ("interna\u00ad\ntional", ["\ninterna tional"]),
        ("covid-\n19", ["-\ncovid 19"]),
        ("the WHO-\nled", ["-\nWHO led"]),
        ("the AS\nEAN", ["\nAS ean"]),
        ("a --\nb", []),
        ("20\n24년", ["\n20 24년"]),
        ("정상회\nabc", []),
        ("외 교 부 장관", [" 외 교 부"]),
        ("성   명", [" 성 명"]),
        ("그 때", []),
        ("외 교/부", []),
        ("첫 줄은 길다.\n짧은\n둘째 줄보다 한참 더 긴 줄이 있다", []),
    ],
)
def test_a_joint_is_where_a_word_may_be_parted(text: str, expected: list[str]) -> None:
    assert [joint.key for joint in joints(text)] == expected


@given(broken)
@example(["외 교 부\n장관", "가 나 각\n한", "a-\nb-\nc", "\n가\n나\n"])
@example(["가\u3000\n나", "가\n\u200b 나", "가 \u00a0 나 다", "한\u00ad\n국"])
def test_a_build_sees_the_joints_of_a_text(texts: list[str]) -> None:
    ids = WordIds()
    collector = ids.collector()
    for text in texts:
        collector.add(text)
    encoded, names = collector.take(), ids.new_words()
    found = [names[number] for number in encoded.numbers.tolist()]
    expected = [restored(text) for text in texts]
    assert encoded.sizes.tolist() == list(map(len, expected))
    assert found == [word for row in expected for word in row]


def test_what_may_be_a_word_is_one_where_line_ends_part_words() -> None:
    sure, maybe = Joint("\n정상회 담", 0), Joint("\n공급 망", 4)
    spaced = Joint(" 외 교 부", 5, 3)
    assert not list(joined([(maybe, Verdict.EITHER)], 1))
    both = [(sure, Verdict.ONE), (maybe, Verdict.EITHER)]
    assert list(joined(both, 2)) == both
    many = [(Joint("\n가 나", 2 * n), Verdict.EITHER) for n in range(3)]
    assert list(joined(many, 6)) == many
    assert not list(joined(many, 7))
    assert list(joined([*both, (spaced, Verdict.ONE)], 2)) == both  # its 외 is taken


def test_nothing_known_is_joined_without_evidence_that_line_ends_part_words() -> None:
    sure, name = Joint("\ninterna tional", 0), Joint("\nkunst halle", 4)
    names = [(name, Verdict.UNKNOWN), (Joint("\n12 34", 8), Verdict.UNKNOWN)]
    assert not list(joined(names, 2))
    broken = [(sure, Verdict.ONE), *names]
    assert list(joined(broken, 4)) == broken
    assert list(joined(broken, 5)) == broken[:1]


def verdicts(korean: Korean, *keys: str) -> list[int]:
    return [width for _, width in korean.analyze(keys)]


def test_words_are_one_if_the_dictionary_has_them_as_one(korean: Korean) -> None:
    one = (
        "\n정상회 담에서",
        "\n우즈베키 스탄과의",
        "\n고등학 교에서",
        "\n정부 는",
        " 외 교 부 장 관",
    )
    assert verdicts(korean, *one) == [Verdict.ONE] * len(one)
    either = ("\n공급 망", "\n간격 이", "\n하였 다")
    assert verdicts(korean, *either) == [Verdict.EITHER] * len(either)
    apart = ("\n열린 한중", "\n가장 먼저", "\n생각도 시간이", "\n수 있다", " 할 수 그")
    assert verdicts(korean, *apart) == [Verdict.APART] * len(apart)


def test_english_words_are_one_if_the_list_has_them_as_one(korean: Korean) -> None:
    one = ("\ninterna tional", "-\ncoopera tion", "-\nuzbeki stan", "-\nproce dures은")
    assert verdicts(korean, *one) == [Verdict.ONE] * len(one)
    either = ("\nto day", "\ncol our")
    assert verdicts(korean, *either) == [Verdict.EITHER] * len(either)
    unknown = ("\ncryp tocurrencies", "\n20 24년", "\nfreund schaft")
    assert verdicts(korean, *unknown) == [Verdict.UNKNOWN] * len(unknown)
    apart = ("\nof the", "\nthe me", "-\nwell known", "-\ncovid 19", "\nthat kimchijeon")
    assert verdicts(korean, *apart) == [Verdict.APART] * len(apart)


def test_the_parts_of_a_parted_word_have_the_offsets_of_the_text(korean: Korean) -> None:
    text = "열린 한중 정상회 \n  담에서, well-\nknown proce-\ndures. 홍  길 동"
    analyzer = Analyzer(Lexicon(), korean)
    analyzer.learn([joint.key for joint in joints(text)])
    shown = {
        part.term: text[slice(*token.span_of(part))]
        for token in analyzer.tokens(text)
        for part in token.word.parts
    }
    assert shown["정상"] == "정상"
    assert shown["회담"] == "회 \n  담"
    assert shown["know"] == "known"
    assert shown["procedur"] == "proce-\ndures"
    assert shown["홍길동"] == "홍  길 동"


TEXT = """지난 주 서울에서 열린 한중 정상회
담에서 두 나라는 공급
망 안정을 위하여 노력하기로 하였다. The interna-
tional coopera-
tion with Uzbeki-
stan went on.

외 교 부 장 관
수 신 자 : 홍 길 동
"""


@pytest.mark.kiwi
@pytest.mark.parametrize(
    "query",
    [
        "한중 정상회담",
        "정상회담에서 두 나라",
        "공급망 안정",
        "international cooperation with",
        "외교부 장관",
    ],
)
def test_a_parted_word_is_found_alone_and_in_a_phrase(tmp_path: Path, query: str) -> None:
    (tmp_path / "글.txt").write_text(TEXT, encoding="utf-8")
    (tmp_path / "b.txt").write_text("정상 가동. 회담장. 공급 계획. 망 중립성.", encoding="utf-8")
    built(tmp_path)
    with Searcher.open(tmp_path / ".chaja") as searcher:
        for word in query.split():
            assert "글.txt" in [hit.path for hit in searcher.search(f"+{word}", strict=True)]
        hits = searcher.phrase(query, strict=True, bridge=False)
        assert [hit.path for hit in hits] == ["글.txt"]
        assert hits[0].matches


@pytest.mark.kiwi
def test_an_index_with_parted_words_matches_its_text(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("정상회담 이야기", encoding="utf-8")
    built(tmp_path)
    (tmp_path / "b.txt").write_text(TEXT, encoding="utf-8")
    built(tmp_path)
    assert verify(tmp_path / ".chaja", deep=True).sound
