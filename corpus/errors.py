"""The exceptions for errors that the user can resolve.

ChajaError
├── CorpusError
│   ├── NoText
│   ├── Protected
│   ├── Damaged
│   ├── TooLarge
│   └── OtherFormat
├── StoreError
│   ├── IndexMissing
│   ├── IndexLocked
│   ├── IndexDamaged
│   ├── IndexOutdated
│   ├── AnalyzerMismatch
│   └── ClusterError
│       ├── ClusterUnreachable
│       │   └── ClusterOverloaded
│       ├── ClusterIndexMissing
│       ├── ClusterViewLost
│       └── ClusterRefused
├── QueryError
│   ├── LineMissing
│   └── DocumentMissing
├── GlossaryError
├── EvaluationError
├── ServerError
├── NotOpened
└── MissingExtra

Only the command line prints them; its exit code is then 2.
"""

from __future__ import annotations

from .state import State


class ChajaError(Exception):
    """One sentence that names the file, option or location; `hint` is the next step."""

    def __init__(self, message: str, *, hint: str = "") -> None:
        super().__init__(message)
        self.hint = hint


class CorpusError(ChajaError):
    """A folder or file of documents cannot be used; `state` is what was got of the file."""

    state = State.UNREAD


class NoText(CorpusError):  # noqa: N818 - reads as the state it reports
    """A file has no text."""

    state = State.NO_TEXT


class Protected(CorpusError):  # noqa: N818 - reads as the state it reports
    """A file cannot be read without a password or another right."""

    state = State.PROTECTED


class Damaged(CorpusError):  # noqa: N818 - reads as the state it reports
    """The content of a file contradicts its format."""

    state = State.DAMAGED


class TooLarge(CorpusError):  # noqa: N818 - reads as the state it reports
    """A file has more of something than is read."""

    state = State.TOO_LARGE


class OtherFormat(CorpusError):  # noqa: N818 - reads as the state it reports
    """A file is not of the format that its name says."""

    state = State.UNKNOWN


class StoreError(ChajaError):
    """The index directory cannot be used."""


class IndexMissing(StoreError):  # noqa: N818 - reads as the state it reports
    """There is no index at the location."""


class IndexLocked(StoreError):  # noqa: N818 - reads as the state it reports
    """Another process is writing to the index."""


class IndexDamaged(StoreError):  # noqa: N818 - reads as the state it reports
    """The files of the index contradict each other or cannot be read."""


class IndexOutdated(StoreError):  # noqa: N818 - reads as the state it reports
    """The index was written in a format that this version does not read."""


class AnalyzerMismatch(StoreError):  # noqa: N818 - reads as the state it reports
    """The terms of the index were created by another analyzer."""


class ClusterError(StoreError):
    """The cluster that holds an index, or the address or access given for it, cannot be used."""


class ClusterUnreachable(ClusterError):  # noqa: N818 - reads as the state it reports
    """No node of the cluster could do now what was asked; it may be able to later."""


class ClusterOverloaded(ClusterUnreachable):
    """A node has too much to do, or too little memory, for what was asked."""


class ClusterIndexMissing(ClusterError):  # noqa: N818 - reads as the state it reports
    """The cluster does not have an index that was asked."""


class ClusterViewLost(ClusterError):  # noqa: N818 - reads as the state it reports
    """The cluster no longer has the point in time that was asked, or shows another commit."""


class ClusterRefused(ClusterError):  # noqa: N818 - reads as the state it reports
    """The cluster does not know the user, or the user may not do what was asked."""


class QueryError(ChajaError):
    """The query has an unknown field or an invalid value, such as a date."""


class LineMissing(QueryError):  # noqa: N818 - reads as the state it reports
    """The file does not have the given line."""


class DocumentMissing(QueryError):  # noqa: N818 - reads as the state it reports
    """The index does not have the given document, or passage of it."""


class GlossaryError(ChajaError):
    """A glossary cannot be read or written."""


class EvaluationError(ChajaError):
    """Queries or judgements cannot be used."""


class ServerError(ChajaError):
    """The local page cannot be served as asked."""


class NotOpened(ChajaError):  # noqa: N818 - reads as the state it reports
    """A document cannot be opened in an editor or viewer."""


class MissingExtra(ChajaError):  # noqa: N818 - reads as the state it reports
    """A package of an optional extra is not installed."""
