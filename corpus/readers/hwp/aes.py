"""Decrypts AES-128 in ECB mode (FIPS 197), as documents for distribution need; many blocks at once.

There is no encryption here, and no protection of a key: these keys are in the files themselves.
"""

from __future__ import annotations

from functools import cache

import numpy as np
from numpy.typing import NDArray

BLOCK = 16  # bytes, of a block and of a key
_ROUNDS = 10
_AT_ONCE = 1 << 20  # bytes; numpy takes eight times as much for the places of each

Bytes = NDArray[np.uint8]

# Where each byte of a block was before the rows were shifted (FIPS 197, 5.3.1).
_UNSHIFTED = np.array([(at - 4 * (at % 4)) % BLOCK for at in range(BLOCK)])


def decrypt(data: bytes, key: bytes) -> bytes:
    """Decrypt the whole blocks of `data`; a shorter rest is left out.

    Raises ValueError unless the key has 16 bytes.
    """
    keys = _round_keys(key)
    _, inverse = _substitutions()
    whole = len(data) // BLOCK * BLOCK
    pieces = []
    for start in range(0, whole, _AT_ONCE):
        count = min(_AT_ONCE, whole - start)
        blocks = np.frombuffer(data, np.uint8, count, start).reshape(-1, BLOCK)
        blocks = blocks ^ keys[_ROUNDS]
        for number in reversed(range(_ROUNDS)):
            blocks = inverse[blocks[:, _UNSHIFTED]] ^ keys[number]
            if number:
                blocks = _unmixed(blocks)
        pieces.append(blocks.tobytes())
    return b"".join(pieces)


def _unmixed(blocks: Bytes) -> Bytes:
    """Undo the mixing of columns (5.3.3): of each, the products with 14, 11, 13 and 9."""
    columns = blocks.reshape(-1, 4)
    found = np.zeros_like(columns)
    for turn, factor in enumerate((14, 11, 13, 9)):
        found ^= _products(factor)[np.roll(columns, -turn, axis=1)]
    return found.reshape(blocks.shape)


def _round_keys(key: bytes) -> Bytes:
    """Return the keys of all rounds, the first first (5.2)."""
    if len(key) != BLOCK:
        raise ValueError(f"an AES-128 key has {BLOCK} bytes, not {len(key)}")
    substitution, _ = _substitutions()
    words = [np.frombuffer(key, np.uint8)[at : at + 4] for at in range(0, BLOCK, 4)]
    constant = 1
    for at in range(4, 4 * (_ROUNDS + 1)):
        word = words[-1]
        if at % 4 == 0:
            word = substitution[np.roll(word, -1)]
            word[0] ^= constant
            constant = _product(constant, 2)
        words.append(words[at - 4] ^ word)
    return np.concatenate(words).reshape(-1, BLOCK)


def _product(one: int, other: int) -> int:
    """Return the product of two bytes as polynomials modulo x^8 + x^4 + x^3 + x + 1 (4.2)."""
    found = 0
    while other:
        found ^= one * (other & 1)
        one = one << 1 ^ (one >> 7) * 0x11B
        other >>= 1
    return found


@cache
def _products(factor: int) -> Bytes:
    return np.array([_product(byte, factor) for byte in range(256)], np.uint8)


@cache
def _substitutions() -> tuple[Bytes, Bytes]:
    """Return the substitution of each byte, and its inverse (5.1.1)."""
    powers = [1]
    for _ in range(254):
        powers.append(_product(powers[-1], 3))
    logarithms = {power: at for at, power in enumerate(powers)}
    found = np.zeros(256, np.uint8)
    for byte in range(256):
        inverse = powers[-logarithms[byte] % 255] if byte else 0
        turns = (inverse << turn | inverse >> (8 - turn) for turn in range(5))
        found[byte] = 0x63
        for turned in turns:
            found[byte] ^= turned & 0xFF
    return found, np.argsort(found).astype(np.uint8)
