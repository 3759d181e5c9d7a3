"""Files unpacked while they are read: however they were packed, in whatever pieces, and never without an end."""

from __future__ import annotations

import gzip
import io
import lzma
import time
from contextlib import suppress
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.sources import unpacked
from bot.sources.unpacked import Unpacked, UnreadableError

if TYPE_CHECKING:
    from collections.abc import Callable

PACKERS = st.sampled_from([gzip.compress, lzma.compress])


def opened(content: bytes) -> Unpacked:
    return Unpacked(io.BytesIO(content), len(content))


@given(st.lists(st.binary(max_size=200), min_size=1, max_size=4), PACKERS, st.integers(1, 50), st.integers(0, 60))
def test_what_was_packed_in_pieces_comes_out_whole(
    pieces: list[bytes], pack: Callable[[bytes], bytes], step: int, ahead: int
) -> None:
    file = opened(b"\0\0".join(map(pack, pieces)))
    whole = b"".join(pieces)
    assert file.peek(ahead) == whole[:ahead]
    read = b""
    while data := file.read(step):
        read += data
    assert read == whole
    assert file.share == 1


@given(st.binary(max_size=100), PACKERS, st.integers(0, 150), st.binary(max_size=3))
def test_damage_is_one_kind_of_error(content: bytes, pack: Callable[[bytes], bytes], place: int, damage: bytes) -> None:
    packed = pack(content)
    with suppress(UnreadableError):
        opened(packed[:place] + damage + packed[place + len(damage) + 1 :]).readall()


def test_plain_bytes_stay_as_they_are() -> None:
    assert opened(b"").readall() == b""
    assert opened(b"x" * 100_000).readall() == b"x" * 100_000
    assert opened(b"").share == 1


def test_xz_may_not_take_all_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(unpacked, "_MEMORY", 2**20)
    with pytest.raises(UnreadableError, match="needs too much memory to unpack"):
        opened(lzma.compress(b"x")).readall()


def test_many_empty_pieces_take_no_time() -> None:
    start = time.process_time()
    assert opened(gzip.compress(b"") * 50_000).readall() == b""
    assert time.process_time() - start < 5


@pytest.mark.parametrize("magic", [b"PK\x03\x04", b"BZh9", b"\x28\xb5\x2f\xfd", b"%PDF-1.7", b"PAR1"])
def test_other_kinds_are_named(magic: bytes) -> None:
    with pytest.raises(UnreadableError, match="which is not read"):
        opened(magic + b"\0" * 50)
