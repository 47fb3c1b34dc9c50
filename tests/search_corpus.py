"""Small random corpora in several segments, and random queries in the query language."""

from __future__ import annotations

import json
import random
from collections.abc import Iterable, Sequence
from contextlib import closing
from pathlib import Path
from unittest.mock import patch

from index.analysis.analyzer import Analyzer
from index.analysis.korean import Korean
from index.analysis.normalize import normal_form
from index.analysis.tokenizer import words
from index.builder.build import build
from index.builder.build_report import BuildReport
from index.directory.directory_reader import DirectoryReader, lexicon_path
from index.directory.lexicon_files import open_lexicon
from index.directory.location import FOLDER
from search.embedded.directory_index import DirectoryIndex
from search.searcher import Searcher

ENGLISH = (  # noqa: SIM905 - easier to read than many quotes
    "harbour ferry ferries tide lighthouse keeper keeps captain cargo customs duty island bridge "
    "covid-19 C++ R&D U.S. 1,234 G7+ naïve naval navy storm stormy sailing sails sailor the of "
    "US us WHO and a not"
).split()
_NOUNS = (  # noqa: SIM905 - the same
    "항구 여객선 등대 선장 화물 관세 섬 다리 폭풍 조류 해군 협력 전략 동반자 관계 외교 한국 "
    "국가 사회 발전 정책 회의"
).split()
_ENDINGS = ("", "", "의", "를", "은", "에서", "와", "적", "했다")
KOREAN = [
    *(noun + ending for noun in _NOUNS for ending in _ENDINGS),
    *("해양협력", "전략적동반자", "한-아세안", "제3차", "G7+는", "한·미", "ferry", "및", "그리고"),
    "3·1운동",
]
_DATES = ("", "2019", "2023-05", "2024-02-29", "2024-11-14")
_FILES = ("news/a.jsonl", "news/b.jsonl", "books/c d.jsonl", "books/e.jsonl", "f.jsonl", "g.jsonl")


def prose(chance: random.Random, vocabulary: Sequence[str], most: int = 160) -> str:
    """Return random words in paragraphs, the first of the vocabulary most often."""
    drawn = [
        vocabulary[min(chance.randrange(len(vocabulary)), chance.randrange(len(vocabulary)))]
        for _ in range(chance.randrange(most))
    ]
    gaps = [chance.choice("      ,.\n") * chance.choice((1, 1, 1, 2)) for _ in drawn]
    return "".join(map("".join, zip(drawn, gaps, strict=True)))


def rows(chance: random.Random, vocabulary: Sequence[str], name: str) -> list[dict[str, str]]:
    """Return a few documents with unique ids."""
    return [
        {
            "id": f"{name}#{number}",
            "title": prose(chance, vocabulary, 6),
            "date": chance.choice(_DATES),
            "text": prose(chance, vocabulary) + "\n" + chance.choice(vocabulary),
        }
        for number in range(chance.randrange(1, 6))
    ]


def write_rows(path: Path, documents: Iterable[dict[str, str]]) -> None:
    """Write documents as a JSON Lines file."""
    path.parent.mkdir(parents=True, exist_ok=True)
    lines = [json.dumps(document, ensure_ascii=False) + "\n" for document in documents]
    path.write_text("".join(lines), encoding="utf-8")


def write_texts(folder: Path, texts: dict[str, str]) -> None:
    """Write texts by file name."""
    for name, text in texts.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")


def built(folder: Path) -> BuildReport:
    """Build or update the index of a folder, without fsync."""
    with patch("os.fsync"):
        return build(folder / FOLDER, [folder])


def grown(folder: Path, seed: int, vocabulary: Sequence[str]) -> Path:
    """Build an index in several steps, so that it has several segments with deletions."""
    chance = random.Random(seed)
    for names in (_FILES[:4], _FILES[4:5], _FILES[5:], _FILES[:1]):
        for name in names:
            write_rows(folder / name, rows(chance, vocabulary, name))
        built(folder)
    return folder / FOLDER


def taught(folder: Path, korean: Korean, vocabulary: Iterable[str]) -> None:
    """Write the lexicon of a vocabulary, so that the build does not call Kiwi."""
    (folder / FOLDER).mkdir(parents=True, exist_ok=True)
    path = lexicon_path(folder / FOLDER, korean.fingerprint)
    learned = {word for text in vocabulary for word in words(normal_form(text))}
    with closing(open_lexicon(path)) as lexicon:
        Analyzer(lexicon, korean).learn(learned)


def opened(directory: Path, korean: Korean) -> Searcher:
    """Open an index for searching, with a Kiwi that is already loaded."""
    store = DirectoryReader.open(directory)
    lexicon = open_lexicon(lexicon_path(directory, korean.fingerprint), writable=False)
    return Searcher(DirectoryIndex(directory, store, Analyzer(lexicon, korean)))


def question(chance: random.Random, vocabulary: Sequence[str], depth: int = 2) -> str:
    """Return a random query with any syntax of the query language."""
    clauses = [_clause(chance, vocabulary, depth) for _ in range(chance.randrange(1, 4))]
    operator = chance.choice((" ", " ", " ", " AND ", " OR "))
    return operator.join(clauses)


def _clause(chance: random.Random, vocabulary: Sequence[str], depth: int) -> str:
    sign = chance.choice(("", "", "", "", "+", "-", "NOT "))
    word = chance.choice(vocabulary)
    forms = [
        word,
        word.upper(),
        f'"{word} {chance.choice(vocabulary)}"',
        f'"{word} {chance.choice(vocabulary)} {chance.choice(vocabulary)}"~{chance.randrange(9)}',
        f"title:{word}",
        f'title:"{word}"',
        f"title:({word} {chance.choice(vocabulary)})",
        word[: max(1, len(word) - 2)] + "*",
        f"title:{word[0]}*",
        word[0] + "?" + word[2:] if len(word) > 2 else "*" + word,
        chance.choice(("lang:ko", "lang:en", "lang:(en mixed)", "lang:xx")),
        chance.choice(("path:news", 'path:"c d"', "path:BOOKS/", "path:nowhere")),
        chance.choice(("date:2024", "date:..2023", "date:2023-05..2024-02", "date:2025..")),
    ]
    if depth:
        forms += 2 * [f"({question(chance, vocabulary, depth - 1)})"]
    return sign + chance.choice(forms)
