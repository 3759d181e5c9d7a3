"""A round: many channels ask the same, and it is looked up once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.core.fetched import Fetched
from bot.core.paper import Paper
from bot.services.picking import Live
from bot.services.round import Round
from tests.unit.test_news import MONDAY, at, listed, newsroom

if TYPE_CHECKING:
    from pathlib import Path

NEW = Paper("2401.99999", "A zebra", "It has stripes.", "huggingface", date=MONDAY)


async def test_a_round_goes_on_answering_as_it_did_when_it_was_first_asked(tmp_path: Path) -> None:
    async with newsroom(tmp_path, listed(2)) as news:
        live = news.roundups._picking._live
        assert isinstance(live, Live)
        await news.live(at(0, 5), at(1, 5))

        async def told(current: Round) -> tuple[int, int, int]:
            arrivals = await current.arrivals(at(0))
            return len(arrivals), len(await current.newest()), len(await current.ranked("zebra"))

        first = Round(news.library, live)
        before = await told(first)
        await news.library.take_in(Fetched((NEW,)), at(1, 5))
        assert await told(first) == before
        assert await told(Round(news.library, live)) == tuple(number + 1 for number in before)
        # Those whose last post was at another hour of the same day share what came since its beginning.
        assert await first.arrivals(at(0, 9)) is await first.arrivals(at(0))
        assert await first.arrivals(at(1)) is not await first.arrivals(at(0))


async def test_without_a_live_source_nothing_arrives_and_nothing_is_missing(tmp_path: Path) -> None:
    async with newsroom(tmp_path, []) as news:
        files_only = Round(news.library, None)
        assert not await files_only.alive()
        assert await files_only.arrivals(at(0)) == []
        assert await files_only.missing(at(9)) == ""
        assert await files_only.ranked("") == []
        assert len(await files_only.newest()) == 9
