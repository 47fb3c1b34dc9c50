"""The weights of ranking, each with its reason.

Those of BM25 and of the two stages were tuned on one half of the queries of several collections;
docs/ranking.md has the figures for the other half.
"""

from __future__ import annotations

# Query terms of role COMPOUND: a compound beside its nouns, or another reading of the word. Both
# are for recall; the most likely reading decides the ranking.
COMPOUND_WEIGHT = 0.1
OTHER_READING_WEIGHT = 0.25

# A translation counts less than the query term itself, which so ranks above it.
TRANSLATION_WEIGHT = 0.85
# Translations with lower weights change no ranking but take as long.
MIN_TRANSLATION_WEIGHT = 0.15
# Bridge entries per run of terms, of those in the index: a word may have hundreds.
MAX_TRANSLATIONS = 5

# First stage: BM25 of a passage, and of the title of its document.
PASSAGE_K1 = 0.6
PASSAGE_B = 0.75
TITLE_K1 = 1.2
TITLE_B = 0.75
# A syllable bigram, compared with a term: it matches where the analysis differs.
BIGRAM_WEIGHT = 0.3
# Passages that the second stage reranks: at least CANDIDATES, and CANDIDATES_PER_HIT for each hit
# that the user pages through. With 1,000, the top ten differ in one query of a hundred, of twenty
# across languages, and nDCG@10 by 0.0004 at most.
CANDIDATES = 400
CANDIDATES_PER_HIT = 4

# Second stage: scores of the passage, and of its document.
PASSAGE_WEIGHT = 0.15
PASSAGE_BIGRAM_WEIGHT = 0.05
DOCUMENT_K1 = 1.0
DOCUMENT_B = 0.85
DOCUMENT_BIGRAM_WEIGHT = 0.12
TITLE_WEIGHT = 0.42
# The title score is divided by 1 + SHARED_TITLE · ln(n) where n documents have the same title: of
# the sections of a manual that all have its title, it tells none apart from the others.
SHARED_TITLE = 0.5
# A title that is the query, and nothing else, counts so much more.
WHOLE_TITLE = 0.8
# A word of the name of the file or of a field: less than one of the text or title, whatever else
# the name or field says.
META_WEIGHT = 0.25
# Neighbours in the query that follow each other in the document within so many positions.
PAIR_WEIGHT = 0.2
PAIR_WINDOW = 3
PAIR_B = 0.75
# Lower bound of the document's share, relative to the score of the passage itself. A book is so
# long that no word in it has weight, so its passages are scored by themselves.
ALONE_WEIGHT = 0.7

# Query words for similar passages: more would add what the text has in common with everything
# else. A repeated word counts more, but less than twice.
SIMILAR_WORDS = 12
SIMILAR_K1 = 1.2
