"""The app: builds everything from settings, and closes it."""

from __future__ import annotations

import logging
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from bot.config import ConfigError
from bot.core.grounded import WriterError
from bot.llm import Writer
from bot.services.answers import Answers
from bot.services.library import Library
from bot.services.roundups import Roundups
from bot.services.shelf import Shelf
from bot.sources import files
from bot.storage.database import open_database
from bot.storage.notes import Notes
from bot.storage.papers import Papers
from bot.storage.roundups import Roundups as RoundupStore
from bot.storage.turns import Turns

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from bot.config import Settings


log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class App:
    """The open parts that the bot and the command line use."""

    settings: Settings
    library: Library
    roundups: Roundups
    notes: Notes
    answers: Answers


@asynccontextmanager
async def open_app(settings: Settings, *, writer: bool = False) -> AsyncIterator[App]:
    """Open the data folder; an empty one is first filled from `seeds/`.

    With `writer`, the model that the settings name is joined. Raises DatabaseError, ConfigError.
    """
    async with AsyncExitStack() as closing:
        database = await open_database(settings.database)
        closing.push_async_callback(database.close)
        papers = Papers(database)
        shelf = Shelf(papers, settings.index)
        closing.push_async_callback(shelf.close)
        await shelf.open()
        library = Library(papers, files.read, shelf)
        if not await papers.count():
            seeds = sorted(settings.seeds.glob("*.txt")) if settings.seeds.is_dir() else []
            report = await library.ingest(seeds, datetime.now(UTC))
            if not report.added:
                why = report.rejected[0].why if report.rejected else "no file is there"
                log.error("no seed papers folder=%s why=%s", settings.seeds, why)
            await library.settle()
        model = _writer(settings) if writer else None
        if model:
            closing.push_async_callback(model.close)
        answers = Answers(library, Turns(database), model)
        yield App(settings, library, Roundups(RoundupStore(database), library), Notes(database), answers)


def _writer(settings: Settings) -> Writer | None:
    if not settings.llm_url:
        return None
    if not settings.llm_model:
        msg = "COLLOQUIUM_LLM_URL is set but COLLOQUIUM_LLM_MODEL is not: name the model to use"
        raise ConfigError(msg)
    try:
        return Writer(settings.llm_url, settings.llm_model, settings.llm_key)
    except WriterError as error:
        raise ConfigError(str(error)) from error
