from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import given
from hypothesis import strategies as st

from index.arrays.array_file import ArrayFile
from index.arrays.array_writer import ArrayWriter
from index.arrays.term_dictionary import TermDictionary, TermDictionaryWriter, WordHeads

# Many with equal heads, and some that differ in zero bytes only.
WORDS = st.text("가나a\0", max_size=5).map(str.encode)


@given(st.sets(WORDS), st.lists(WORDS, unique=True))
def test_words_are_found_as_by_single_look_ups(known: set[bytes], wanted: list[bytes]) -> None:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "words"
        with ArrayWriter(path) as writer:
            column = TermDictionaryWriter(writer, "words")
            column.add(sorted(known))
        file = ArrayFile(path)
        words = TermDictionary(file, "words")
        heads = WordHeads(words)
        assert dict(heads.find(wanted)) == {
            word: number for word in wanted if (number := words.find(word)) is not None
        }
        file.close()
