"""Retrieval quality: ranking, phrases and word forms, measured against pinned floors.

    python -m tests.quality.gate       ranking, on sets of judged queries
    python -m tests.quality.phrases    phrases drawn from the texts of those sets
    python -m tests.quality.forms      Korean words with particles and endings
    python -m tests.quality.slips      misspellings put right
    python -m tests.quality.right_words  words of a dictionary that are not taken for others

These take minutes and texts that are not part of the repository, so they are commands, and pytest
does not run them; the gate's own logic is tested in tests/test_quality_gate.py.
"""
