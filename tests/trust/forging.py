"""Forged files of an index: malicious contents with valid checksums."""

from __future__ import annotations

import json
import random
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from zlib import crc32

import numpy as np

from index.arrays.array_file import ALIGNED, FOOTER, MAGIC, PAGE
from index.directory.commit import FORMAT, commit_file_name, current_generation

Json = Any
# Values that a reader must not trust where it expects a number or a name.
NASTY: tuple[Json, ...] = (
    *(0, 1, -1, 255, 256, 65_536, 1 << 31, 1 << 32, 1 << 62, 1 << 63, 1 << 64, 1 << 200),
    *(True, None, 0.5, -0.0, float("nan"), float("inf"), 1e308),
    *("", "0", "..", "../../etc/passwd", "/etc/passwd", "\0", "\ud800", "강", "x" * 10_000),
    *([], {}, [[]], [1], [[1, 2, 3]], {"name": 1}, ["<u1", 8, 1], ["<f8", 8, 8], ["O", 8, 8]),
)


@dataclass(slots=True)
class Forgery:
    """A parsed array file: the type and the bytes of each array, and the facts."""

    arrays: dict[str, tuple[str, bytes]]
    facts: Json
    # Overrides of entries of the directory, and of numbers of the footer.
    entries: dict[str, Json] = field(default_factory=dict)
    footer: dict[str, int] = field(default_factory=dict)
    tail: bytes = b""

    @classmethod
    def of(cls, data: bytes) -> Forgery:
        """Parse an undamaged file."""
        _, start, length, _, _ = FOOTER.unpack(data[-FOOTER.size :])
        directory = json.loads(data[start : start + length])
        arrays = {
            name: (kind, data[offset : offset + count * np.dtype(kind).itemsize])
            for name, (kind, offset, count) in directory["arrays"].items()
        }
        return cls(arrays, directory["facts"])

    def numbers(self, name: str) -> np.ndarray:
        """Return the numbers of an array."""
        kind, data = self.arrays[name]
        return np.frombuffer(data, kind).astype(np.uint64)

    def put(self, name: str, numbers: np.ndarray, kind: str = "") -> None:
        """Replace the numbers of an array, in its own type or another."""
        kind = kind or self.arrays[name][0]
        self.arrays[name] = kind, numbers.astype(np.dtype(kind)).tobytes()

    def packed(self) -> tuple[bytes, int]:
        """Return the bytes of the file, and its footer checksum."""
        data = bytearray(MAGIC)
        directory: dict[str, Json] = {}
        for name, (kind, content) in self.arrays.items():
            data += b"\0" * (-len(data) % ALIGNED)
            directory[name] = [kind, len(data), len(content) // np.dtype(kind).itemsize]
            data += content
        directory |= self.entries
        end = len(data)
        sums = [crc32(data[start : min(start + PAGE, end)]) for start in range(0, end, PAGE)]
        tail = np.array(sums, "<u4").tobytes()
        text = json.dumps({"arrays": directory, "facts": self.facts}).encode()
        text = self.tail or text
        footer = {"end": end, "start": end + len(tail), "length": len(text), "sum": crc32(text)}
        numbers = (footer | self.footer).values()
        tail += text + FOOTER.pack(*numbers, MAGIC)
        return bytes(data) + tail, crc32(tail)


def spoiled(rng: random.Random, numbers: np.ndarray) -> np.ndarray:
    """Return numbers with a random kind of corruption."""
    numbers = numbers.copy()
    if not len(numbers):
        return np.array([rng.choice((0, 1, 1 << 40))], np.uint64)
    at = rng.randrange(len(numbers))
    match rng.randrange(12):
        case 0:
            numbers[at] = rng.choice((0, 1, 255, 65_535, (1 << 32) - 1, (1 << 64) - 1))
        case 1:
            numbers[at : at + 1] += np.uint64(rng.choice((1, 2, 256)))
        case 2:
            numbers[at:] += np.uint64(rng.choice((1, 7, 1 << 20)))
        case 3:
            numbers = numbers[::-1]
        case 4:
            numbers[:] = rng.choice((0, 1, 255, 1 << 31, (1 << 64) - 1))
        case 5:
            numbers = np.array([rng.randrange(1 << 64) for _ in numbers], np.uint64)
        case 6:
            numbers = np.array([rng.randrange(int(numbers.max()) + 2) for _ in numbers], np.uint64)
        case 7:
            numbers = numbers[:at]
        case 8:
            numbers = np.concatenate([numbers, numbers])
        case 9:
            numbers = np.sort(numbers)[::-1]
        case 10:
            numbers[-1] = rng.choice((0, 1 << 16, 1 << 40, (1 << 63) - 1))
        case 11:
            numbers = np.roll(numbers, 1)
    return numbers


def spoiled_json(rng: random.Random, value: Json) -> Json:
    """Return a JSON value with one part of it replaced, left out or repeated."""
    if rng.random() < 0.15 or not isinstance(value, dict | list) or not value:
        return rng.choice(NASTY)
    if isinstance(value, dict):
        name = rng.choice(sorted(value))
        changed = dict(value)
        if rng.random() < 0.1:
            del changed[name]
        else:
            changed[name] = spoiled_json(rng, value[name])
        return changed
    at = rng.randrange(len(value))
    if rng.random() < 0.1:
        return value[:at] + value[at + 1 :]
    if rng.random() < 0.1:
        return value + value[at:]
    return [*value[:at], spoiled_json(rng, value[at]), *value[at + 1 :]]


def spoiled_bytes(rng: random.Random, data: bytes) -> bytes:
    """Return bytes with some of them changed, cut out, or repeated."""
    at = rng.randrange(len(data) + 1)
    size = rng.choice((1, 1, 2, 8, 100))
    match rng.randrange(4):
        case 0:
            return data[:at] + rng.randbytes(size) + data[at + size :]
        case 1:
            return data[:at] + data[at + size :]
        case 2:
            return data[:at] + data[at : at + size] * 3 + data[at + size :]
    return data[:at]


def commit_file_bytes(commit: Json) -> bytes:
    """Return a commit file with its valid checksum, serialized as a commit does."""
    checksum = crc32(json.dumps(commit, sort_keys=True).encode())
    file = {"format": FORMAT, "checksum": checksum, "commit": commit}
    text = json.dumps(file, ensure_ascii=False, indent=1) + "\n"
    return text.encode("utf-8", "surrogatepass")


def commit_file_path(directory: Path) -> Path:
    """Return the current commit file of an index."""
    return directory / commit_file_name(current_generation(directory))
