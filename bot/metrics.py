"""Metrics in Prometheus' format: how the bot is, in numbers, without a word of what anybody wrote or who they are.

Every label has a bounded set of values: the bot's own commands, outcomes, sources and shards.
"""

from __future__ import annotations

import asyncio
import threading
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from prometheus_client import CollectorRegistry, Counter, Histogram, ProcessCollector, disable_created_metrics
from prometheus_client.core import GaugeMetricFamily, HistogramMetricFamily, InfoMetricFamily
from prometheus_client.exposition import choose_encoder
from prometheus_client.registry import Collector

import bot
from bot.services.lag import BOUNDS, Lag
from bot.services.meter import Meter, Outcome

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from prometheus_client.core import Metric

    from bot.services.vitals import Holdings
    from bot.ui.shards import Shard

_WAITS = (0.05, 0.1, 0.25, 0.5, 1.0, 1.5, 2.0, 3.0, 5.0)
"""Seconds; from 3 on, Discord no longer waits for the first reply."""
_WORK = (0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0)


@dataclass(frozen=True, slots=True)
class Facts:
    """How everything stands at one moment. No holdings: the database could not be asked."""

    healthy: bool
    shards: tuple[Shard, ...]
    holdings: Holdings | None


class Metrics(Meter):
    """Counts commands, and writes down how everything stands when asked."""

    def __init__(self, lag: Lag) -> None:
        """Count from now on; `lag` is watched elsewhere."""
        # Unix times beside every counter that nobody asked for.
        disable_created_metrics()  # type: ignore[no-untyped-call]
        self._registry = CollectorRegistry()
        self._open: dict[int, tuple[str, float, bool]] = {}
        self._commands = Counter(
            "colloquium_commands",
            "Commands, pressed controls, sent forms and messages to the bot, by what became of them",
            ["command", "outcome"],
            registry=self._registry,
        )
        self._first = Histogram(
            "colloquium_first_reply_seconds",
            "From a command's arrival until Discord has taken the first reply, if only that one is on its way",
            ["command"],
            buckets=_WAITS,
            registry=self._registry,
        )
        self._whole = Histogram(
            "colloquium_command_seconds",
            "From a command's arrival until all of it is done",
            ["command"],
            buckets=_WORK,
            registry=self._registry,
        )
        ProcessCollector(registry=self._registry)
        self._standing = _Standing(lag)
        self._registry.register(self._standing)

    def began(self, key: int, command: str) -> None:
        """Start the clock of one use of a command."""
        self._open[key] = (command, time.perf_counter(), False)

    def replied(self, key: int) -> None:
        """Note the first reply; later ones are none."""
        command, began, replied = self._open.get(key, ("", 0.0, True))
        if not replied:
            self._first.labels(command).observe(time.perf_counter() - began)
            self._open[key] = (command, began, True)

    def ended(self, key: int, outcome: Outcome) -> None:
        """Count it, once."""
        if found := self._open.pop(key, None):
            command, began, _ = found
            self._whole.labels(command).observe(time.perf_counter() - began)
            self._commands.labels(command, outcome).inc()

    def page(self, facts: Facts, accept: str = "") -> tuple[bytes, str]:
        """Return everything in the format that was asked for, with its content type."""
        encode, content_type = choose_encoder(accept)
        self._standing.facts = facts
        return encode(self._registry), content_type


class _Standing(Collector):
    """What is not counted but read off when somebody asks."""

    def __init__(self, lag: Lag) -> None:
        self._lag = lag
        self.facts = Facts(healthy=False, shards=(), holdings=None)

    def describe(self) -> Iterable[Metric]:
        return ()

    def collect(self) -> Iterator[Metric]:
        yield InfoMetricFamily("colloquium", "Which version runs", {"version": bot.__version__})
        yield _gauge("healthy", "1 while `python -m bot health` finds nothing wrong, else 0", int(self.facts.healthy))
        yield _gauge("tasks", "asyncio tasks that are alive", len(asyncio.all_tasks()))
        yield _gauge("threads", "Threads that are alive", threading.active_count())
        yield self._stalls()
        yield from _of_shards(self.facts.shards)
        if self.facts.holdings:
            yield from _of_holdings(self.facts.holdings)

    def _stalls(self) -> Metric:
        counts, buckets, so_far = self._lag.counts, [], 0
        for bound, count in zip([*map(str, BOUNDS), "+Inf"], counts, strict=True):
            so_far += count
            buckets.append((bound, float(so_far)))
        about = "How much later than asked the event loop came back to a sleeper, looked at 100 times a second"
        return HistogramMetricFamily(
            "colloquium_event_loop_lag_seconds", about, buckets=buckets, sum_value=self._lag.total
        )


def _of_shards(shards: tuple[Shard, ...]) -> Iterator[Metric]:
    up = {str(shard.id): float(shard.up) for shard in shards}
    yield _gauges("shard_up", "1 while a connection to Discord's gateway is up, else 0", "shard", up)
    guilds = {str(shard.id): float(shard.guilds) for shard in shards}
    yield _gauges(
        "shard_guilds", "Servers that the bot is in, by the connection that brings their events", "shard", guilds
    )
    latency = {str(shard.id): shard.latency for shard in shards if shard.latency is not None}
    about = "Seconds from the last heartbeat to Discord's acknowledgement"
    yield _gauges("gateway_latency_seconds", about, "shard", latency)


def _of_holdings(held: Holdings) -> Iterator[Metric]:
    yield _gauge("papers", "Papers in the database", held.papers)
    yield _gauge("newest_paper_age_seconds", "Since the last paper came in", held.newest_paper_age)
    yield _gauge("index_papers", "Papers that a search can find", held.findable)
    yield _gauge("index_bytes", "Size of the index's file", held.index_bytes)
    yield _gauge("index_age_seconds", "Since the index's file was written; newer papers are in memory", held.index_age)
    about = "Roundups on record, by what became of them; survives restarts"
    yield _gauges("roundups", about, "outcome", {key: float(count) for key, count in held.roundups.items()})
    about = "Since a source was last read well, +Inf where it never was"
    yield _gauges("source_age_seconds", about, "source", held.source_ages)


def _gauge(name: str, about: str, value: float) -> Metric:
    return GaugeMetricFamily(f"colloquium_{name}", about, value=value)


def _gauges(name: str, about: str, label: str, values: Mapping[str, float]) -> Metric:
    made = GaugeMetricFamily(f"colloquium_{name}", about, labels=[label])
    for key, value in values.items():
        made.add_metric([key], value)
    return made
