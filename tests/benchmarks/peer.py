"""The peer: Kiwi to analyze running text, and tantivy as the index, combined in the obvious way.

    python peer.py build FOLDER INDEX      index every .txt below the folder
    python peer.py search INDEX QUERY      one query from a cold start, as a command
    python peer.py warm INDEX QUERIES      every line of a file through an open index; JSON

A script with a process of its own, so that its imports count. Kiwi gets all texts as one iterable
and uses its own threads, tantivy two; title and body are fields with positions, and the text is
stored. Terms are lower-cased morphemes, English ones stemmed by Porter2, as in Chaja.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path

import Stemmer
import tantivy
from kiwipiepy import Kiwi, Token

KEPT = frozenset({"NNG", "NNP", "NNB", "NR", "NP", "XR", "XPN", "XSN", "MAG", "MM", "SH", "SN"})
FOREIGN = "SL"
PREDICATES = frozenset({"VV", "VA"})
WRITER_THREADS = 2
WRITER_BYTES = 128_000_000
HITS = 10

_stem = cache(Stemmer.Stemmer("english").stemWord)


def build(folder: Path, index: Path) -> None:
    index.mkdir(parents=True, exist_ok=True)
    paths = sorted(folder.rglob("*.txt"))
    texts = [path.read_text(encoding="utf-8") for path in paths]
    writer = tantivy.Index(_schema(), path=str(index)).writer(WRITER_BYTES, WRITER_THREADS)
    for path, text, tokens in zip(paths, texts, Kiwi().tokenize(texts), strict=True):
        title_end = text.find("\n") + 1
        document = tantivy.Document()
        document.add_text("id", path.relative_to(folder).as_posix())
        document.add_text("title", " ".join(_terms(tokens, 0, title_end)))
        document.add_text("body", " ".join(_terms(tokens, title_end, len(text))))
        document.add_bytes("text", text.encode())
        writer.add_document(document)
    writer.commit()
    writer.wait_merging_threads()


def search(index: Path, query: str) -> None:
    opened = tantivy.Index.open(str(index))
    terms = list(_terms(Kiwi().tokenize(query), 0, len(query)))
    searcher = opened.searcher()
    for score, address in searcher.search(_query(opened.schema, terms), HITS).hits:
        print(f"{score:.3f}", searcher.doc(address).get_first("id"))


def warm(index: Path, queries: Path) -> None:
    """Print the seconds of each query with snippets, without, and without its analysis by Kiwi."""
    opened = tantivy.Index.open(str(index))
    searcher, kiwi = opened.searcher(), Kiwi()
    kiwi.tokenize("처음")
    times: dict[str, list[float]] = {"snippets": [], "analysed": [], "split": []}
    for query in queries.read_text(encoding="utf-8").splitlines():
        start = time.perf_counter()
        terms = list(_terms(kiwi.tokenize(query), 0, len(query)))
        analysed = time.perf_counter()
        parsed = _query(opened.schema, terms)
        hits = searcher.search(parsed, HITS).hits
        texts = [searcher.doc(address).get_first("text") for _score, address in hits]
        found = time.perf_counter()
        _snippets(searcher, parsed, opened.schema, texts)
        times["snippets"].append(time.perf_counter() - start)
        times["analysed"].append(found - start)
        times["split"].append(found - analysed)
    print(json.dumps(times))


def _snippets(
    searcher: tantivy.Searcher, query: tantivy.Query, schema: tantivy.Schema, texts: list[bytes]
) -> list[str]:
    """Return the best fragment of each text by tantivy, with the words that are terms marked.

    It knows the words of the text as written only, so of Korean ones it marks those without an
    ending; the work is the same.
    """
    generator = tantivy.SnippetGenerator.create(searcher, query, schema, "body")
    snippets = []
    for text in texts:
        document = tantivy.Document()
        document.add_text("body", text.decode())
        snippets.append(generator.snippet_from_doc(document).to_html())
    return snippets


def _schema() -> tantivy.Schema:
    fields = tantivy.SchemaBuilder()
    fields.add_text_field("id", stored=True, tokenizer_name="raw", index_option="basic")
    for name in ("title", "body"):
        fields.add_text_field(name, tokenizer_name="whitespace", index_option="position")
    fields.add_bytes_field("text", stored=True, indexed=False)
    return fields.build()


def _terms(tokens: Iterable[Token], start: int, end: int) -> Iterator[str]:
    for token in tokens:
        tag = token.tag.partition("-")[0]
        if not start <= token.start < end:
            continue
        if tag in PREDICATES:
            yield token.lemma
        elif tag == FOREIGN:
            yield _stem(token.form.lower())
        elif tag in KEPT:
            yield token.form.lower()


def _query(schema: tantivy.Schema, terms: Iterable[str]) -> tantivy.Query:
    should = tantivy.Occur.Should
    return tantivy.Query.boolean_query(
        [
            (should, tantivy.Query.term_query(schema, field, term))
            for term in terms
            for field in ("title", "body")
        ]
    )


def main(arguments: list[str]) -> None:
    match arguments:
        case ["build", folder, index]:
            build(Path(folder), Path(index))
        case ["search", index, query]:
            search(Path(index), query)
        case ["warm", index, queries]:
            warm(Path(index), Path(queries))
        case _:
            sys.exit(__doc__)


if __name__ == "__main__":
    main(sys.argv[1:])
