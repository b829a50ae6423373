"""SipHash-2-4 (Aumasson, Bernstein 2012) of many messages of 16 bytes at once.

A keyed pseudo-random function: without the key nobody can try out words against its values. The
published algorithm unchanged; written here because no library computes it over arrays.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

Words = NDArray[np.uint64]

KEY_BYTES: Final = 16

_START: Final = (0x736F6D6570736575, 0x646F72616E646F6D, 0x6C7967656E657261, 0x7465646279746573)
_LENGTH: Final = np.uint64(16 << 56)
_END: Final = np.uint64(0xFF)


def siphash(first: Words, second: Words, key: bytes) -> Words:
    """Return the hash of every message `first[i]`, `second[i]` (little-endian halves)."""
    if len(key) != KEY_BYTES:
        raise ValueError("the key has 16 bytes")
    halves = [int.from_bytes(key[part : part + 8], "little") for part in (0, 8)]
    state = [
        np.full(len(first), word ^ halves[number % 2], dtype=np.uint64)
        for number, word in enumerate(_START)
    ]
    for block in (first, second, _LENGTH):
        state[3] ^= block
        _round(state)
        _round(state)
        state[0] ^= block
    state[2] ^= _END
    for _ in range(4):
        _round(state)
    return state[0] ^ state[1] ^ state[2] ^ state[3]


def _round(v: list[Words]) -> None:
    v[0] += v[1]
    v[2] += v[3]
    v[1] = _turned(v[1], 13) ^ v[0]
    v[3] = _turned(v[3], 16) ^ v[2]
    v[0] = _turned(v[0], 32)
    v[2] += v[1]
    v[0] += v[3]
    v[1] = _turned(v[1], 17) ^ v[2]
    v[3] = _turned(v[3], 21) ^ v[0]
    v[2] = _turned(v[2], 32)


def _turned(word: Words, bits: int) -> Words:
    return (word << np.uint64(bits)) | (word >> np.uint64(64 - bits))
