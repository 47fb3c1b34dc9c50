"""A folder with all kinds of documents, in two languages, for both engines to index."""

from __future__ import annotations

import csv
import io
import json
import random
import unicodedata
from collections.abc import Iterator, Mapping
from pathlib import Path

from index_corpus import put
from search_corpus import ENGLISH, KOREAN, prose, rows

VOCABULARY = [*ENGLISH, *KOREAN]
# Words with signs that a cluster, its queries or its analyzers might take for something else.
SIGNS = (
    *("C++", "c#", ".NET", "a|b", "|", "back\\slash", "\\", "C:\\dir", "F#", "*star*", "who?"),
    *("女性", "大韓民國", "李承晩", "🎉", "👩‍👩‍👧", "ㅋㅋㅋ", "naïve"),
    *("NULL", "null", "AND", "~tilde", "ＦＵＬＬ", "ﬁne"),
    *("{braces}", "[brackets]", "<tag>", "&amp;", '"quoted"', "it's", "e-mail", "user@example.org"),
    *("3.14", "1,234", "50%", "₩1,000", "x" * 300, "가" * 400, "\u200b", "a\u00adb"),
    unicodedata.normalize("NFD", "한국어"),
    unicodedata.normalize("NFD", "café"),
)
GLOSSARY = (
    "여객선\tferry\n항구\tharbour\n등대지기\tlighthouse keeper\n"
    "전략적 동반자\tstrategic partnership\n동반자\tpartner\t0.8\n"
    "해군\tnavy\n폭풍\tstorm\n관세\tcustoms duty\t0.9\n"
)
SYNONYMS = "captain, skipper\n선장, 함장\n"
_SAME = "The ferry left the harbour in a storm. 여객선은 폭풍 속에 항구를 떠났다."
_FIELDS = ("Ann Smith", "김보람", "Kim, Bo-ram", "C++ team", "a|b \\ c", "")


def first_files() -> dict[str, str]:
    """Return the texts of the files that a first build finds, by name."""
    chance = random.Random(1)
    return {
        **{f"news/{number}.jsonl": _jsonl(chance, f"news-{number}") for number in range(8)},
        **{f"books/part {number}/b.md": _note(chance, number) for number in range(24)},
        **{f"ko/{number}.txt": _text(chance, KOREAN, number) for number in range(12)},
        **{f"en/{number}.txt": _text(chance, ENGLISH, number) for number in range(12)},
        **{f"copies/{name}.txt": _SAME for name in "abcd"},
        "copies/sub/e.md": f"# Another title\n\n{_SAME}",
        "table.csv": _table(chance),
        "long.txt": " ".join(chance.choices(VOCABULARY, k=14_000)),
        "signs.md": "# Signs: C++ | back\\slash 🎉\n\n" + "\n\n".join(_signs(chance)),
        "partners.txt": "전략적 동반자 관계를 맺었다. A strategic partnership was announced.",
        "dates.txt": "On 14 November 2024 the ferry sank. 2024년 11월 14일에 침몰했다. 2024-11-14",
        "caf\udce9.txt": "A file whose name is not in UTF-8, with a ferry.",
        "surrogates.jsonl": r'{"id": "s\ud800", "title": "half \ud83d", "text": "ferry \udc00 x"}',
        "stop.txt": "the of and a not who\n\nWHO and US were there, 및 그리고",
        "empty.txt": "",
        "UPPER.MD": "# 등대\n\nA lighthouse keeper keeps the lighthouse.",
        "gone.txt": "The ferry that is gone: 사라진 여객선 vanishingword",
    }


def later_files() -> dict[str, str | None]:
    """Return the texts of the files that have changed by the second build, None for a removed one.

    These replace and follow what is there: the index has deleted passages then.
    """
    chance = random.Random(2)
    return {
        "news/1.jsonl": _jsonl(chance, "news-1"),
        "news/9.jsonl": _jsonl(chance, "news-9"),
        "books/part 3/b.md": _note(chance, 3),
        "ko/2.txt": _text(chance, KOREAN, 2),
        "copies/b.txt": "A ferry that is no copy any more.",
        "copies/f.txt": _SAME,
        "long.txt": " ".join(chance.choices(VOCABULARY, k=12_000)),
        "gone.txt": None,
        "en/5.txt": None,
    }


def write(folder: Path, files: Mapping[str, str | None]) -> None:
    """Write files, and remove those without a text."""
    for name, text in files.items():
        if text is None:
            (folder / name).unlink()
        else:
            put(folder, name, text)


def many_rows(count: int) -> Iterator[str]:
    """Yield the lines of a file with so many short rows."""
    chance = random.Random(3)
    for number in range(count):
        words = chance.choices(VOCABULARY, k=chance.randrange(1, 9))
        row = {
            "id": f"row-{number}",
            "title": chance.choice(VOCABULARY) if number % 3 else "",
            "date": f"{2000 + number % 25}-{number % 12 + 1:02}",
            "text": " ".join(("ferry", *words) if number % 50 else words),
        }
        yield json.dumps(row, ensure_ascii=False)


def _jsonl(chance: random.Random, name: str) -> str:
    made = [*rows(chance, VOCABULARY, name), *rows(chance, VOCABULARY, f"{name}-more")]
    for row in made:
        row["author"] = chance.choice(_FIELDS)
        row["작성자"] = chance.choice(_FIELDS)
    return "\n".join(json.dumps(row, ensure_ascii=False) for row in made)


def _note(chance: random.Random, number: int) -> str:
    author, day = chance.choice(_FIELDS[:3]), chance.choice(("2024-11-14", "2023-05", "2019", ""))
    head = f'---\ntitle: {prose(chance, KOREAN, 5).strip() or number}\nauthor: "{author}"\n'
    dated = f"date: {day}\n" if day else ""
    sections = (
        f"## {chance.choice(VOCABULARY)}\n\n{prose(chance, VOCABULARY, 300)}" for _ in range(3)
    )
    return f"{head}{dated}tags: [sea, 바다]\n---\n" + "\n\n".join(sections)


def _text(chance: random.Random, vocabulary: list[str], number: int) -> str:
    paragraphs = (prose(chance, vocabulary, 200) for _ in range(1 + number % 5))
    return "\n\n".join(paragraphs)


def _table(chance: random.Random) -> str:
    written = io.StringIO()
    table = csv.writer(written)
    table.writerow(("id", "title", "text", "author", "date"))
    for number in range(20):
        text = prose(chance, VOCABULARY, 40) or "tide"
        date = chance.choice(("2021-03-04", "2022", ""))
        table.writerow((f"t{number}", f"Row {number}", text, chance.choice(_FIELDS), date))
    return written.getvalue()


def _signs(chance: random.Random) -> Iterator[str]:
    for sign in SIGNS:
        before, after = chance.choices(VOCABULARY, k=2)
        yield f"{before} {sign} {after}. {sign}, {sign}{after}"
