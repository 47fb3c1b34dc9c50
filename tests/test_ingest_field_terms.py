"""What a document says beside its text is indexed once."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from corpus import Document, Passage
from corpus.readers.metadata import file_title
from index.ingest.field_terms import other_text

TEXTS = st.text("ab \n", max_size=6)


@given(st.text("ab\n", min_size=1, max_size=4), TEXTS, st.lists(TEXTS), st.lists(TEXTS))
def test_a_name_or_a_value_that_title_or_a_passage_has_is_left_out(
    name: str, title: str, texts: list[str], values: list[str]
) -> None:
    metadata = {str(number): value for number, value in enumerate(values)}
    file = Document(id=name, path=name, title=title, text="", language="", metadata=metadata)
    passages = [Passage(0, text, 0, len(text), 1, "") for text in texts]
    lines = [file_title(name), *(line for value in values for line in value.split("\n"))]
    known = (title, *texts)
    bare = filter(None, map(str.strip, lines))
    expected = [line for line in bare if not any(line in text for text in known)]
    assert other_text(file, passages) == "\n".join(expected)
