"""The index's file: arrays written whole or not at all, checked before use, mapped from disk.

Layout: a head of 24 bytes (magic, format, the table's CRC-32 and length), the arrays, each from a multiple of
64 bytes on, and at the end the table (JSON: for each array its type, shape, place and CRC-32s; what the writer says
about the file): arrays are written one by one as they are made, so that no more than one need be in memory.
"""

from __future__ import annotations

import json
import math
import mmap
import os
import stat
import struct
import threading
import zlib
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import IO, TYPE_CHECKING, Any, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path

    from numpy.typing import NDArray

FORMAT = 2
"""Raised whenever the layout changes: a file of another format is not read."""
_MAGIC = b"COLLOQIX"
_HEAD = struct.Struct("<8sIIQ")
_ALIGN = 64
_BLOCK = 1 << 22
"""Bytes under one checksum."""
_KINDS = "biuf"
"""NumPy kinds that a file may hold: plain numbers, nothing that would have to be interpreted."""


@dataclass(frozen=True, slots=True)
class Damage:
    """Why a file cannot be used; `missing` when there is none."""

    reason: str
    missing: bool = False


@dataclass(frozen=True, slots=True)
class Contents:
    """What a file holds: read-only arrays over the map, and what its writer said about it."""

    arrays: dict[str, NDArray[Any]]
    meta: dict[str, Any]


class _Place(NamedTuple):
    """An array's place: NumPy type, shape, bytes from the file's start, and a CRC-32 for each block."""

    dtype: np.dtype[Any]
    shape: tuple[int, ...]
    offset: int
    sums: list[int]

    @property
    def size(self) -> int:
        """Bytes."""
        return math.prod(self.shape) * self.dtype.itemsize


class _Broken(Exception):  # noqa: N818 - never leaves this module
    """The file is not what was written."""


def write(path: Path, arrays: Iterable[tuple[str, NDArray[Any]]], meta: Mapping[str, Any]) -> None:
    """Put a file in place of the old one, whole or not at all, whenever the power fails. Raises OSError.

    Each of the named arrays is written before the next is asked for. One writer at a time: the caller holds a lock.
    Leftovers of writers that died are removed.
    """
    sweep(path)
    part = path.with_name(f"{path.name}.{os.getpid()}.part")
    try:
        with part.open("wb") as stream:
            _write(stream, arrays, meta)
            stream.flush()
            os.fsync(stream.fileno())
        part.replace(path)
        _sync_folder(path.parent)
    finally:
        part.unlink(missing_ok=True)


def sweep(path: Path) -> None:
    """Remove what writers that died have left; the caller holds the writers' lock."""
    for left in path.parent.glob(f"{path.name}.*.part"):
        left.unlink(missing_ok=True)


def read(path: Path) -> Contents | Damage:
    """Map a file whose every checksum is right, or say why it cannot be used. Never raises."""
    try:
        with _opened(path) as stream:
            places, meta = _table(stream)
            _check(stream, places)
            return Contents(_map(stream, places), meta)
    except FileNotFoundError:
        return Damage("there is none", missing=True)
    except (_Broken, OSError, ValueError, TypeError) as error:
        # The last two: it was cut between the check and the map.
        return Damage(str(error))


def read_meta(path: Path) -> dict[str, Any] | Damage:
    """Return what the writer said about a file, without a look at its arrays. Never raises."""
    try:
        with _opened(path) as stream:
            return _table(stream)[1]
    except FileNotFoundError:
        return Damage("there is none", missing=True)
    except (_Broken, OSError) as error:
        return Damage(str(error))


def _write(stream: IO[bytes], arrays: Iterable[tuple[str, NDArray[Any]]], meta: Mapping[str, Any]) -> None:
    stream.write(bytes(_HEAD.size))
    rows: dict[str, tuple[str, tuple[int, ...], int, list[int]]] = {}
    for name, array in arrays:
        stream.write(bytes(-stream.tell() % _ALIGN))
        offset = stream.tell()
        rows[name] = array.dtype.str, array.shape, offset, _written(stream, name, array)
        del array  # before the next is made
    table = json.dumps({"arrays": rows, "meta": dict(meta)}).encode()
    stream.write(table)
    stream.seek(0)
    stream.write(_HEAD.pack(_MAGIC, FORMAT, zlib.crc32(table), len(table)))


def _written(stream: IO[bytes], name: str, array: NDArray[Any]) -> list[int]:
    """Write an array and return the CRC-32 of each block."""
    if array.dtype.kind not in _KINDS:
        raise TypeError(f"array {name} holds {array.dtype}, not plain numbers")
    whole, sums = _bytes(np.asarray(array, order="C")), []
    for begin in range(0, len(whole), _BLOCK):
        block = whole[begin : begin + _BLOCK]
        stream.write(block)
        sums.append(zlib.crc32(block))
    return sums


def _bytes(array: NDArray[Any]) -> memoryview:
    return array.reshape(-1).view(np.uint8).data


def _opened(path: Path) -> IO[bytes]:
    # Looked at first: opening a pipe would wait for a writer.
    if not stat.S_ISREG(path.stat().st_mode):
        raise _Broken("it is no file")
    return path.open("rb", buffering=0)


def _table(stream: IO[bytes]) -> tuple[dict[str, _Place], dict[str, Any]]:
    size = os.fstat(stream.fileno()).st_size
    head = stream.read(_HEAD.size)
    if len(head) < _HEAD.size:
        raise _Broken("it is cut off")
    magic, layout, checksum, length = _HEAD.unpack(head)
    if magic != _MAGIC:
        raise _Broken("it is no index")
    if layout != FORMAT:
        raise _Broken(f"it has format {layout}, not {FORMAT}")
    if length > size - _HEAD.size:
        raise _Broken("it is cut off")
    stream.seek(size - length)
    table = stream.read(length)
    if len(table) != length or zlib.crc32(table) != checksum:
        raise _Broken("its table is damaged")
    return _places(table, size - length)


def _places(table: bytes, end: int) -> tuple[dict[str, _Place], dict[str, Any]]:
    # The table is as it was written, but by which program? What cannot be read is damage too.
    try:
        found = json.loads(table)
        places = {
            name: _Place(np.dtype(kind), tuple(shape), offset, sums)
            for name, (kind, shape, offset, sums) in found["arrays"].items()
        }
        meta = dict(found["meta"])
        fits = all(_fits(place, end) for place in places.values())
    except (ValueError, TypeError, KeyError, AttributeError, OverflowError) as error:
        raise _Broken("its table cannot be read") from error
    if not fits:
        raise _Broken("its table is wrong")
    return places, meta


def _fits(place: _Place, end: int) -> bool:
    inside = min(place.shape, default=0) >= 0 and _HEAD.size <= place.offset <= end - place.size
    blocks = -(-place.size // _BLOCK)
    return inside and place.dtype.kind in _KINDS and place.offset % _ALIGN == 0 and len(place.sums) == blocks


def _check(stream: IO[bytes], places: Mapping[str, _Place]) -> None:
    """Compare all checksums. Read, not mapped: an error of the disk then is an error, not the process's end.

    On two threads: the checksum of one block (1.2 GB/s) is reckoned while another is read.
    """
    turn = threading.Lock()

    def right(block: tuple[int, int, int]) -> bool:
        offset, length, expected = block
        buffer = memoryview(bytearray(length))
        with turn:
            stream.seek(offset)
            got = 0
            while got < length and (more := stream.readinto(buffer[got:])):  # type: ignore[attr-defined]
                got += more
        return got == length and zlib.crc32(buffer) == expected

    blocks = list(_blocks(places))
    if sum(length for _, length, _ in blocks) <= _BLOCK:
        fine = all(map(right, blocks))
    else:
        with ThreadPoolExecutor(2) as pool:
            fine = all(pool.map(right, blocks))
    if not fine:
        raise _Broken("its contents are damaged")


def _blocks(places: Mapping[str, _Place]) -> Iterator[tuple[int, int, int]]:
    """Yield the place, length and checksum of each block."""
    for place in places.values():
        for number, checksum in enumerate(place.sums):
            begin = number * _BLOCK
            yield place.offset + begin, min(_BLOCK, place.size - begin), checksum


def _map(stream: IO[bytes], places: Mapping[str, _Place]) -> dict[str, NDArray[Any]]:
    whole = mmap.mmap(stream.fileno(), 0, access=mmap.ACCESS_READ)
    # Plain arrays over one map: NumPy's own memmap class makes every small operation slower.
    return {name: np.ndarray(place.shape, place.dtype, whole, place.offset) for name, place in places.items()}


def _sync_folder(folder: Path) -> None:
    # The new name is in the folder, which is a file of its own; Windows has no such notion.
    if os.name == "posix":
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
