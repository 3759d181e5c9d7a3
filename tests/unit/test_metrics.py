"""Metrics: bounded, described, each on the dashboard, and nothing of what people wrote."""

from __future__ import annotations

import json
import math
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from prometheus_client.parser import text_string_to_metric_families

from bot.metrics import Facts, Metrics
from bot.services.lag import BOUNDS, Lag
from bot.services.vitals import OUTCOMES, Holdings
from bot.ui.shards import Shard

if TYPE_CHECKING:
    from collections.abc import Iterator

    from prometheus_client.core import Metric

DASHBOARD = Path(__file__).parents[2] / "deploy" / "grafana-dashboard.json"
HELD = Holdings(56, 60.0, 55, 1_000_000, 3600.0, dict.fromkeys(OUTCOMES, 2), {"huggingface": 300.0, "arxiv": math.inf})
SHARDS = (Shard(0, up=True, latency=0.04, guilds=3), Shard(1, up=False, latency=None, guilds=2))
FACTS = Facts(healthy=True, shards=SHARDS, holdings=HELD)


def families(metrics: Metrics, facts: Facts = FACTS) -> dict[str, Metric]:
    body, content_type = metrics.page(facts)
    assert content_type.startswith("text/plain")
    return {family.name: family for family in text_string_to_metric_families(body.decode())}


def values(family: Metric, suffix: str = "") -> dict[tuple[str, ...], float]:
    wanted = [sample for sample in family.samples if sample.name == family.name + suffix]
    return {tuple(sample.labels.values()): sample.value for sample in wanted}


@pytest.fixture
async def metrics() -> Metrics:
    made = Metrics(Lag())
    made.began(1, "search")
    made.replied(1)
    made.ended(1, "answered")
    return made


async def test_a_command_is_counted_once_with_its_waits(metrics: Metrics) -> None:
    metrics.began(2, "search")
    metrics.replied(2)
    metrics.replied(2)
    metrics.ended(2, "failed")
    metrics.ended(2, "answered")
    metrics.replied(2)
    metrics.replied(99)
    metrics.ended(99, "late")
    found = families(metrics)
    assert values(found["colloquium_commands"], "_total") == {("search", "answered"): 1, ("search", "failed"): 1}
    assert values(found["colloquium_first_reply_seconds"], "_count") == {("search",): 2}
    assert values(found["colloquium_command_seconds"], "_count") == {("search",): 2}
    assert metrics._open == {}


async def test_how_things_stand_is_read_off(metrics: Metrics) -> None:
    found = families(metrics)
    assert values(found["colloquium_shard_up"]) == {("0",): 1, ("1",): 0}
    assert values(found["colloquium_gateway_latency_seconds"]) == {("0",): 0.04}
    assert values(found["colloquium_source_age_seconds"]) == {("huggingface",): 300, ("arxiv",): math.inf}
    assert set(values(found["colloquium_roundups"])) == {(outcome,) for outcome in OUTCOMES}
    assert values(found["colloquium_index_papers"]) == {(): 55}
    assert values(found["colloquium_healthy"]) == {(): 1}


async def test_without_the_database_the_rest_is_told(metrics: Metrics) -> None:
    found = families(metrics, Facts(healthy=False, shards=(), holdings=None))
    assert values(found["colloquium_healthy"]) == {(): 0}
    assert "colloquium_papers" not in found
    assert "process_resident_memory_bytes" in found


async def test_stalls_are_a_histogram_that_adds_up() -> None:
    lag = Lag()
    for stall in (0.0, 0.0005, 0.02, 0.3, 9.0):
        lag.note(stall)
    counts = values(families(Metrics(lag))["colloquium_event_loop_lag_seconds"], "_bucket")
    assert list(counts) == [*((str(bound),) for bound in BOUNDS), ("+Inf",)]
    assert [counts[(bound,)] for bound in ("0.001", "0.025", "0.5", "2.5", "+Inf")] == [2, 3, 4, 4, 5]
    assert (lag.take(), lag.take(), lag.worst) == (9.0, 0.0, 9.0)


async def test_open_metrics_are_given_to_who_asks_for_them(metrics: Metrics) -> None:
    body, content_type = metrics.page(FACTS, "application/openmetrics-text; version=1.0.0")
    assert content_type.startswith("application/openmetrics-text")
    assert body.endswith(b"# EOF\n")


async def test_every_metric_has_a_name_of_ours_and_says_what_it_is(metrics: Metrics) -> None:
    for name, family in families(metrics).items():
        assert re.fullmatch(r"(?:colloquium|process)_[a-z_]+|colloquium", name)
        assert len(family.documentation) > 12


# --- the dashboard


def panels() -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(DASHBOARD.read_text("utf-8"))["panels"]
    return found


def queried() -> Iterator[str]:
    for panel in panels():
        for target in panel.get("targets", []):
            yield from re.findall(r"\b(?:colloquium|process)_\w+", target["expr"])


async def test_the_dashboard_asks_for_what_there_is_and_shows_all_of_it(metrics: Metrics) -> None:
    exported = {name: {sample.name for sample in family.samples} for name, family in families(metrics).items()}
    asked = set(queried())
    assert asked - set().union(*exported.values()) == set()
    assert {name for name, samples in exported.items() if not samples & asked} == set()


def test_the_dashboards_labels_are_those_of_the_metrics() -> None:
    known = {"command", "outcome", "source", "shard", "version"}
    for panel in panels():
        for target in panel.get("targets", []):
            assert set(re.findall(r"\{\{(\w+)\}\}", target["legendFormat"])) <= known
            grouped = [name for group in re.findall(r"by \(([^)]*)\)", target["expr"]) for name in group.split(", ")]
            assert set(grouped) <= known | {"le"}


def test_the_dashboards_panels_are_told_apart_described_and_do_not_overlap() -> None:
    found = panels()
    assert len({panel["id"] for panel in found}) == len(found)
    taken: set[tuple[int, int]] = set()
    for panel in found:
        place = panel["gridPos"]
        assert place["x"] + place["w"] <= 24
        squares = {(place["x"] + n, place["y"] + m) for n in range(place["w"]) for m in range(place["h"])}
        assert not squares & taken, panel["title"]
        taken |= squares
        assert panel["type"] == "row" or (panel["description"] and panel["datasource"]["uid"] == "${datasource}")
