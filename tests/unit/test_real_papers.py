"""Real papers by the thousand, where this machine has them: each once, and no two made one."""

from __future__ import annotations

import gzip
import json
import lzma
import time
from collections import defaultdict
from datetime import date
from itertools import combinations
from typing import TYPE_CHECKING

import pytest

from bot.core.identity import arxiv_of, at_odds, likeness, registered, title_key
from bot.core.paper import Paper, canonical_id
from bot.core.tidy import tidy
from tests.unit.recorded import DATA
from tests.unit.samples import seed_papers
from tests.unit.shelves import NOW, opened

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

DAILY, MANY = DATA / "papers" / "hf_daily.jsonl.gz", DATA / "papers" / "abstracts_162k.jsonl.xz"
needs = {path: pytest.mark.skipif(not path.exists(), reason=f"no {path.name}: set COLLOQUIUM_TEST_DATA")
         for path in (DAILY, MANY)}  # fmt: skip


def daily() -> list[Paper]:
    with gzip.open(DAILY, "rt", encoding="utf-8") as lines:
        return [_daily(json.loads(line)) for line in lines]


def _daily(row: dict[str, str]) -> Paper:
    return Paper(
        row["id"],
        tidy(" ".join(row["title"].split())),
        " ".join(row["summary"].split()),
        "huggingface",
        date=date.fromisoformat(row["daily_date"]),
        upvotes=int(row["upvotes"]),
        authors=tuple(row["authors"]),
    )


def many() -> Iterator[Paper]:
    with lzma.open(MANY, "rt", encoding="utf-8") as lines:
        for row in map(json.loads, lines):
            yield Paper(canonical_id(row["_id"], row["title"]), " ".join(row["title"].split()), row["text"], "file")


@needs[DAILY]
async def test_two_years_of_lists_and_the_seeds_are_taken_in_once_and_quickly(tmp_path: Path) -> None:
    rows = daily()
    async with opened(tmp_path, file=False) as (papers, _):
        await papers.add(seed_papers(), NOW)
        began = time.process_time()
        # Four papers were listed twice, and one of the seeds was listed.
        assert await papers.add(rows, NOW) == (9_576, 5)
        assert time.process_time() - began < 20
        assert await papers.count() == 56 + 9_576
        mark = await papers.mark()
        assert await papers.add(rows, NOW) == (0, 0)
        assert await papers.add(seed_papers(), NOW) == (0, 0)
        assert await papers.mark() == mark
        [seed] = await papers.get(["2410.11878"])
        assert (seed.id, seed.source, seed.url) == ("neural-metamorphosis", "seed", None)
        assert [paper.upvotes for paper in await papers.get(["2604.07429", "2606.11176"])] == [42, 82]


@needs[DAILY]
@needs[MANY]
def test_of_equal_titles_those_are_one_paper_that_people_took_for_one() -> None:
    by_title = defaultdict[str, dict[str, Paper]](dict)
    for paper in [*seed_papers(), *daily(), *many()]:
        by_title[title_key(paper.title)].setdefault(paper.id, paper)
    one: list[tuple[str, str]] = []
    apart: list[tuple[str, str]] = []
    for same in by_title.values():
        for a, b in combinations(same.values(), 2):
            odds = at_odds(registered(arxiv_of(a), a.doi), registered(arxiv_of(b), b.doi))
            (one if likeness(a, b) and not odds else apart).append((a.id, b.id))
    # The sixty least alike were read: each is a paper's copy in a conference's list, or a seed's. The others share
    # 96 % of their words and more.
    assert len(one) == 365
    assert {b for a, b in one if a in {seed.id for seed in seed_papers()}} == {
        "2410.11878",
        "iclr2014/26283",
        "iclr2018/26873",
        "wacv2020/83666",
        "wacv2023/84621",
    }
    # Six are two papers to arXiv. The first two are one paper whose abstract was written anew: a copy too many is a
    # smaller harm than a paper lost.
    assert sorted(apart) == [
        ("2412.01928", "colm2025/11833"),
        ("2502.20396", "corl2025/14209"),
        ("2505.17997", "2506.03038"),
        ("2506.03197", "2510.15349"),
        ("2506.06035", "2510.03122"),
        ("2507.12759", "2510.09354"),
        ("2509.18176", "2509.25393"),
        ("2509.21801", "2601.11002"),
    ]
