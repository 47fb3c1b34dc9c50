"""A build updates the bridge from user translations and from the documents."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from bridge_corpus import NOUNS, built, content, entries, taught_texts, translated, translations
from bridge_corpus import no_general_glossary as no_general_glossary
from bridge_corpus import plain_korean as plain_korean
from hypothesis import given
from hypothesis import strategies as st
from index_corpus import put, put_all

from corpus import Document
from index.bridge.entry import OF_THE_USER, Entry, Source, deduplicate
from index.bridge.evidence.extract import Evidence, Kind, evidence_terms
from index.bridge.glossary_file import general_entries
from index.directory.commit import FORMAT, commit_file_name
from index.directory.directory_reader import DirectoryReader
from index.directory.location import FOLDER
from index.edit_glossary import entries_of
from index.ingest import bridge_update
from index.ingest.bridge_store import NO_LEARNING, LearningStats
from search.searcher import Searcher

pytestmark = pytest.mark.usefixtures("plain_korean")


def bridge_file(folder: Path) -> str:
    file = DirectoryReader.open(folder / FOLDER).bridge_file
    assert file is not None
    return file.name


# User translations.


def test_without_a_word_of_the_users_there_is_the_general_glossary(tmp_path: Path) -> None:
    built(tmp_path, {"a.txt": "harbour"})
    assert not entries(tmp_path)
    listed = {(entry.korean, entry.english) for entry in entries_of(tmp_path / FOLDER)}
    assert listed == {(entry.korean, entry.english) for entry in general_entries()}


def test_what_the_user_says_wins_over_the_general_glossary(tmp_path: Path) -> None:
    known = next(entry for entry in general_entries() if entry.weight == 1)
    glossary = f"{known.korean}\t{known.english}\t0.25\n양봉\tbeekeeping\n"
    built(tmp_path, {"a.txt": "harbour"}, glossary=glossary)
    listed = {(entry.korean, entry.english): entry for entry in entries_of(tmp_path / FOLDER)}
    entry = listed[known.korean, known.english]
    assert (entry.weight, entry.source) == (0.25, Source.USER)


def test_what_the_user_says_now_wins_over_what_was_said_before(tmp_path: Path) -> None:
    built(tmp_path, {"a.txt": "harbour"}, glossary="양봉\tbeekeeping\t0.5\n꿀벌\thoneybee\n")
    built(tmp_path, glossary="양봉\tbeekeeping\t0.75\n")
    found = entries(tmp_path, Source.USER)
    assert {words: entry.weight for words, entry in found.items()} == {
        ("양봉", "beekeeping"): 0.75,
        ("꿀벌", "honeybee"): 1.0,
    }


@pytest.mark.parametrize("rebuild", [False, True])
def test_a_pair_that_was_struck_out_stays_so_whatever_the_documents_say(
    tmp_path: Path, rebuild: bool
) -> None:
    gloss = {"a.txt": "개념적 틀(conceptual framework)을 쓴다."}
    built(tmp_path, gloss, glossary="개념적 틀\tconceptual framework\t0\n")
    built(tmp_path, {"b.txt": gloss["a.txt"]}, rebuild=rebuild)
    entry = entries(tmp_path)["개념적 틀", "conceptual framework"]
    assert (entry.weight, entry.source) == (0, Source.USER)


def test_an_index_made_anew_keeps_what_the_user_said_and_learns_the_rest_again(
    tmp_path: Path,
) -> None:
    files = {"a.txt": "개념적 틀(conceptual framework)을 쓴다."}
    built(tmp_path, files, glossary="양봉\tbeekeeping\n")
    before = content(tmp_path)
    built(tmp_path, rebuild=True)
    assert content(tmp_path) == before


@pytest.mark.parametrize("kept", [None, 100])
def test_an_index_made_anew_in_place_of_a_damaged_one_says_that_it_lost_what_the_user_said(
    tmp_path: Path, kept: int | None
) -> None:
    built(tmp_path / "docs", {"a.txt": "harbour"}, glossary="양봉\tbeekeeping\n")
    path = tmp_path / "docs" / FOLDER / bridge_file(tmp_path / "docs")
    if kept is None:
        path.unlink()
    else:
        path.write_bytes(path.read_bytes()[:kept])
    [note] = built(tmp_path / "docs", rebuild=True).notes
    assert "chaja glossary" in note
    assert content(tmp_path / "docs").entries == ()
    assert built(tmp_path / "docs").notes == ()


def of_format(number: int) -> Callable[[bytes], bytes]:
    return lambda data: data.replace(f'"format": {FORMAT}'.encode(), f'"format": {number}'.encode())


@pytest.mark.parametrize(
    "changed", [of_format(FORMAT - 1), of_format(FORMAT + 1), lambda data: data[: len(data) // 2]]
)
def test_an_index_made_anew_keeps_what_the_user_said_where_its_commit_file_cannot_be_read(
    tmp_path: Path, changed: Callable[[bytes], bytes]
) -> None:
    docs = tmp_path / "docs"
    (tmp_path / "pairs.tsv").write_text("docs/a.txt\tdocs/b.txt\n", encoding="utf-8")
    files = {"a.txt": "개념적 틀(conceptual framework)을 쓴다.", "b.txt": "harbour"}
    built(docs, files, glossary="양봉\tbeekeeping\n", pairs=tmp_path / "pairs.tsv")
    built(docs, glossary="꿀벌\thoneybee\t0.5\n")
    before = content(docs)
    commit_file = docs / FOLDER / commit_file_name(2)
    data = commit_file.read_bytes()
    commit_file.write_bytes(changed(data))
    assert commit_file.read_bytes() != data
    newest = (docs / FOLDER / "chaja-2.bridge").read_bytes()
    (docs / FOLDER / "chaja-11.bridge").write_bytes(newest[:100])  # of a build that was stopped
    assert built(docs, rebuild=True).notes == ()
    assert content(docs) == before
    left = {path.name for path in (docs / FOLDER).glob("*.bridge")}
    assert left == {bridge_file(docs), "chaja-1.bridge"}  # with that of the commit before


@pytest.mark.parametrize("damage", [Path.unlink, lambda path: path.write_bytes(b"half of one")])
def test_where_neither_commit_file_nor_bridge_can_be_read_only_what_was_there_is_said_to_be_lost(
    tmp_path: Path, damage: Callable[[Path], object]
) -> None:
    docs = tmp_path / "docs"
    built(docs, {"a.txt": "harbour"}, glossary="양봉\tbeekeeping\n")
    (docs / FOLDER / commit_file_name(1)).write_bytes(b"{")
    bridge = docs / FOLDER / "chaja-1.bridge"
    damage(bridge)
    was_there = bridge.exists()
    notes = built(docs, rebuild=True).notes
    assert sum("add it again" in note for note in notes) == was_there
    assert sum("--dictionary FILE" in note for note in notes) == 1
    assert content(docs).entries == ()


# Glosses in a text.


def test_a_gloss_becomes_an_entry_that_weighs_more_where_more_documents_have_it(
    tmp_path: Path,
) -> None:
    weights = []
    for number in range(4):
        built(tmp_path, {f"{number}.txt": "개념적 틀(conceptual framework)을 쓴다."})
        weights.append(entries(tmp_path)["개념적 틀", "conceptual framework"].weight)
    assert weights[0] < weights[1] < weights[2] == weights[3] < 1
    for number in range(4):
        (tmp_path / f"{number}.txt").unlink()
    built(tmp_path)
    assert entries(tmp_path, Source.GLOSS) == {}


def test_what_letters_stand_for_in_one_document_translates_a_gloss_of_another(
    tmp_path: Path,
) -> None:
    files = {
        "a.txt": "국제개발협력(ODA)을 늘린다.",
        "b.txt": "Official development assistance (ODA) has grown.",
    }
    built(tmp_path, files)
    assert {words for words in entries(tmp_path, Source.GLOSS) if words[0] == "국제개발협력"} == {
        ("국제개발협력", "ODA"),
        ("국제개발협력", "Official development assistance"),
    }


def test_an_expansion_implied_in_one_document_counts_with_the_same_stated_in_another(
    tmp_path: Path,
) -> None:
    files = {
        "a.txt": "세계무역기구(WTO)가 말했다. WTO(World Trade Organization)는 크다.",
        "b.txt": "세계무역기구(World Trade Organization)가 말했다.",
    }
    built(tmp_path, files)
    found = entries(tmp_path, Source.GLOSS)
    stated = found["세계무역기구", "World Trade Organization"]
    assert stated.weight > found["세계무역기구", "WTO"].weight


# Parallel documents.


def test_files_that_their_names_tell_are_translations_teach_their_words(tmp_path: Path) -> None:
    report = built(tmp_path, translations(range(20)))
    learned = entries(tmp_path, Source.PARALLEL)
    assert NOUNS.items() <= learned.keys()
    others = {words: e for words, e in learned.items() if words not in NOUNS.items()}
    least = min(learned[words].weight for words in NOUNS.items())
    assert all(entry.weight < least for words, entry in others.items() if " " not in words[0])
    assert len(content(tmp_path).learned) == 20
    assert report.notes == ()


def test_a_build_says_how_much_it_has_learned_and_from_how_many_texts(tmp_path: Path) -> None:
    assert built(tmp_path, {"a.txt": "양봉"}).learning == NO_LEARNING
    report = built(tmp_path, translations(range(12)))
    assert report.learning == LearningStats(len(entries(tmp_path, Source.PARALLEL)), 12)
    with Searcher.open(tmp_path / FOLDER) as searcher:
        assert searcher.info().bridge[Source.PARALLEL] == report.learning.translations
    assert built(tmp_path, {"b.txt": "꿀"}).learning == NO_LEARNING
    assert built(tmp_path, rebuild=True).learning == report.learning


def test_pages_that_link_each_other_are_translations(tmp_path: Path) -> None:
    page = '<html><head><title>t</title><link rel="alternate" hreflang="{}" href="{}"></head>'
    body = "<body><main><p>{}</p></main></body></html>"
    texts = dict(zip(("ko", "en"), translated(1, lines=60), strict=True))
    files = {
        "one/k.html": page.format("en", "../two/e.html") + body.format(texts["ko"]),
        "two/e.html": page.format("ko", "/one/k.html") + body.format(texts["en"]),
        "two/f.html": page.format("ko", "/none/k.html") + body.format(texts["en"]),
        "two/g.html": page.format("ko", "https://[none/k.html") + body.format(texts["en"]),
    }
    built(tmp_path, files)
    assert len(content(tmp_path).learned) == 1
    assert entries(tmp_path, Source.PARALLEL)


def test_files_that_the_user_says_are_translations_teach_in_this_build_and_all_that_follow(
    tmp_path: Path,
) -> None:
    names = {"ko": "first/{number}.txt", "en": "second/{number}.txt"}
    files = {}
    for number in range(12):
        texts = translations([number], names="{language}")
        files |= {names[name].format(number=number): text for name, text in texts.items()}
    put_all(tmp_path / "docs", files)
    lines = [f"docs/second/{number}.txt\tdocs/first/{number}.txt\n" for number in range(12)]
    (tmp_path / "pairs.tsv").write_text("".join(lines), encoding="utf-8")
    built(tmp_path)
    assert content(tmp_path).learned == ()
    built(tmp_path, pairs=tmp_path / "pairs.tsv")
    declared = content(tmp_path)
    assert len(declared.learned) == len(declared.declared) == 12
    assert entries(tmp_path, Source.PARALLEL).keys() >= set(NOUNS.items())
    built(tmp_path, rebuild=True)
    assert content(tmp_path) == declared


def test_a_page_left_in_english_is_taken_for_korean_by_its_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    taught = taught_texts(monkeypatch)
    (tmp_path / "pairs.tsv").write_text("c.txt\td.txt\n", encoding="utf-8")
    files = {
        "ko/a.txt": "Left as it was.",
        "en/a.txt": "The page.",
        "ko/b.txt": "양봉",
        "en/b.txt": "Bees.",
        "c.txt": "Kiln.",
        "d.txt": "가마",
    }
    built(tmp_path, files, pairs=tmp_path / "pairs.tsv")
    assert sorted(taught) == [
        ("Left as it was.", "The page."),
        ("가마", "Kiln."),
        ("양봉", "Bees."),
    ]


def test_the_texts_of_a_pair_are_those_of_now(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    taught = taught_texts(monkeypatch)
    files = {"ko/a.txt": "양봉", "en/a.txt": "Bees.", "ko/b.txt": "가마", "en/b.txt": " "}
    built(tmp_path, files | {f"{number}.txt": "Honey." for number in range(9)})
    assert sorted(taught) == [("가마", ""), ("양봉", "Bees.")]
    taught.clear()
    built(tmp_path, {"ko/a.txt": "꿀벌"})
    assert sorted(taught) == [("가마", ""), ("꿀벌", "Bees.")]


def test_a_declared_file_that_is_not_in_the_index_teaches_nothing_and_is_named(
    tmp_path: Path,
) -> None:
    (tmp_path / "pairs.tsv").write_text("a.txt\tnone.txt\n", encoding="utf-8")
    report = built(tmp_path, {"a.txt": "양봉"}, pairs=tmp_path / "pairs.tsv")
    assert content(tmp_path).declared == (("a.txt", "none.txt"),)
    assert report.notes[0] == "--pairs lists files that are not in the index: none.txt"
    assert content(tmp_path).learned == ()
    assert built(tmp_path, {"b.txt": "꿀"}).notes == ()


def test_files_that_are_no_translations_for_all_their_names_teach_nothing_and_are_named(
    tmp_path: Path,
) -> None:
    report = built(tmp_path, translations(range(40), shift=100))
    [note] = report.notes
    assert note.startswith("the 40 pairs of parallel files do not look like")
    assert len(entries(tmp_path, Source.PARALLEL)) < 5


# What is learned again, and what is not.


def test_a_build_that_changes_no_pair_learns_nothing_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    built(tmp_path, translations(range(20)))
    name, before = bridge_file(tmp_path), content(tmp_path)
    monkeypatch.setattr(bridge_update, "learn", lambda *_: pytest.fail("learned again"))
    monkeypatch.setattr(bridge_update, "pairs_by_sound", lambda *_: pytest.fail("compared again"))
    built(tmp_path, {"other.txt": "harbour"})
    assert bridge_file(tmp_path) == name
    assert content(tmp_path) == before


def test_a_build_without_any_change_leaves_the_commit_as_it_is(tmp_path: Path) -> None:
    built(tmp_path, {"a.txt": "harbour"}, glossary="양봉\tbeekeeping\n")
    before = sorted(path.name for path in (tmp_path / FOLDER).iterdir())
    built(tmp_path, glossary="양봉\tbeekeeping\n")
    assert sorted(path.name for path in (tmp_path / FOLDER).iterdir()) == before
    built(tmp_path, glossary="양봉\tbeekeeping\t0.33333\n")
    before = sorted(path.name for path in (tmp_path / FOLDER).iterdir())
    built(tmp_path, glossary="양봉\tbeekeeping\t0.33333\n")
    assert sorted(path.name for path in (tmp_path / FOLDER).iterdir()) == before
    built(tmp_path, glossary="양봉\tbeekeeping\t0.5\n")
    assert entries(tmp_path)["양봉", "beekeeping"].weight == 0.5


def test_a_pair_that_comes_or_changes_is_learned_from(tmp_path: Path) -> None:
    built(tmp_path, translations(range(12)))
    before = content(tmp_path).learned
    built(tmp_path, translations([12]))
    grown = content(tmp_path).learned
    assert set(before) < set(grown)
    put(tmp_path, "ko/12.txt", "양봉 목수.\n")
    built(tmp_path)
    changed = content(tmp_path).learned
    assert len(set(changed) & set(grown)) == len(before)


# Names.


def test_words_that_sound_alike_are_compared_when_the_index_has_grown(tmp_path: Path) -> None:
    built(tmp_path, {"a.txt": "블링컨", "b.txt": "Secretary Blinken spoke."})
    [entry] = entries(tmp_path, Source.NAME).values()
    assert (entry.korean, entry.english) == ("블링컨", "blinken")
    assert 0 < entry.weight < 0.5
    built(tmp_path, {"c.txt": "후렐수흐", "d.txt": "Khurelsukh"})
    assert {korean for korean, _ in entries(tmp_path, Source.NAME)} == {"블링컨", "후렐수흐"}


@pytest.mark.usefixtures("no_general_glossary")
@pytest.mark.parametrize("language", ["ko", "en"])
def test_documents_in_one_language_teach_nothing(tmp_path: Path, language: str) -> None:
    files = translations(range(12))
    of_one = {name: text for name, text in files.items() if name.startswith(language)}
    report = built(tmp_path, of_one)
    assert content(tmp_path).entries == ()
    assert report.notes == ()


_some = st.sampled_from(["말", "집", "word", "house"])
_entries = st.lists(
    st.builds(
        Entry,
        _some,
        _some,
        st.sampled_from([0.0, 0.00001, 0.3, 0.33333, 1.0]),
        st.sampled_from(Source),
    )
)


@given(_entries)
def test_each_pair_of_words_is_kept_once_from_the_first_who_has_it(found: list[Entry]) -> None:
    kept = deduplicate(found)
    assert [(entry.korean, entry.english) for entry in kept] == sorted(
        {(entry.korean, entry.english) for entry in found}
    )
    for entry in kept:
        same = [e for e in found if (e.korean, e.english) == (entry.korean, entry.english)]
        assert entry.source is same[0].source
        weights = same[:1] if entry.source in OF_THE_USER else same
        assert entry.weight == round(max(e.weight for e in weights), 4)


def test_a_document_tells_by_its_brackets_and_names_and_most_tell_nothing() -> None:
    def telling(title: str, *passages: str) -> list[str]:
        document = Document(id="a", path="a.txt", title=title, text="", language="")
        return evidence_terms(document, passages)

    found = telling("국제개발협력(ODA)", "Kim Tae-yul spoke.", "Kim Tae-yul (again)", "No more.")
    assert found == [
        Evidence(Kind.GLOSS, "국제개발협력", "ODA").term(),
        Evidence(Kind.NAME, "Kim Tae-yul").term(),
    ]
    assert telling("협력", "Nothing (2024).", "가나다") == []


@given(st.sampled_from(Kind), st.text("가a 韓-", max_size=5), st.text("가a 韓-", max_size=5))
def test_what_a_document_tells_is_a_term_and_back(kind: Kind, first: str, second: str) -> None:
    evidence = Evidence(kind, first, second)
    assert Evidence.of_term(evidence.term()) == evidence
