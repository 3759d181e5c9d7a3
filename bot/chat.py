"""A conversation in the terminal."""

from __future__ import annotations

import asyncio
import io
import secrets
import sys
import textwrap
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from bot.core.conversation import of_mine

if TYPE_CHECKING:
    from bot.core.answer import Answer
    from bot.core.paper import Paper
    from bot.services.answers import Answers

WIDTH = 92
GREETING = "  Ask me something about the papers, like: how does layer normalization differ from batch normalization?"
_BOLD, _DIM, _PLAIN = "\x1b[1m", "\x1b[2m", "\x1b[0m"


async def talk(answers: Answers) -> None:
    """Read questions until the input ends; each is understood with the ones before."""
    styled = sys.stdout.isatty()
    if isinstance(sys.stdin, io.TextIOWrapper):
        sys.stdin.reconfigure(errors="replace")  # a stray byte ends no conversation
    conversation = f"terminal:{secrets.token_hex(4)}"
    if styled:
        print(f'{_DIM}Ask about the papers. An empty line, "quit" or Ctrl+D ends.{_PLAIN}\n')
    while question := (await asyncio.to_thread(_read, styled=styled)).strip():
        if question.lower().lstrip("/") in {"exit", "quit"}:
            break
        if of_mine(question):
            print(GREETING + "\n", flush=True)
            continue
        reply = await answers.ask(question, conversation, 0, datetime.now(UTC))
        print("\n".join(lines(reply.answer, styled=styled)) + "\n", flush=True)
    await answers.forget(0)


def _read(*, styled: bool) -> str:
    try:
        return input(f"{_BOLD}›{_PLAIN} " if styled else "")
    except EOFError:
        return ""


def lines(answer: Answer, *, styled: bool = False) -> list[str]:
    """Return an answer for the terminal: quotes with numbers, then the papers they name."""
    if not answer.answered:
        return _refusal(answer)
    sources = list(dict.fromkeys(cited.paper for cited in answer.quotes))
    shown = [_quote(cited.text, sources.index(cited.paper) + 1, styled=styled) for cited in answer.quotes]
    return [*shown, "", *(_source(number, paper, styled=styled) for number, paper in enumerate(sources, 1))]


def _quote(sentence: str, number: int, *, styled: bool) -> str:
    mark = f"{_BOLD}[{number}]{_PLAIN}" if styled else f"[{number}]"
    return textwrap.fill(f"“{sentence}” {mark}", WIDTH, initial_indent="  ", subsequent_indent="  ")


def _source(number: int, paper: Paper, *, styled: bool) -> str:
    line = f"  [{number}] {paper.title} · {paper.url or paper.id}"
    return f"{_DIM}{line}{_PLAIN}" if styled else line


def _refusal(answer: Answer) -> list[str]:
    gone = f" None that comes near mentions {', '.join(answer.missing)}." if answer.missing else ""
    gone += f" The nearest one does not state {', '.join(answer.unstated)}." if answer.unstated else ""
    gone += f" None has {', '.join(answer.apart)} and the rest together." if answer.apart else ""
    near = [f"  • {paper.title}" for paper in answer.nearest]
    return [f"  The papers here do not say.{gone}", *(["  The nearest:", *near] if near else [])]
