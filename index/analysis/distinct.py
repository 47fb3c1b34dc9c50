"""Different things, numbered in the order in which they are met."""

from __future__ import annotations

from collections import defaultdict
from itertools import count, islice
from typing import TypeVar

Thing = TypeVar("Thing")


class Distinct(defaultdict[Thing, int]):
    """Things with their numbers from 0; one that is new gets the next when it is asked for."""

    def __init__(self) -> None:
        super().__init__(count().__next__)
        self._told = 0

    def new(self) -> list[Thing]:
        """Return what was given a number since this was asked last, in their order."""
        new = list(islice(reversed(self), len(self) - self._told))
        self._told = len(self)
        new.reverse()
        return new
