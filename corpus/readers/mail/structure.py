"""Which parts of a mail are its text, and which are attached to it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from .parts import Part

MOST_DEPTH = 20
MOST_PARTS = 2_000

_TEXTS = ("text/plain", "text/html")  # the one that is preferred first
_SEVERAL = "multipart/"


@dataclass(slots=True)
class Limits:
    """What is left of the parts of a mail with all that it holds, and which limits it exceeds.

    `is_cut` is true once the end of some parts is missing.
    """

    parts: int = MOST_PARTS
    too_many: bool = False
    too_deep: bool = False
    is_cut: bool = False


def is_text(part: Part) -> bool:
    """Return whether a part is shown as the text of its mail."""
    if part.type == "multipart/encrypted":
        return False
    return part.type.startswith(_SEVERAL) or (part.type in _TEXTS and not part.is_attached)


def leaves(part: Part, limits: Limits, *, depth: int) -> Iterator[Part]:
    """Yield the parts that hold no others, in order; of several forms of a text the best one."""
    if not part.type.startswith(_SEVERAL) or part.type == "multipart/encrypted":
        yield part
        return
    if depth >= MOST_DEPTH:
        limits.too_deep = True
        return
    children = list(_limited(part.children(), limits))
    limits.is_cut = limits.is_cut or part.is_cut
    found = [list(leaves(child, limits, depth=depth + 1)) for child in children]
    if part.type == "multipart/alternative":
        yield from _best(found)
    else:
        for group in found:
            yield from group
    if not children and not limits.too_many:
        yield part  # it says that it has several parts, and is a text


def _limited(parts: Iterable[Part], limits: Limits) -> Iterator[Part]:
    for part in parts:
        if not limits.parts:
            limits.too_many = True
            return
        limits.parts -= 1
        yield part


def _best(groups: Sequence[list[Part]]) -> Iterator[Part]:
    """Yield the text that is best to read, and what is attached to any of the forms."""
    chosen = next(
        (
            group
            for kind in _TEXTS
            for group in groups
            if any(part.type == kind and is_text(part) and not part.is_blank() for part in group)
        ),
        None,
    )
    for group in groups:
        yield from (part for part in group if group is chosen or not is_text(part))
