"""Small folders in two languages, and indexes of them that need no Kiwi."""

from __future__ import annotations

import random
from collections.abc import Iterable, Mapping
from pathlib import Path

import pytest
from index_corpus import PlainKorean, put_all

from index import analyzers
from index.bridge.entry import Entry, Source
from index.bridge.learning.learn import Learned, ParallelLines
from index.bridge.table import Content, Table, write_table
from index.builder.build import build
from index.builder.build_report import BuildReport
from index.directory.directory_reader import DirectoryReader, bridge_content
from index.directory.location import FOLDER
from index.ingest import writable_analyzer

# A paper with its title, abstract and keywords in both languages.
PAPER = """Journal of Regional Studies, Volume 12

한국의 ‘전략적 동반자’ 외교와 몽골

Korea’s ‘Strategic Partnership’ Diplomacy and Mongolia

홍길동

<국문초록>
이 논문은 두 나라의 관계를 다룬다. 수교는 1990년에 이루어졌다.

주제어: 전략적 동반자, 몽골, 광물 외교

Abstract
This paper deals with the relations of two countries. Ties were established in 1990.
Key words: strategic partnership, Mongolia, mineral diplomacy

1. 머리말
본문은 여기에서 시작한다. 그리고 길게 이어진다.
"""

NOUNS = {
    "양봉": "beekeeping",
    "꿀벌": "honeybee",
    "제재소": "sawmill",
    "물레방아": "watermill",
    "주물": "casting",
    "염전": "saltern",
    "돛대": "mast",
    "닻줄": "hawser",
    "방직": "weaving",
    "도자기": "porcelain",
    "유약": "glaze",
    "가마터": "kiln",
    "풍차": "windmill",
    "제분": "milling",
    "목수": "carpenter",
    "석공": "mason",
}


@pytest.fixture
def plain_korean(monkeypatch: pytest.MonkeyPatch) -> None:
    """Make each Korean word one term, without Kiwi, and leave the disk alone."""
    monkeypatch.setattr(analyzers, "Korean", PlainKorean)
    monkeypatch.setattr(writable_analyzer, "KoreanProcess", PlainKorean)
    monkeypatch.setattr("os.fsync", lambda descriptor: None)


@pytest.fixture
def no_general_glossary(
    monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """Leave out the glossary that comes with Chaja, so that a test has its entries alone."""
    path = tmp_path_factory.mktemp("glossary") / "none.bridge"
    write_table(path, Content())
    for module in ("search.pipeline", "index.edit_glossary"):
        monkeypatch.setattr(f"{module}.general_table", lambda: Table(path))


def translated(seed: int, lines: int = 8) -> tuple[str, str]:
    """Return a text of random nouns, and what they are in English, in another order."""
    chance = random.Random(seed)
    korean, english = [], []
    for _ in range(lines):
        nouns = chance.sample(sorted(NOUNS), 4)
        korean.append(" ".join(nouns) + ".")
        chance.shuffle(nouns)
        english.append(" ".join(NOUNS[noun] for noun in nouns) + ".")
    return "\n".join(korean) + "\n", "\n".join(english) + "\n"


def translations(
    seeds: Iterable[int], *, shift: int = 0, names: str = "{language}/{number}.txt"
) -> dict[str, str]:
    """Return pages in both languages by their names; shifted ones are of different texts."""
    files = {}
    for number in seeds:
        files[names.format(language="ko", number=number)] = translated(number)[0]
        files[names.format(language="en", number=number)] = translated(number + shift)[1]
    return files


def built(
    folder: Path,
    files: Mapping[str, str] | None = None,
    *,
    glossary: str = "",
    pairs: Path | None = None,
    rebuild: bool = False,
) -> BuildReport:
    """Write files and bring the index of their folder up to date, with the text of a glossary."""
    put_all(folder, files or {})
    glossaries = []
    if glossary:
        glossaries.append(folder.parent / f"{folder.name}.tsv")
        glossaries[0].write_text(glossary, encoding="utf-8")
    return build(folder / FOLDER, [folder], glossaries=glossaries, pairs=pairs, rebuild=rebuild)


def content(folder: Path) -> Content:
    """Return the bridge of a folder's index."""
    return bridge_content(DirectoryReader.open(folder / FOLDER))


def entries(folder: Path, source: Source | None = None) -> dict[tuple[str, str], Entry]:
    """Return the entries by their words, those of one source if given."""
    return {
        (entry.korean, entry.english): entry
        for entry in content(folder).entries
        if source in (None, entry.source)
    }


def taught_texts(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, str]]:
    """Return the list that gets the pairs of texts that builds from now on learn from."""
    taught: list[tuple[str, str]] = []
    learned = Learned((), 0, 0, None, doubtful=False)
    monkeypatch.setattr(ParallelLines, "of", taught.extend)
    monkeypatch.setattr("index.ingest.bridge_update.learn", lambda lines, analyzer: learned)
    return taught
