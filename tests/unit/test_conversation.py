"""A conversation: what leans on the last question, what stays with its papers, and what no abstract is asked for."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from bot.core.conversation import leans, of_mine, stays

if TYPE_CHECKING:
    from bot.app import App

NOW = datetime(2026, 1, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    "question",
    ["and on CIFAR-10?", "why?", "how?", "ok, what about ImageNet?", "which dataset?", "how big?", "how does it work?"],
)
def test_these_lean(question: str) -> None:
    assert leans(question)


@pytest.mark.parametrize("question", ["how does GPipe split a model over accelerators?", "pruning", "what is NIRVANA?"])
def test_these_stand_alone(question: str) -> None:
    assert not leans(question)


def test_what_stays_and_what_goes_elsewhere() -> None:
    assert stays("and on CIFAR-10?")
    assert stays("what is its weakness?")
    assert not stays("how does that compare to GPipe?")
    assert not stays("what about DiskGNN?")
    assert not stays("and how does layer normalization treat recurrent networks?")


@pytest.mark.parametrize(
    "said", ["help", "/help", "Thanks!", "hello", "what can you do?", "how many papers do you have?"]
)
def test_these_are_about_the_bot(said: str) -> None:
    assert of_mine(said)


@pytest.mark.parametrize(
    "said",
    [
        "how does help vectors work",
        "thanks to what is GPipe fast?",
        "what are you supposed to tune in GPipe?",
        "how do you work with unlabeled audio?",
        "how many papers are there on pruning?",
    ],
)
def test_these_are_not(said: str) -> None:
    assert not of_mine(said)


async def talk(app: App, *questions: str) -> list[tuple[bool, str]]:
    """Ask one after the other; return for each whether it was answered, and the title of the first paper."""
    found = []
    for number, question in enumerate(questions):
        reply = await app.answers.ask(question, "test", 1, NOW + timedelta(minutes=number))
        again = await app.answers.again(reply.turn.token)
        assert again is not None
        assert again.answer == reply.answer
        first = reply.answer.quotes[0].paper if reply.answer.quotes else reply.answer.nearest[0]
        found.append((reply.answer.answered, first.title.split(":")[0]))
    return found


async def test_a_follow_up_stays_with_the_papers_just_quoted(app: App) -> None:
    told = await talk(app, "What is NIRVANA?", "how much faster is it?", "which dataset?")
    assert told == [(True, "NIRVANA")] * 3


async def test_what_those_papers_do_not_say_is_refused_and_not_answered_from_others(app: App) -> None:
    told = await talk(app, "How many languages does GPipe translate?", "and on CIFAR-10?", "and on what hardware?")
    assert told == [(True, "GPipe"), (False, "GPipe"), (False, "GPipe")]


async def test_a_change_of_topic_is_noticed(app: App) -> None:
    told = await talk(app, "What is NIRVANA?", "what about DiskGNN?", "What is layer normalization?")
    assert [title for _, title in told] == ["NIRVANA", "DiskGNN", "Layer Normalization"]


async def test_forgetting_reaches_what_others_took_along(app: App) -> None:
    await app.answers.ask("What is NIRVANA?", "mine", 1, NOW)
    turn = (await app.answers.ask("how much faster is it?", "mine", 1, NOW)).turn
    await app.answers.carry(turn, "theirs", NOW)
    theirs = (await app.answers.ask("which dataset?", "theirs", 2, NOW)).turn
    assert "NIRVANA" in theirs.asked.context
    await app.answers.forget(1)
    kept = await app.answers.turn(theirs.token)
    assert kept is not None
    assert kept.asked.context == ""
