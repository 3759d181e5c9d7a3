"""Unpacking in pieces, within a limit."""

from __future__ import annotations

import gzip
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.unpacking import Gunzip, Plain, TooLargeError


def fed(body: Plain | Gunzip, data: bytes, step: int) -> bytes:
    for start in range(0, len(data), step):
        body.feed(data[start : start + step])
    return body.finish()


@given(st.lists(st.binary(max_size=300), min_size=1, max_size=3), st.integers(1, 50))
def test_what_was_packed_comes_out_however_it_is_cut(parts: list[bytes], step: int) -> None:
    packed = b"".join(map(gzip.compress, parts))
    assert fed(Gunzip(10_000), packed, step) == b"".join(parts)
    assert fed(Plain(10_000), packed, step) == packed


@given(st.binary(max_size=200), st.integers(1, 50))
def test_anything_else_is_one_error_or_another(data: bytes, step: int) -> None:
    with suppress(ValueError, TooLargeError):
        fed(Gunzip(100), data, step)
    with suppress(ValueError, TooLargeError):
        fed(Gunzip(100), gzip.compress(data)[:-1] + data[:2], step)


def test_the_limit_is_to_the_byte_and_counts_both_sides() -> None:
    assert fed(Gunzip(1_000), gzip.compress(b"a" * 1_000), 7) == b"a" * 1_000
    for size in (1_001, 10_000_000):
        with pytest.raises(TooLargeError):
            fed(Gunzip(1_000), gzip.compress(b"a" * size), 100_000)
    with pytest.raises(TooLargeError):
        fed(Gunzip(1_000), gzip.compress(b"") * 100, 10)
    with pytest.raises(TooLargeError):
        fed(Plain(10), b"a" * 11, 4)


# The time of packing is left out: the processes that run the tests must agree on their names.
PACKED = gzip.compress(b"hello", mtime=0)


@pytest.mark.parametrize("data", [b"", b"hello", PACKED[:-1], PACKED + b"junk"])
def test_what_is_not_whole_gzip(data: bytes) -> None:
    with pytest.raises(ValueError, match=r"not gzip|end is missing"):
        fed(Gunzip(1_000), data, 100)
