"""The app: builds everything from settings, and closes it."""

from __future__ import annotations

import logging
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from typing import TYPE_CHECKING

from bot.config import ConfigError
from bot.core.grounded import WriterError
from bot.core.vectors import EmbedderError
from bot.dictionary import Dictionary
from bot.services.answers import Answers
from bot.services.doctor import Doctor
from bot.services.favourites import Favourites
from bot.services.library import Library
from bot.services.lookup import Lookup
from bot.services.picking import Live
from bot.services.refresh import Refresh
from bot.services.roundups import Roundups
from bot.services.semantic import Semantic
from bot.services.shelf import Shelf
from bot.services.trending import Trending
from bot.services.trends import Trends
from bot.services.vitals import Vitals
from bot.sources import files
from bot.storage.backup import before_change
from bot.storage.database import open_database
from bot.storage.favourites import Favourites as FavouriteStore
from bot.storage.notes import Notes
from bot.storage.papers import Papers
from bot.storage.readings import Readings
from bot.storage.roundups import Roundups as RoundupStore
from bot.storage.sightings import Sightings
from bot.storage.turns import Turns
from bot.storage.vectors import Vectors
from bot.thesaurus import shipped

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from bot.config import Settings
    from bot.llm import Writer
    from bot.services.refresh import Source
    from bot.storage.database import Database


log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class App:
    """The open parts that the bot and the command line use."""

    settings: Settings
    library: Library
    roundups: Roundups
    notes: Notes
    answers: Answers
    doctor: Doctor
    favourites: Favourites
    trending: Trending
    trends: Trends
    vitals: Vitals
    semantic: Semantic | None = None
    refresh: Refresh | None = None
    lookup: Lookup | None = None


@asynccontextmanager
async def open_app(settings: Settings, *, writer: bool = False, live: bool = False) -> AsyncIterator[App]:
    """Open the data folder; an empty one is first filled from `seeds/`.

    With `writer`, the model that the settings name is joined; with `live`, the sources. Raises DatabaseError,
    ConfigError.
    """
    async with AsyncExitStack() as closing:
        database = await open_database(settings.database, before_change)
        closing.push_async_callback(database.close)
        papers = Papers(database)
        shelf = Shelf(papers, settings.index)
        closing.push_async_callback(shelf.close)
        await shelf.open()
        semantic = _semantic(settings, database, patient=not writer)
        library = Library(papers, files.parts, shelf, semantic, words=Dictionary(), thesaurus=shipped())
        if not await papers.count():
            seeds = sorted(settings.seeds.glob("*.txt")) if settings.seeds.is_dir() else []
            report = await library.ingest(seeds, datetime.now(UTC))
            # Another process may have been first.
            if not await papers.count():
                why = report.rejected[0].why if report.rejected else "no file is there"
                log.error("no seed papers folder=%s why=%s", settings.seeds, why)
        # Papers may have come in between from another process.
        await library.catch_up()
        if semantic:
            closing.push_async_callback(semantic.close)
            semantic.start()
        model = _writer(settings) if writer else None
        if model:
            closing.push_async_callback(model.close)
        answers = Answers(library, Turns(database), model)
        store = RoundupStore(database)
        refresh, lookup = None, None
        if live:
            refresh, lookup = await _live(settings, library, database, closing)
        doctor = Doctor(database, papers, shelf, store, refresh)
        favourites = FavouriteStore(database)
        sightings = Sightings(database)
        live_ones = Live(refresh, sightings, favourites) if refresh else None
        roundups = Roundups(store, library, live_ones)
        names = [source.name for source in refresh.sources] if refresh else []
        yield App(
            settings,
            library,
            roundups,
            Notes(database),
            answers,
            doctor,
            favourites=Favourites(favourites, library),
            trending=Trending(sightings, library, favourites, live=settings.live),
            trends=Trends(papers),
            vitals=Vitals(database, papers, shelf, settings.index, names),
            semantic=semantic,
            refresh=refresh,
            lookup=lookup,
        )


async def _live(
    settings: Settings, library: Library, database: Database, closing: AsyncExitStack
) -> tuple[Refresh, Lookup | None]:
    """Open the way out and the sources that the settings name; where these are none, arXiv is asked for no paper."""
    from bot.http import Client  # noqa: PLC0415 - an HTTP client: a fifth of a second for every command
    from bot.sources import streams  # noqa: PLC0415 - as above

    places = (settings.huggingface_url, settings.arxiv_lists_url, settings.arxiv_api_url, *settings.feeds)
    client = await closing.enter_async_context(Client(private=places))
    sources: list[Source] = []
    if "huggingface" in settings.sources:
        sources.append(streams.HuggingFace(client, settings.huggingface_url))
    if settings.arxiv:
        sources.append(streams.Arxiv(client, settings.arxiv, settings.arxiv_lists_url, settings.arxiv_api_url))
    sources += [streams.Feed(client, url) for url in dict.fromkeys(settings.feeds)]
    ask = partial(streams.by_id, client, base=settings.arxiv_api_url)
    lookup = Lookup(library, Papers(database), ask) if settings.live else None
    return Refresh(sources, library, Readings(database)), lookup


def _writer(settings: Settings) -> Writer | None:
    if not settings.llm_url:
        return None
    if not settings.llm_model:
        msg = "COLLOQUIUM_LLM_URL is set but COLLOQUIUM_LLM_MODEL is not: name the model to use"
        raise ConfigError(msg)
    from bot.llm import Writer  # noqa: PLC0415 - only where one is wanted

    try:
        return Writer(settings.llm_url, settings.llm_model, settings.llm_key)
    except WriterError as error:
        raise ConfigError(str(error)) from error


def _semantic(settings: Settings, database: Database, *, patient: bool) -> Semantic | None:
    if not settings.embedder:
        return None
    from bot.embed import Endpoint, MiniLM  # noqa: PLC0415 - an HTTP client: a fifth of a second for every command

    if settings.embedder.lower() == "minilm":
        small = MiniLM()
        return Semantic(small, Vectors(database, small.model), patient=patient)
    if not settings.embed_model:
        msg = "COLLOQUIUM_EMBEDDER is an address but COLLOQUIUM_EMBED_MODEL is not set: name the model to use"
        raise ConfigError(msg)
    try:
        endpoint = Endpoint(settings.embedder, settings.embed_model, settings.embed_key)
    except EmbedderError as error:
        raise ConfigError(f"COLLOQUIUM_EMBEDDER is neither minilm nor usable: {error}") from error
    return Semantic(endpoint, Vectors(database, endpoint.model), patient=patient)
