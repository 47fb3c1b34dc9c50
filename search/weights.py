"""Every weight of ranking, with its reason.

Those of BM25 and of the two stages were chosen on one half of the queries of several collections;
docs/ranking.md has the figures for the other half.
"""

from __future__ import annotations

# What a query asks for. A compound beside its nouns, and another reading of a word beside the
# likeliest one: both are there to be found by; the first reading decides.
COMPOUND_WEIGHT = 0.5
OTHER_READING_WEIGHT = 0.25

# The bridge. A translation is worth this much of the term asked for, which so ranks above it.
TRANSLATION_WEIGHT = 0.85
# A translation that weighs less changes no ranking, but takes as long.
MIN_TRANSLATION_WEIGHT = 0.15
# Entries that a run of terms is followed by, of those that lead to a term of the index: a word may
# have hundreds, and a query must stay one.
MAX_TRANSLATIONS = 5

# The first stage: BM25 of a passage, and of its document's title.
PASSAGE_K1 = 0.6
PASSAGE_B = 0.75
TITLE_K1 = 1.2
TITLE_B = 0.75
# A syllable bigram beside a term: it finds what the terms split differently.
BIGRAM_WEIGHT = 0.3
# This many passages are ranked anew by the second stage, or this many for each hit that a reader
# who pages deeper wants.
CANDIDATES = 1000
CANDIDATES_PER_HIT = 4

# The second stage: what the passage has by itself, and what its document lends it.
PASSAGE_WEIGHT = 0.3
PASSAGE_BIGRAM_WEIGHT = 0.11
DOCUMENT_K1 = 1.0
DOCUMENT_B = 0.9
DOCUMENT_BIGRAM_WEIGHT = 0.15
TITLE_WEIGHT = 0.5
PAIR_WEIGHT = 0.2
PAIR_B = 0.75
# What a passage has at least for its document: as much of what it has by itself. In a book, whose
# length makes every word in it weigh nothing, a passage has to speak for itself.
ALONE_WEIGHT = 0.7

# More like this: as many words of a text; more would draw in what they have in common with
# everything else. A word said again tells more, but not twice as much.
SIMILAR_WORDS = 12
SIMILAR_K1 = 1.2
