"""Small indexes for tests of query correction, built without Kiwi from given analyses."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from unittest.mock import patch

from index.analysis.compose import lexicon_keys
from index.analysis.korean import Korean
from index.analysis.lexicon import Analysis
from index.analysis.normalize import normal_form
from index.analysis.tokenizer import words
from index.analysis.word import Part, Role
from index.builder.build import build
from index.directory.directory_reader import DirectoryReader, lexicon_path
from index.directory.lexicon_files import open_lexicon
from index.directory.location import FOLDER
from search.embedded.vocabulary import EmbeddedVocabulary

# The terms of words of the texts below; every other word in Hangul is one term.
TERMS = {
    "전략적": ("전략", "적"),
    "동반자와": ("동반자",),
    "동반자를": ("동반자",),
    "외교를": ("외교",),
    "학술의": ("학술",),
}
TEXTS = (
    *60 * ("전략적 동반자 관계",),
    *60 * ("strategic partnership between governments",),
    *9 * ("the government hopes; moving documents, planning economies",),
    *9 * ("동반자와 외교를 학술의 동반자를",),
    "hello Mongolia 쌀 짜다 얘기 예의",
    "女子 勞動 學術會議 노동 여자 전문가",
    "동방 방자전 스프레드시트 c++ covid-19",
)


def analysis(word: str) -> Analysis:
    """Return the analysis of a word in Hangul for the lexicon."""
    terms = TERMS.get(word, (word,))
    starts = [sum(map(len, terms[:position])) for position in range(len(terms))]
    parts = [
        Part(term, Role.PRIMARY, position, start, start + len(term))
        for position, (term, start) in enumerate(zip(terms, starts, strict=True))
    ]
    if len(terms) > 1:
        parts.append(Part(word, Role.COMPOUND, 0, 0, len(word)))
    return tuple(parts), len(terms)


def build_index(folder: Path, texts: Sequence[str]) -> Path:
    """Index texts, each a document of its own, in two segments and without Kiwi."""
    directory = folder / FOLDER
    directory.mkdir(parents=True, exist_ok=True)
    named = lexicon_path(directory, Korean().fingerprint)
    keys = {
        key for text in texts for word in words(normal_form(text)) for key in lexicon_keys(word)
    }
    with closing(open_lexicon(named)) as lexicon:
        lexicon.add({key: analysis(key) for key in keys})
    half = len(texts) // 2
    for name, some in (("a", texts[:half]), ("b", texts[half:])):
        rows = ({"id": f"{name}{n}", "title": "", "text": text} for n, text in enumerate(some))
        lines = (json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
        (folder / f"{name}.jsonl").write_text("".join(lines), encoding="utf-8")
        with patch("os.fsync"):
            build(directory, [folder])
    return directory


@contextmanager
def opened(directory: Path) -> Iterator[EmbeddedVocabulary]:
    """Open the vocabulary of an index."""
    path = lexicon_path(directory, Korean().fingerprint)
    with (
        closing(DirectoryReader.open(directory).snapshot()) as snapshot,
        closing(open_lexicon(path, writable=False)) as lexicon,
    ):
        yield EmbeddedVocabulary(snapshot, lexicon)


def counted(texts: Mapping[str, int]) -> list[str]:
    """Return each text as many times as its count says."""
    return [text for text, count in texts.items() for _ in range(count)]
