"""The retrieval of one query from a snapshot."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from functools import cached_property

import numpy as np

from index.arrays.array_types import Indices, Int64s, Mask
from index.arrays.ragged import distinct
from index.snapshot import Snapshot

from ..engine import MOST_COUNTED, MatchQuery
from ..query.tree import Group, Node, is_condition, is_plain
from ..ranking.rerank import Ranking, rerank
from ..ranking.weighted_terms import WeightedTerms
from ..results import FacetCount, Total
from .candidates import SnapshotCandidates
from .first_stage import FirstStage
from .matching.matcher import Matcher
from .matching.passage_set import PassageSet
from .totals import total_of


class SnapshotRetrieval:
    """A query being answered from a snapshot; `allowed` are the passages that match.

    None stands for all with one of the weighted terms: these need not be gathered.
    """

    def __init__(
        self, snapshot: Snapshot, matcher: Matcher, first_stage: FirstStage, query: MatchQuery
    ) -> None:
        self._snapshot = snapshot
        self._matcher = matcher
        self._first_stage = first_stage
        self._weighted = query.weighted
        self._plain = query.plain
        self._enough: int | None = MOST_COUNTED
        self._orders: dict[str, Int64s] = {}
        self._allowed = self._matching(query.root)

    def best(self, most: int) -> Int64s:
        """Return the best `most` passages of the first stage, ascending."""
        return self._first_stage.best(self._weighted, most=most, allowed=self._allowed)

    def rerank(self, passages: Int64s) -> Ranking:
        """Return the ranking of some passages, ascending, that match."""
        candidates = SnapshotCandidates(self._first_stage, self._weighted, passages)
        return rerank(self._first_stage.collection, self._weighted, candidates)

    def passages(self) -> Int64s:
        """Return all passages that match, ascending."""
        return self._all.numbers

    @cached_property
    def _all(self) -> PassageSet:
        return self._found()

    def in_order(self, sort: str, most: int) -> Int64s:
        """Return the first `most` passages in another order than by score."""
        if sort not in self._orders:
            from .sorting import in_order  # imported late: most searches are ranked

            self._orders[sort] = in_order(self._snapshot, self._all.numbers, sort)
        return self._orders[sort][:most]

    def repeated(self, documents: Int64s) -> Collection[int]:
        """Return the text keys that some documents share with others that match."""
        every = distinct(self._snapshot.documents_of(self._all.numbers))
        keys = np.sort(self._snapshot.text_keys(every))
        repeated = keys[1:][keys[1:] == keys[:-1]]
        return set(repeated.tolist()).intersection(self._snapshot.text_keys(documents).tolist())

    def expect_counts(self, facets: Sequence[str], without: Collection[int]) -> None:
        """Have the total counted over the same passages as the facets, if there are any."""
        self._enough = None if facets else MOST_COUNTED

    def total(self, without: Collection[int] = ()) -> Total:
        """Return the number of passages that match but for some."""
        return total_of(self._snapshot, self._counted(without, enough=self._enough))

    def facets(
        self, names: Sequence[str], without: Collection[int] = (), *, of_documents: bool = False
    ) -> Mapping[str, tuple[FacetCount, ...]]:
        """Return facets of the passages that match but for some, or of their documents."""
        from .facets import facets_of  # imported late: most searches have none

        passages = self._counted(without, enough=None)
        if of_documents:
            passages = self._snapshot.firsts_of(passages)
        return facets_of(self._snapshot, passages, names)

    def _counted(self, without: Collection[int], *, enough: int | None) -> Indices:
        found = self._all if enough is None else self._found(enough=enough)
        if without:
            found -= PassageSet(found.size, numbers=np.array(sorted(without)))
        return found.numbers

    def _found(self, *, enough: int | None = None) -> PassageSet:
        """Return all passages that match.

        Where one term has more than `enough`, only so many and one of them are returned: the long
        lists of common words are then not decoded.
        """
        if self._allowed is not None:
            return PassageSet(self._snapshot.size, mask=self._allowed)
        lists = self._first_stage.lists(self._weighted)
        if enough is not None and lists:
            longest = max(lists, key=lambda postings: postings.passage_frequency)
            if longest.passage_frequency > enough:
                if not self._snapshot.has_deleted:
                    some = longest.passages_at(np.arange(enough + 1))
                    return PassageSet(self._snapshot.size, numbers=some)
                lists = [longest]
        return self._matcher.union(postings.passages for postings in lists)

    def _matching(self, root: Group | None) -> Mask | None:
        """Return the passages that match, None for all that have a weighted term."""
        if root is None:
            return self._snapshot.alive
        is_plain_query = not (root.must or root.never) and all(map(is_plain, root.may))
        if is_plain_query and not self._weighted.bigrams:
            return None
        if root == Group():
            return np.zeros(self._snapshot.size, dtype=bool)
        allowed = self._matcher.all_of(root.must)
        if root.may and all(map(is_condition, root.must)):
            allowed &= self._any_of(root.may)
        return self._matcher.without(allowed, root.never).mask

    def _any_of(self, nodes: Sequence[Node]) -> PassageSet:
        """Return the passages with a term of a plain word, or that another node matches.

        If there are none, those with a syllable bigram of the words.
        """
        plain: WeightedTerms = self._plain
        found = PassageSet(self._snapshot.size, mask=self._first_stage.matching(plain))
        found |= self._matcher.any_of([node for node in nodes if not is_plain(node)])
        if found:
            return found
        return PassageSet(found.size, mask=self._first_stage.matching_bigrams(plain))
