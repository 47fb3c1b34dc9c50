"""The analyzer of an index, its dictionary and its lexicon."""

from __future__ import annotations

from pathlib import Path

import pytest
from index_corpus import PlainKorean, built, put
from index_corpus import no_waiting_for_the_disk as no_waiting_for_the_disk

from corpus.errors import AnalyzerMismatch, CorpusError
from index.analysis import dictionary
from index.analysis.dictionary import DictionaryError
from index.analyzers import check_analyzer, open_analyzer
from index.directory.directory_reader import DirectoryReader, lexicon_path
from index.directory.location import FOLDER
from index.ingest import writable_analyzer
from index.ingest.writable_analyzer import open_writable_analyzer, read_dictionary

pytestmark = pytest.mark.usefixtures("no_waiting_for_the_disk")


def test_a_dictionary_is_read_line_by_line(tmp_path: Path) -> None:
    path = tmp_path / "words.dic"
    path.write_text("# mine\n교보문고\tNNP\t0\n\n먹방\n", encoding="utf-8")
    entries = read_dictionary(path).entries
    assert [(entry.word, entry.tag) for entry in entries] == [("교보문고", "NNP"), ("먹방", "NNP")]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("먹방\tNOTAG\n".encode(), "line 1 .*NOTAG"),
        ("먹방\n혼밥\tNNG\t많이\n".encode(), "line 2 .*많이"),
    ],
)
def test_a_dictionary_that_cannot_be_read_is_named(
    tmp_path: Path, content: bytes, said: str
) -> None:
    path = tmp_path / "words.dic"
    path.write_bytes(content)
    with pytest.raises(CorpusError, match=rf"words\.dic: .*{said}") as caught:
        read_dictionary(path)
    assert "word<TAB>tag<TAB>score" in caught.value.hint


def test_a_dictionary_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(CorpusError, match=r"words\.dic cannot be read: No such file") as caught:
        read_dictionary(tmp_path / "words.dic")
    assert caught.value.hint == "Check its path and permissions."


def test_a_dictionary_is_decoded_like_a_document(tmp_path: Path) -> None:
    path = tmp_path / "words.dic"
    path.write_bytes("교보문고\n먹방\n".encode("cp949"))
    assert [entry.word for entry in read_dictionary(path).entries] == ["교보문고", "먹방"]
    path.write_bytes(b"\x00\x01\x02\xff")
    with pytest.raises(CorpusError, match=r"words\.dic is not text"):
        read_dictionary(path)


@pytest.mark.skipif(not Path("/dev/zero").exists(), reason="needs a file without an end")
def test_a_dictionary_without_an_end_is_refused() -> None:
    with pytest.raises(CorpusError, match=r"/dev/zero is longer than 134,217,728 bytes"):
        read_dictionary(Path("/dev/zero"))


def test_a_dictionary_of_too_many_words_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dictionary, "MOST_WORDS", 2)
    with pytest.raises(DictionaryError, match="line 3 exceeds the limit of 2 words"):
        dictionary.parse_dictionary(["가", "나", "다"])


def test_the_same_analyzer_passes() -> None:
    check_analyzer(Path("index"), "kiwi 1", "kiwi 1")
    with pytest.raises(AnalyzerMismatch, match=r"index: .*\[kiwi 1\].*\[kiwi 2\]"):
        check_analyzer(Path("index"), "kiwi 1", "kiwi 2")


def test_searching_and_building_share_one_lexicon(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(writable_analyzer, "KoreanProcess", PlainKorean)
    put(tmp_path, "a.txt", "강물이 흐른다.")
    built(tmp_path)
    index = tmp_path / FOLDER
    analyzer = open_analyzer(index, DirectoryReader.open(index).about)
    assert set(analyzer.lexicon.look_up(["강물이", "흐른다", "바람"])) == {"강물이", "흐른다"}
    analyzer.lexicon.close()


def test_the_lexicon_of_another_analyzer_is_another_file(tmp_path: Path) -> None:
    one, other = lexicon_path(tmp_path, "kiwi 1"), lexicon_path(tmp_path, "kiwi 2")
    assert one != other
    assert one == lexicon_path(tmp_path, "kiwi 1")


def test_a_vocabulary_opens_no_kiwi(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(writable_analyzer, "KoreanProcess", PlainKorean)
    opened = open_writable_analyzer(tmp_path, dictionary=None, rebuild=False)
    assert opened.analyzer.fingerprint == opened.about.analyzer_fingerprint
    assert "no dictionary" in opened.about.analyzer_fingerprint
    assert opened.analyzer.korean.asked == []
    opened.close()
