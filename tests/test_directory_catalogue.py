"""The catalogue stores files, sources and problems with any names."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from corpus import Problem
from corpus.changes import UNTRUSTED, Fingerprint
from corpus.document import State
from corpus.readers import ReadOptions
from index.directory.catalogue import UNKNOWN, Catalogue, CataloguedFile, decoded, encoded

names = st.text(min_size=1, max_size=8)
sizes = st.integers(0, 1 << 50)
fingerprints = st.builds(
    Fingerprint, sizes, st.integers(0, 1 << 62) | st.just(UNTRUSTED), st.text("0f", max_size=4)
)
reasons = st.lists(st.tuples(names, st.integers(0, 1 << 40)), max_size=3)


@st.composite
def catalogued(draw: st.DrawFn) -> dict[str, CataloguedFile]:
    return {
        name: CataloguedFile(
            draw(fingerprints),
            tuple(Problem(path=name, reason=why, line=line) for why, line in draw(reasons)),
            draw(st.none() | st.sampled_from(State)),
        )
        for name in draw(st.sets(names, max_size=5))
    }


@settings(max_examples=60)
@given(files=catalogued(), sources=st.sets(names), archives=st.booleans())
def test_what_was_kept_is_read_back(
    files: dict[str, CataloguedFile], sources: set[str], archives: bool
) -> None:
    catalogue = Catalogue(files, tuple(sorted(sources)), ReadOptions(archives=archives))
    data = encoded(catalogue)
    assert data.isascii()
    assert decoded(data) == catalogue


def test_sources_are_kept_in_one_order() -> None:
    assert encoded(Catalogue({}, ("b", "a"))) == encoded(Catalogue({}, ("a", "b")))


def test_a_file_that_could_not_be_opened_was_not_read() -> None:
    assert not CataloguedFile(UNKNOWN).was_read
    assert CataloguedFile(Fingerprint(0, UNTRUSTED, "gone")).was_read
