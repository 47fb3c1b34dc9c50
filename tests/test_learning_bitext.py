"""A build learns from documents that have a bitext."""

from __future__ import annotations

import json
import random
from pathlib import Path
from unicodedata import normalize

import pytest
from bridge_corpus import NOUNS, PAPER, built, content, entries, translated
from bridge_corpus import plain_korean as plain_korean

from index.bridge.entry import Source
from index.bridge.evidence.bitext import Bitext
from index.bridge.evidence.extract import Evidence, Kind
from index.directory.location import FOLDER
from index.ingest import bridge_update
from index.verify import verify

pytestmark = pytest.mark.usefixtures("plain_korean")


def papers(count: int, *, shift: int = 0) -> dict[str, str]:
    """Return documents whose titles and abstracts are in both languages."""
    files = {}
    for number in range(count):
        korean = translated(number)[0].split("\n")
        english = translated(number + shift)[1].split("\n")
        files[f"{number}.txt"] = "\n".join(
            [
                *(korean[0].rstrip("."), english[0].rstrip("."), "", "국문초록", *korean[1:5]),
                *("", "Abstract", *english[1:5]),
            ]
        )
    return files


def test_six_papers_teach_translations(tmp_path: Path) -> None:
    report = built(tmp_path, papers(6))
    learned = entries(tmp_path, Source.PARALLEL)
    right = [pair for pair in NOUNS.items() if pair in learned]
    nouns = {english: korean for korean, english in NOUNS.items()}
    wrong = [pair for pair in learned if " " not in pair[0] and pair[0] not in nouns[pair[1]]]
    assert len(right) >= 12
    assert len(wrong) <= 3
    assert len(content(tmp_path).learned) == 6
    assert report.notes == ()


def test_papers_that_come_or_change_are_learned_from_and_those_that_go_are_forgotten(
    tmp_path: Path,
) -> None:
    built(tmp_path, papers(6))
    before = content(tmp_path)
    built(tmp_path, {"other.txt": "harbour"})
    assert content(tmp_path).learned == before.learned
    (tmp_path / "0.txt").write_text("양봉", encoding="utf-8")
    built(tmp_path)
    assert len(content(tmp_path).learned) == 5
    for number in range(1, 6):
        (tmp_path / f"{number}.txt").unlink()
    built(tmp_path)
    assert content(tmp_path).learned == ()
    assert entries(tmp_path, Source.PARALLEL) == {}


def test_records_with_fields_in_both_languages_teach_as_well(tmp_path: Path) -> None:
    rows = []
    chance = random.Random(3)
    for number in range(12):
        nouns = chance.sample(sorted(NOUNS), 4)
        english = [NOUNS[noun] for noun in nouns]
        chance.shuffle(english)
        rows.append(
            {
                "id": str(number),
                "title": " ".join(nouns),
                "title_en": " ".join(english),
                "text": "글",
            }
        )
    lines = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
    built(tmp_path, {"papers.jsonl": lines})
    learned = entries(tmp_path, Source.PARALLEL)
    assert sum(pair in learned for pair in NOUNS.items()) >= 12


def test_documents_whose_languages_differ_in_content_teach_next_to_nothing(
    tmp_path: Path,
) -> None:
    report = built(tmp_path, papers(40, shift=100))
    assert entries(tmp_path, Source.PARALLEL) == {}
    assert report.notes == ()


def test_a_pair_seen_once_in_few_papers_is_not_learned(tmp_path: Path) -> None:
    built(tmp_path, papers(6))
    assert all(entry.weight > 0.45 for entry in entries(tmp_path, Source.PARALLEL).values())


def test_files_named_as_translations_are_learned_from_beside_many_papers(tmp_path: Path) -> None:
    built(tmp_path, papers(60))
    before = content(tmp_path).learned
    files = {"ko/new.txt": "꿀벌 염전.\n", "en/new.txt": "Honeybee saltern.\n"}
    built(tmp_path, files)
    assert len(content(tmp_path).learned) == len(before) + 1
    assert sum(mark & 1 for mark in content(tmp_path).learned) == len(before)


def test_of_very_many_papers_the_same_are_learned_from(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bridge_update, "_MOST_IN_BOTH", 20)
    built(tmp_path, papers(60))
    before = set(content(tmp_path).learned)
    assert len(before) == 20
    monkeypatch.setattr(bridge_update, "_CHANGED", 0)
    built(tmp_path, {"more.txt": papers(61)["60.txt"]})
    assert len(before & set(content(tmp_path).learned)) >= 19


def test_a_gloss_counts_however_it_is_written(tmp_path: Path) -> None:
    forms = ("양봉 산업(Beekeeping Industry)", "양봉 산업(beekeeping industry)")
    apart = normalize("NFD", "양봉 산업") + "(beekeeping industry)"
    built(tmp_path, {f"{n}.txt": text for n, text in enumerate((*forms, apart))})
    [entry] = entries(tmp_path, Source.GLOSS).values()
    assert (entry.korean, entry.english, entry.weight) == ("양봉 산업", "beekeeping industry", 0.9)


def test_keywords_are_glosses(tmp_path: Path) -> None:
    built(tmp_path, {"a.txt": PAPER})
    assert ("광물 외교", "mineral diplomacy") in entries(tmp_path, Source.GLOSS)


def test_an_index_of_such_documents_is_what_its_text_gives(tmp_path: Path) -> None:
    row = {"title": "두 나라의 협력", "title_en": "Cooperation of two countries", "text": "글"}
    files = papers(3) | {"a.txt": PAPER, "b.jsonl": json.dumps(row) + "\n"}
    built(tmp_path, files)
    assert verify(tmp_path / FOLDER, deep=True).damage == ()


def test_a_digest_changes_with_either_text() -> None:
    one = Bitext("가", "a", ())
    digests = {one.digest, Bitext("나", "a", ()).digest, Bitext("가", "b", ()).digest}
    assert len(digests) == 3
    assert Evidence.of_term(Evidence(Kind.BITEXT, one.digest).term()).first == one.digest
