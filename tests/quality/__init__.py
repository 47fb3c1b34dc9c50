"""Does it find what it should? Ranking, phrases and word forms against pinned floors.

    python -m tests.quality.gate       ranking, on sets of queries with known answers
    python -m tests.quality.phrases    phrases cut out of the texts of those sets
    python -m tests.quality.forms      Korean words with particles and endings

These take minutes and texts that are not part of the repository, so they are commands of their
own and pytest leaves them alone; the gate's own logic is tested in tests/test_quality_gate.py.
"""
