"""What is worth reading first: a score that grows with what speaks for a paper, and says what that is."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from typing import TYPE_CHECKING

from hypothesis import given
from hypothesis import strategies as st

from bot.core import recency
from bot.core.arrival import Arrival, Here
from bot.core.notable import Reason, asked, rank, reason, score

if TYPE_CHECKING:
    import random

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
DAY = date(2026, 3, 2)


def arrival(paper_id: str = "a", **known: object) -> Arrival:
    return replace(Arrival(paper_id, NOW, DAY), **known)  # type: ignore[arg-type]


arrivals = st.builds(
    Arrival,
    paper_id=st.text("abcdef", min_size=1, max_size=4),
    seen=st.just(NOW),
    day=st.none() | st.dates(date(2026, 2, 1), DAY),
    votes=st.integers(-5, 2**63 - 1),
    code=st.booleans(),
    stars=st.integers(-5, 2**63 - 1),
    here=st.builds(Here, st.integers(0, 10**6)),
    said=st.sampled_from(["", "pruning of networks", "Speech and music", "pruned speech", "日本語の論文"]),
)
several = st.lists(arrivals, max_size=12, unique_by=lambda one: one.paper_id)


@given(arrivals, st.integers(0, 90), st.integers(0, 10**6), st.floats(0, 5))
def test_more_of_anything_is_never_worth_less(one: Arrival, days: int, more: int, match: float) -> None:
    before = score(one, days, match)
    assert score(replace(one, here=Here(one.here.people + more)), days, match) >= before
    assert score(replace(one, votes=one.votes + more), days, match) >= before
    assert score(replace(one, stars=one.stars + more), days, match) >= before
    assert score(replace(one, code=True), days, match) >= before
    assert score(one, days + 1, match) <= before
    assert score(one, days, match + 1) >= before >= 0


@given(st.integers(0, 10**6), st.integers(0, 90))
def test_one_vote_more_is_worth_more(votes: int, days: int) -> None:
    assert score(arrival(votes=votes + 1), days) > score(arrival(votes=votes), days)


@given(several, st.sampled_from(["", "pruning", "speech, music", "the of"]), st.integers(0, 12), st.randoms())
def test_the_order_is_the_same_however_they_come(
    several: list[Arrival], topics: str, size: int, chance: random.Random
) -> None:
    found = rank(several, topics, size)
    shuffled = list(several)
    chance.shuffle(shuffled)
    assert rank(shuffled, topics, size) == found
    assert len(found) == min(size, len(several))
    assert all(one.score >= other.score for one, other in pairwise(found))
    assert rank(several, topics, len(several))[:size] == found


@given(several, arrivals, st.integers(1, 10**6))
def test_more_votes_never_move_a_paper_down(several: list[Arrival], one: Arrival, more: int) -> None:
    others = [other for other in several if other.paper_id != one.paper_id]

    def place(mine: Arrival) -> int:
        return [found.paper_id for found in rank([*others, mine], "", 99)].index(one.paper_id)

    assert place(replace(one, votes=one.votes + more)) <= place(one)


def test_the_reason_is_said_in_words() -> None:
    one = arrival(votes=48, code=True, said="We study structured pruning.")
    (found,) = rank([one], "pruning and audio", 5)
    assert found.reason == Reason(("48 votes", "code"), ("pruning",))
    assert reason(arrival(votes=1), 0) == Reason(("1 vote",))
    assert reason(arrival(votes=1200, stars=3400, code=True), 3) == Reason(
        ("1,200 votes", "300 a day", "code with 3,400 stars")
    )
    assert reason(arrival(votes=2), 5) == Reason(("2 votes",))
    assert reason(arrival(stars=1), 0) == Reason(("code with 1 star",))
    assert reason(arrival(), 0) == Reason()
    assert reason(arrival(), 0, ["a", "b", "c", "d"]).matched == ("a", "b", "c")


def test_speed_tells_young_papers_from_old_ones() -> None:
    old = arrival("old", votes=60, day=DAY - timedelta(days=20))
    assert [found.paper_id for found in rank([old, arrival("new", votes=40)], "", 2)] == ["new", "old"]


def test_a_weekend_makes_no_paper_old() -> None:
    (found,) = rank([arrival(votes=9, day=date(2026, 2, 27))], "", 1)
    assert found.reason.facts == ("9 votes",)


def test_a_topic_word_counts_as_much_as_sixty_votes_and_no_more() -> None:
    rest = [arrival(f"r{n}") for n in range(40)]
    wanted, liked, loved = (
        arrival("wanted", said="pruning"),
        arrival("liked", votes=40),
        arrival("loved", votes=400),
    )
    order = [found.paper_id for found in rank([*rest, liked, loved, wanted], "pruning", 3)]
    assert order == ["loved", "wanted", "liked"]


def test_a_word_that_all_have_tells_them_apart_no_more() -> None:
    common = [arrival(f"c{n}", votes=n, said="deep learning") for n in range(40)]
    rare = arrival("rare", said="learning of birdsong")
    assert rank([*common, rare], "learning birdsong", 1)[0].paper_id == "rare"


def test_a_part_of_a_compound_is_not_the_word() -> None:
    some = [arrival("a", said="self-attention"), arrival("b", said="self supervised learning")]
    assert [found.reason.matched for found in rank(some, "self-supervised", 2)] == [("self-supervised",), ()]


def test_topic_words_are_shown_as_they_were_written() -> None:
    assert list(asked("Pruning, pruned and LoRA")) == ["Pruning", "LoRA"]
    assert asked("the of and, *") == {}


def test_what_members_keep_counts_as_a_number_and_is_said() -> None:
    liked = arrival("liked", here=Here(people=3, saved=3, liked=2))
    best = rank([arrival("voted", votes=12), liked, arrival("crowd", votes=400)], "", 3)
    assert [one.paper_id for one in best] == ["crowd", "liked", "voted"]
    assert best[1].reason == Reason(("saved by 3 here", "liked by 2 here"))
    assert "here" not in str(best[0].reason)


@given(several, st.dates(DAY + timedelta(days=2), date(2200, 1, 1)))
def test_a_day_that_lies_ahead_makes_no_other_paper_older(others: list[Arrival], ahead: date) -> None:
    slip = arrival("slip", day=ahead)
    known = {one.paper_id: one for one in rank(others, "", 99)}
    for one in rank([*others, slip], "", 99):
        assert one == known.get(one.paper_id, one)
    assert recency.latest([*others, slip]) == recency.latest(others)
    assert recency.newest_first(slip) >= max(map(recency.newest_first, others), default=0)


def test_tomorrow_is_a_day_and_the_day_after_is_not() -> None:
    assert recency.latest([arrival(day=DAY + timedelta(days=1)), arrival()]) == DAY + timedelta(days=1)
    assert recency.day_of(arrival(day=DAY + timedelta(days=2))) is None
    assert recency.age(arrival(day=DAY - timedelta(days=3)), DAY) == 3
    assert recency.age(arrival(day=DAY + timedelta(days=90)), DAY) == recency.age(arrival(day=None), DAY) == 0
