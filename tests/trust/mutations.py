"""Random forgeries of the files of an index, with valid checksums."""

from __future__ import annotations

import json
import random
from collections.abc import Callable
from zlib import compress, crc32

from .forging import (
    NASTY,
    Forgery,
    commit_file_bytes,
    commit_file_path,
    spoiled,
    spoiled_bytes,
    spoiled_json,
)
from .target import Target

_ROW = {"text": "river", "start": 0, "line": 1, "heading": ""}


def mutate(target: Target, rng: random.Random) -> str:
    """Forge one file; return the kind of forgery."""
    kind, change = rng.choices(_CHANGES, weights=[3, 1, 2, 4, 14, 3, 2])[0]
    change(target, rng)
    return kind


def _commit_file(target: Target, rng: random.Random) -> None:
    target.commit(spoiled_json(rng, target.contents))


def _commit_file_bytes(target: Target, rng: random.Random) -> None:
    name = commit_file_path(target.directory).name
    target.write(name, spoiled_bytes(rng, commit_file_bytes(target.contents)))


def _catalogue(target: Target, rng: random.Random) -> None:
    name = target.contents["catalogue"]["name"]
    data = target.files[name]
    if rng.random() < 0.8:
        data = json.dumps(spoiled_json(rng, json.loads(data))).encode()
    else:
        data = spoiled_bytes(rng, data)
    target.replace(name, data, crc32(data))


def _directory(target: Target, rng: random.Random) -> None:
    name = rng.choice(target.arrays)
    forgery = Forgery.of(target.files[name])
    array = rng.choice(sorted(forgery.arrays))
    kind, data = forgery.arrays[array]
    match rng.randrange(5):
        case 0:
            entry = [kind, rng.randrange(len(target.files[name])), len(data)]
            forgery.entries[array] = spoiled_json(rng, entry)
        case 1:
            forgery.entries[array] = [kind, 8, rng.choice(NASTY)]
        case 2:
            forgery.facts = spoiled_json(rng, forgery.facts)
        case 3:
            numbers = ("end", "start", "length", "sum")
            forgery.footer[rng.choice(numbers)] = rng.choice((0, 1, 64, (1 << 32) - 1))
        case 4:
            forgery.tail = rng.choice((b"[]", b"{}", b"{" * 9_000, b"[" * 90_000, b"1", b"\xff"))
    target.forge(name, forgery)


def _numbers(target: Target, rng: random.Random) -> None:
    name = rng.choice(target.arrays)
    forgery = Forgery.of(target.files[name])
    for _ in range(rng.choice((1, 1, 1, 2, 4))):
        array = rng.choice(sorted(forgery.arrays))
        kind = rng.choice(("", "", "<u1", "<u2", "<u4", "<u8"))
        forgery.put(array, spoiled(rng, forgery.numbers(array)), kind)
    target.forge(name, forgery)


def _records(target: Target, rng: random.Random) -> None:
    name = rng.choice([name for name in target.arrays if name.endswith(".txt")])
    forgery = Forgery.of(target.files[name])
    array = rng.choice(("passages", "documents"))
    ends = [int(end) for end in forgery.numbers(f"{array}.ends")]
    data = _block(rng, len(forgery.numbers("passages.counts")))
    forgery.arrays[f"{array}.blocks"] = "<u1", data
    if rng.random() < 0.8:
        forgery.put(f"{array}.ends", spoiled(rng, forgery.numbers(f"{array}.ends"))[:0], "<u8")
        forgery.arrays[f"{array}.ends"] = "<u8", len(data).to_bytes(8, "little") * len(ends)
    target.forge(name, forgery)


def _block(rng: random.Random, rows: int) -> bytes:
    """Return an invalid block of stored records."""
    match rng.randrange(5):
        case 0:
            return compress(b"[" * rng.choice((10, 100_000)))
        case 1:
            return compress(bytes(rng.choice((10_000, 200_000_000))), 1)
        case 2:
            return rng.randbytes(50)
    row = json.dumps(spoiled_json(rng, _ROW | {"id": "x", "path": "a", "title": "t"}))
    return compress("\n".join([row] * 40 * rows).encode())


def _deletions(target: Target, rng: random.Random) -> None:
    name = rng.choice([name for name in target.arrays if name.endswith(".del")])
    forgery = Forgery.of(target.files[name])
    forgery.put("passages", spoiled(rng, forgery.numbers("passages")))
    target.forge(name, forgery)


_CHANGES: tuple[tuple[str, Callable[[Target, random.Random], None]], ...] = (
    ("commit file", _commit_file),
    ("bytes of the commit file", _commit_file_bytes),
    ("catalogue", _catalogue),
    ("directory of arrays", _directory),
    ("numbers of arrays", _numbers),
    ("stored records", _records),
    ("deletions", _deletions),
)
