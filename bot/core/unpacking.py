"""Unpacking gzip as it comes in, within a limit: a small file can hold gigabytes of nothing."""

from __future__ import annotations

import zlib
from typing import Final

_GZIP: Final = 16 + zlib.MAX_WBITS


class TooLargeError(Exception):
    """More came than the limit allows."""


class Plain:
    """Takes bytes as they are, `limit` of them at most."""

    def __init__(self, limit: int) -> None:
        self._left = limit
        self._parts: list[bytes] = []

    def feed(self, data: bytes) -> None:
        """Take the next bytes. Raises TooLargeError."""
        self._left -= len(data)
        if self._left < 0:
            raise TooLargeError
        self._parts.append(data)

    def finish(self) -> bytes:
        """Return all of it."""
        return b"".join(self._parts)


class Gunzip:
    """Unpacks one or more gzip members, `limit` bytes at most both packed and unpacked."""

    def __init__(self, limit: int) -> None:
        self._packed = Plain(limit)
        self._unpacked = Plain(limit)
        self._limit = limit
        self._inflate = zlib.decompressobj(_GZIP)

    def feed(self, data: bytes) -> None:
        """Take the next packed bytes. Raises TooLargeError, or ValueError where they are no gzip."""
        self._packed.feed(data)
        while data:
            if self._inflate.eof:
                self._inflate = zlib.decompressobj(_GZIP)
            try:
                # One byte more than may ever come is enough to know.
                self._unpacked.feed(self._inflate.decompress(data, self._limit + 1))
            except zlib.error:
                raise ValueError("not gzip") from None
            data = self._inflate.unconsumed_tail or self._inflate.unused_data

    def finish(self) -> bytes:
        """Return what was unpacked. Raises ValueError if the end is missing."""
        if not self._inflate.eof:
            raise ValueError("the end is missing")
        return self._unpacked.finish()
