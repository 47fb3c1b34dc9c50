"""Data that compares, hashes and prints by its fields.

A dataclass has these methods made anew for each class, which takes half a millisecond a class as
the process starts: a search would pay for a dozen of them.
"""

from __future__ import annotations


class Value:
    """The base of a dataclass with slots, made with `eq=False, repr=False`."""

    __slots__: tuple[str, ...] = ()

    def _values(self) -> tuple[object, ...]:
        return tuple(getattr(self, name) for name in self.__slots__)

    def __eq__(self, other: object) -> bool:
        if other.__class__ is not self.__class__:
            return NotImplemented
        return isinstance(other, Value) and self._values() == other._values()

    def __hash__(self) -> int:
        return hash((self.__class__, self._values()))

    def __repr__(self) -> str:
        fields = zip(self.__slots__, self._values(), strict=True)
        held = ", ".join(f"{name}={value!r}" for name, value in fields)
        return f"{self.__class__.__qualname__}({held})"
