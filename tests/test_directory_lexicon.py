from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.analysis.lexicon import Analysis, Lexicon, decoded, encoded
from index.analysis.word import Part, Role
from index.arrays.files import CorruptFile
from index.directory import lexicon_files
from index.directory.lexicon_files import LexiconFiles, open_lexicon


def noun(term: str) -> Analysis:
    return (Part(term, Role.PRIMARY, 0, 0, len(term)),), 1


MINISTRY = {"외교부는": noun("외교부"), "외교부": noun("외교부")}
MANY = {f"낱말{number}": noun(f"낱말{number}") for number in range(1201)}


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "낱말 #1?"


@pytest.fixture(params=["file", "large file", "memory"])
def lexicon(
    request: pytest.FixtureRequest, path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Lexicon]:
    if request.param == "large file":
        monkeypatch.setattr(lexicon_files, "_SMALL", 0)
    with closing(Lexicon() if request.param == "memory" else open_lexicon(path)) as opened:
        yield opened


def test_a_few_of_many_words_are_looked_up_as_well(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lexicon_files, "_SMALL", 0)
    with closing(open_lexicon(path)) as first:
        first.add(MANY)
    with closing(open_lexicon(path)) as second:
        assert second.get("낱말7") == MANY["낱말7"]
        assert second.look_up(["낱말1", "없다"]) == {"낱말1": MANY["낱말1"]}


def test_what_was_added_is_known_and_the_rest_is_not(lexicon: Lexicon) -> None:
    lexicon.add(MINISTRY)
    assert lexicon.get("외교부는") == noun("외교부")
    assert lexicon.get("국방부") is None
    assert lexicon.look_up(["국방부", "외교부"]) == {"외교부": noun("외교부")}
    assert len(lexicon) == 2


def test_a_word_that_was_missing_is_known_once_it_is_added(lexicon: Lexicon) -> None:
    assert lexicon.get("외교부") is None
    lexicon.add(MINISTRY)
    assert lexicon.get("외교부") == noun("외교부")


def test_thousands_of_words_are_looked_up_at_once(lexicon: Lexicon) -> None:
    lexicon.add(MANY)
    assert lexicon.look_up([*MANY, "없다"]) == MANY


def test_nothing_is_a_fair_thing_to_add_and_to_look_up(lexicon: Lexicon) -> None:
    lexicon.add({})
    assert lexicon.look_up([]) == {}
    assert lexicon.endings([]) == set()
    assert len(lexicon) == 0


def test_a_lexicon_survives_being_closed(path: Path) -> None:
    with closing(open_lexicon(path)) as first:
        first.add(MINISTRY | MANY)
    with closing(open_lexicon(path)) as second:
        assert second.look_up([*MINISTRY, *MANY]) == MINISTRY | MANY
        assert len(second) == len(MINISTRY) + len(MANY)
        assert second.endings(["는", "은"]) == {"는"}


def test_what_was_added_is_on_disk_before_the_lexicon_is_closed(path: Path) -> None:
    with closing(open_lexicon(path)) as writer:
        writer.add(MINISTRY)
        with closing(open_lexicon(path, writable=False)) as reader:
            assert reader.look_up(MINISTRY) == MINISTRY
            assert reader.endings(["는"]) == {"는"}


def test_a_lexicon_open_for_reading_stays_as_it_was(path: Path) -> None:
    with closing(open_lexicon(path)) as writer:
        writer.add(MINISTRY)
        with closing(open_lexicon(path, writable=False)) as reader:
            for number in range(20):  # among them the file of `reader` is merged away
                writer.add({f"낱말{number}": noun("낱말")})
            assert reader.look_up([*MINISTRY, "낱말3"]) == MINISTRY
        with closing(open_lexicon(path, writable=False)) as again:
            assert len(again) == len(MINISTRY) + 20
            assert again.endings(["는"]) == {"는"}


def test_many_small_batches_become_few_files(path: Path) -> None:
    with closing(open_lexicon(path)) as lexicon:
        for word, analysis in MANY.items():
            lexicon.add({word: analysis})
        assert lexicon.look_up(MANY) == MANY
    assert len(list(path.parent.iterdir())) < 40
    with closing(open_lexicon(path)) as again:
        assert again.look_up([*MANY, "없다"]) == MANY


def test_at_the_end_of_a_build_the_small_files_become_one(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lexicon_files, "_ALWAYS_MERGED", 20)
    with closing(open_lexicon(path)) as lexicon:
        lexicon.add(MANY)
        for number in range(5):
            lexicon.add({f"말{number}": noun("말")})
        lexicon.compact()
        assert len(lexicon.dictionaries()) == 2
        assert lexicon.look_up(["말3", "낱말7"]) == {"말3": noun("말"), "낱말7": MANY["낱말7"]}
    with closing(open_lexicon(path)) as lexicon:
        assert lexicon.look_up(["말3", "낱말7"]) == {"말3": noun("말"), "낱말7": MANY["낱말7"]}
        lexicon.compact()
        assert len(lexicon.dictionaries()) == 2


def test_files_that_were_merged_and_could_not_be_removed_count_once_and_go_later(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def kept(*_: object, **__: object) -> None:
        raise PermissionError(13, "it is open elsewhere")

    def numbers() -> list[int]:
        return sorted(int(file.stem.rpartition("-")[2]) for file in path.parent.iterdir())

    with closing(open_lexicon(path)) as lexicon, monkeypatch.context() as patch:
        patch.setattr(Path, "unlink", kept)
        for word, analysis in MANY.items():
            lexicon.add({word: analysis})
        assert len(lexicon) == len(MANY)
    whole = numbers()
    assert len(whole) > len(MANY)
    with closing(open_lexicon(path, writable=False)) as reader:
        assert len(reader) == len(MANY)
        assert reader.look_up(MANY) == MANY
        assert reader.endings(["는"]) == set()
    assert numbers() == whole
    for _ in range(2):
        with closing(open_lexicon(path)) as again:
            assert len(again) == len(MANY)
            assert again.look_up(MANY) == MANY
        assert len(numbers()) < 40


def test_a_file_of_a_batch_that_was_stopped_is_cleared_away(path: Path) -> None:
    open_lexicon(path).close()
    half = path.with_name(path.name + "-2.lex.new")
    half.write_bytes(b"half")
    open_lexicon(path, writable=False).close()
    assert half.exists()
    open_lexicon(path).close()
    assert not half.exists()


def test_a_lexicon_open_for_reading_learns_for_itself_only(path: Path) -> None:
    open_lexicon(path).close()
    with closing(open_lexicon(path, writable=False)) as reader:
        reader.add(MINISTRY)
        assert reader.get("외교부") == noun("외교부")
        assert reader.endings(["는"]) == {"는"}
    with closing(open_lexicon(path)) as again:
        assert len(again) == 0
        assert again.endings(["는"]) == set()


def test_opening_for_reading_makes_no_file(path: Path) -> None:
    with pytest.raises(FileNotFoundError, match="lexicon is missing"):
        open_lexicon(path, writable=False)
    assert list(path.parent.iterdir()) == []


def test_what_was_looked_up_stays_known_after_closing(path: Path) -> None:
    lexicon = open_lexicon(path)
    lexicon.add(MINISTRY)
    lexicon.close()
    lexicon.close()
    assert lexicon.get("외교부") == noun("외교부")
    assert lexicon.get("국방부") is None


def test_letters_after_the_nouns_of_a_word_are_an_ending(lexicon: Lexicon) -> None:
    government = (Part("한국", Role.PRIMARY, 0, 0, 2), Part("정부", Role.PRIMARY, 1, 2, 4))
    lexicon.add({"외교부는": noun("외교부"), "한국정부에서도": (government, 2)})
    assert lexicon.endings(["는", "에서도", "부는", "도", ""]) == {"는", "에서도"}


@pytest.mark.parametrize(
    ("word", "analysis"),
    [
        ("먹었다", ((Part("먹다", Role.PRIMARY, 0, 0, 1),), 1)),
        ("에서는", ((Part("에서는", Role.FALLBACK, 0, 0, 3),), 0)),
        ("1년에는", noun("년")),
        ("A팀의", noun("팀")),
        ("제1", noun("제")),
        ("외교부", noun("외교부")),
    ],
)
def test_verbs_particles_and_words_in_company_teach_no_ending(
    lexicon: Lexicon, word: str, analysis: Analysis
) -> None:
    lexicon.add({word: analysis})
    assert not lexicon.endings([word[start:] for start in range(len(word))])


parts = st.builds(
    Part, st.text(max_size=5), st.sampled_from(Role), *[st.integers(0, 70) for _ in range(3)]
)


@given(st.tuples(st.lists(parts, max_size=4).map(tuple), st.integers(0, 70)))
def test_an_analysis_is_the_same_written_down_and_read_again(analysis: Analysis) -> None:
    assert decoded(encoded(analysis)) == analysis
    assert "\n" not in encoded(analysis)


@pytest.mark.parametrize(
    "line",
    [
        b"[1]",
        b"[1,[[7,0,0,0,1]]]",
        b'[1,[["a",9,0,0,1]]]',
        b'[1,[["a",0,0,0]]]',
        b'[1,[["a",0,0,0.5,1]]]',
        b'[1,[["a",0,0,0,9999999999]]]',
        b'["1",[["a",0,0,0,1]]]',
        b"[1,[]],[1,[]]",
    ],
)
def test_an_analysis_that_is_none_is_a_corrupt_file(tmp_path: Path, line: bytes) -> None:
    files = LexiconFiles(tmp_path, "words", writable=True)
    files.add({b"word": line}, ())
    files.close()
    lexicon = open_lexicon(tmp_path / "words", writable=False)
    with closing(lexicon), pytest.raises(CorruptFile, match=r"^the lexicon: "):
        lexicon.look_up(["word"])
