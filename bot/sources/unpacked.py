"""A file's bytes, unpacked while they are read: gzip and xz, within limits, so that no bomb goes off."""

from __future__ import annotations

import io
import lzma
import zlib
from typing import IO, TYPE_CHECKING, Final, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from _typeshed import WriteableBuffer

MAX_SIZE: Final = 4 * 2**30
"""Largest file, in bytes, as it is and unpacked: some two million abstracts."""
MAX_RATIO: Final = 400
"""Times that a packed file may grow, beyond its first few MiB; abstracts grow fourfold, and gzip's best is 1,032."""
_FREE: Final = 8 * 2**20
_CHUNK: Final = 64 * 2**10
_MEMORY: Final = 128 * 2**20
"""Bytes that unpacking xz may take; its highest level needs 65 MiB."""
_OTHERS: Final = {
    b"PK\x03\x04": "a zip archive",
    b"BZh": "packed by bzip2",
    b"\x28\xb5\x2f\xfd": "packed by zstd",
    b"7z\xbc\xaf": "a 7z archive",
    b"Rar!": "a rar archive",
    b"%PDF": "a PDF",
    b"SQLite format 3\x00": "a SQLite database",
    b"\x93NUMPY": "a NumPy array",
    b"PAR1": "a Parquet file",
}


class UnreadableError(Exception):
    """The file cannot be read, in words that are safe to show to anyone."""


class _Unpacker(Protocol):
    @property
    def eof(self) -> bool: ...

    @property
    def unused_data(self) -> bytes: ...

    def decompress(self, data: bytes, max_length: int, /) -> bytes: ...


class _Inflate:
    """zlib's unpacker with lzma's manners: what waits for room to unpack is kept inside."""

    def __init__(self) -> None:
        self._inner = zlib.decompressobj(16 + zlib.MAX_WBITS)

    @property
    def eof(self) -> bool:
        return self._inner.eof

    @property
    def unused_data(self) -> bytes:
        return self._inner.unused_data

    def decompress(self, data: bytes, max_length: int, /) -> bytes:
        return self._inner.decompress(self._inner.unconsumed_tail + data, max_length)


def _xz() -> _Unpacker:
    return lzma.LZMADecompressor(memlimit=_MEMORY)


_PACKED: Final[dict[bytes, Callable[[], _Unpacker]]] = {b"\x1f\x8b": _Inflate, b"\xfd7zXZ\x00": _xz}


class Unpacked(io.RawIOBase):
    """The unpacked bytes of a file. Reading raises UnreadableError, with no other message than one to show."""

    def __init__(self, file: IO[bytes], size: int) -> None:
        """Read an open file of `size` bytes, packed or not, as its first bytes say."""
        super().__init__()
        self._file = file
        self._size = size
        head = file.read(16)
        for magic, kind in _OTHERS.items():
            if head.startswith(magic):
                raise UnreadableError(f"{kind}, which is not read")
        self._new = next((new for magic, new in _PACKED.items() if head.startswith(magic)), None)
        self._unpacker = self._new() if self._new else None
        self._waiting = head
        self._ahead = b""
        self._given = 0

    @property
    def share(self) -> float:
        """How much of the file has been read, from 0 to 1."""
        return min(self._file.tell() / self._size, 1.0) if self._size else 1.0

    def close(self) -> None:
        """Close the file."""
        self._file.close()
        super().close()

    def readable(self) -> bool:
        """Say that this can be read."""
        return True

    def readinto(self, buffer: WriteableBuffer, /) -> int:
        """Fill a buffer as far as the next bytes reach; 0 is the end."""
        view = memoryview(buffer).cast("B")
        data = self._ahead[: len(view)] or self._more(len(view))
        self._ahead = self._ahead[len(data) :]
        view[: len(data)] = data
        return len(data)

    def peek(self, count: int) -> bytes:
        """Return the next bytes, `count` unless there are fewer, and leave them to be read."""
        while len(self._ahead) < count and (data := self._more(count)):
            self._ahead += data
        return self._ahead[:count]

    def _more(self, count: int) -> bytes:
        data = self._next(min(count, _CHUNK)) if count else b""
        self._given += len(data)
        if self._given > MAX_SIZE:
            raise UnreadableError(f"larger than {MAX_SIZE // 2**30} GiB")
        if self._unpacker and self._given > _FREE + MAX_RATIO * self._file.tell():
            raise UnreadableError(f"unpacks to more than {MAX_RATIO} times its size: a bomb, or nothing to read")
        return data

    def _next(self, count: int) -> bytes:
        if self._unpacker is None:
            data, self._waiting = self._waiting, b""
            return data or self._file.read(count)
        try:
            return self._unpack(self._unpacker, count)
        except lzma.LZMAError as error:
            memory = "memory" in str(error).lower()
            raise UnreadableError("needs too much memory to unpack" if memory else "damaged") from None
        except zlib.error:
            raise UnreadableError("damaged") from None

    def _unpack(self, unpacker: _Unpacker, count: int) -> bytes:
        while True:
            if unpacker.eof:
                # One file may be several, each packed by itself, with zeros between them.
                self._waiting = (unpacker.unused_data or self._file.read(_CHUNK)).lstrip(b"\x00")
                if not self._waiting:
                    return b""
                assert self._new is not None  # noqa: S101 - packed
                self._unpacker = unpacker = self._new()
            data = unpacker.decompress(self._waiting, count)
            self._waiting = b""
            if data:
                return data
            if not unpacker.eof and not (more := self._file.read(_CHUNK)):
                raise UnreadableError("damaged: its end is missing")
            if not unpacker.eof:
                self._waiting = more


def open_unpacked(path: Path) -> Unpacked:
    """Open a file. Raises UnreadableError, OSError."""
    size = path.stat().st_size
    if size > MAX_SIZE:
        raise UnreadableError(f"larger than {MAX_SIZE // 2**30} GiB")
    file = path.open("rb")
    try:
        return Unpacked(file, size)
    except BaseException:
        file.close()
        raise
