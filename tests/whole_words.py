"""The words of a text with its joints, as a build numbers them: slowly, by the offsets of words."""

from __future__ import annotations

from index.analysis.joints import MARKS, SPACED, joints_in
from index.analysis.normalize import normalize
from index.analysis.tokenizer import word_spans


def restored(text: str) -> list[str]:
    """Return the words of a text, each joint behind its first word."""
    normal = normalize(text)
    spans = list(word_spans(normal.text))
    found = [word for word, _ in spans]
    for joint in reversed(list(joints_in(text, normal, spans))):
        mark = next((mark for mark in MARKS if joint.key.startswith(mark)), SPACED)
        found.insert(joint.first + 1, joint.key if mark == SPACED else mark)
    return found
