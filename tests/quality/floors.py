"""The floors of floors.json: the bar of each set, and the best figure reached since.

`bar` is the goal of the project and does not change; `pinned` is the best figure measured, raised
by `gate --pin` and never lowered by it. The floor of a set is the higher of both, and a figure may
be lower by `epsilon`: what a change in the order of equal scores can cost.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

FLOORS = Path(__file__).with_name("floors.json")
# Digits that a pinned figure keeps; the rest is noise.
DIGITS = 4


@dataclass(frozen=True, slots=True)
class Floor:
    """The minimum of one set."""

    bar: float
    pinned: float = 0.0

    @property
    def value(self) -> float:
        return max(self.bar, self.pinned)


@dataclass(frozen=True, slots=True)
class Floors:
    """The floor of every set, for one measure."""

    measure: str
    epsilon: float
    sets: Mapping[str, Floor]

    def passes(self, name: str, value: float) -> bool:
        """Return whether a set reaches its floor; a set without one always does."""
        floor = self.sets.get(name)
        return floor is None or value >= floor.value - self.epsilon

    def raised(self, values: Mapping[str, float]) -> Floors:
        """Return the floors, with measured values pinned where they are higher."""
        sets = dict(self.sets)
        for name, value in values.items():
            if name in sets:
                reached = math.floor(value * 10**DIGITS) / 10**DIGITS
                sets[name] = replace(sets[name], pinned=max(sets[name].pinned, reached))
        return replace(self, sets=sets)


def load(path: Path = FLOORS) -> Floors:
    """Read the floors."""
    data = json.loads(path.read_text(encoding="utf-8"))
    sets = {name: Floor(**floor) for name, floor in data["sets"].items()}
    return Floors(data["measure"], data["epsilon"], sets)


def save(floors: Floors, path: Path = FLOORS) -> None:
    """Write the floors, one set per line."""
    rows = ",\n".join(
        f'    {json.dumps(name)}: {{"bar": {floor.bar:.3f}, "pinned": {floor.pinned:.{DIGITS}f}}}'
        for name, floor in floors.sets.items()
    )
    head = f'  "measure": {json.dumps(floors.measure)},\n  "epsilon": {floors.epsilon},\n'
    path.write_text(f'{{\n{head}  "sets": {{\n{rows}\n  }}\n}}\n', encoding="utf-8")
