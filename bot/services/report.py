"""Reports: what became of records that were taken in."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bot.core.paper import Rejection


@dataclass(frozen=True, slots=True)
class Report:
    """What an ingest did: records read, papers new and changed, records rejected, whole files refused.

    `remarks` are on records that were taken in, but not as they stand.
    """

    read: int = 0
    added: int = 0
    updated: int = 0
    rejected: tuple[Rejection, ...] = ()
    refused: int = 0
    remarks: tuple[Rejection, ...] = ()

    @property
    def unchanged(self) -> int:
        """Records that told nothing new: read = added + updated + unchanged + rejected. A refused file is no record."""
        return self.read - self.added - self.updated - (len(self.rejected) - self.refused)

    def __add__(self, other: Report) -> Report:
        """Add two reports up."""
        return Report(
            self.read + other.read,
            self.added + other.added,
            self.updated + other.updated,
            self.rejected + other.rejected,
            self.refused + other.refused,
            self.remarks + other.remarks,
        )
