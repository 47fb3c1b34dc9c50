"""What can go wrong, as one tree.

ChajaError                  something the user can mend; never raised itself
├── CorpusError             the documents: a folder or file that cannot be used
├── StoreError              the index directory
│   ├── IndexMissing        there is none where one was looked for
│   ├── IndexLocked         another process is writing to it
│   ├── IndexDamaged        its files contradict each other or cannot be read
│   ├── IndexOutdated       it was written in a format this version does not read
│   └── AnalyserMismatch    its terms were made by another analyser
├── QueryError              an unknown field, a bad date: the query as a language
│   └── LineMissing         a line that its file does not have
├── GlossaryError           a glossary that cannot be read or written
├── EvaluationError         queries or judgements that cannot be used
└── MissingExtra            a package of an extra that is not installed

The command line alone turns an error into words and exit code 2.
"""

from __future__ import annotations


class ChajaError(Exception):
    """One sentence that names the file, option or place, and the next step as `hint`."""

    def __init__(self, message: str, *, hint: str = "") -> None:
        super().__init__(message)
        self.hint = hint


class CorpusError(ChajaError):
    """A folder or file of documents cannot be used."""


class StoreError(ChajaError):
    """The index directory cannot be used as asked."""


class IndexMissing(StoreError):  # noqa: N818 - reads as the state it reports
    """No index stands where one was looked for."""


class IndexLocked(StoreError):  # noqa: N818 - reads as the state it reports
    """Another process is writing to the index."""


class IndexDamaged(StoreError):  # noqa: N818 - reads as the state it reports
    """The files of the index contradict each other or cannot be read."""


class IndexOutdated(StoreError):  # noqa: N818 - reads as the state it reports
    """The index was written in a format that this version does not read."""


class AnalyzerMismatch(StoreError):  # noqa: N818 - reads as the state it reports
    """The terms of the index were made by another analyser."""


class QueryError(ChajaError):
    """The query names an unknown field or a value that its field cannot have."""


class LineMissing(QueryError):  # noqa: N818 - reads as the state it reports
    """A line was asked for that its file does not have."""


class GlossaryError(ChajaError):
    """A glossary cannot be read or written."""


class EvaluationError(ChajaError):
    """Queries or judgements cannot be used."""


class MissingExtra(ChajaError):  # noqa: N818 - reads as the state it reports
    """A package is not installed that only an extra brings."""
