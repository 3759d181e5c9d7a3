"""The command line. Imports wait until a command needs them, so that `health` answers at once."""

from __future__ import annotations

import argparse
import json
import logging
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

from bot import __version__, credential, logs
from bot.config import ConfigError, Settings, from_env, require_token

if TYPE_CHECKING:
    from collections.abc import Sequence

USAGE, FAILURE = 2, 1
_SYNTAX = (
    'A query may hold "exact phrases", -excluded words, title:word and author:name. '
    "Put -- before one that begins with a hyphen."
)


class _Parser(argparse.ArgumentParser):
    """A parser whose errors are one line."""

    def error(self, message: str) -> NoReturn:
        """Print the error and where help is, and exit with 2."""
        self.exit(USAGE, f"colloquium: {_one_line(message)} (see: python -m bot {self._command()}--help)\n")

    def _command(self) -> str:
        return "".join(f"{word} " for word in self.prog.split()[3:])


def parser() -> argparse.ArgumentParser:
    """Return the command line's grammar."""
    common = _Parser(add_help=False)
    common.add_argument(
        "--data", type=_folder, metavar="DIR", help="the data folder (default: ./data or COLLOQUIUM_DATA)"
    )
    answer = _Parser(add_help=False, parents=[common])
    answer.add_argument("--json", action="store_true", help="print one JSON document and nothing else")
    top = _Parser(prog="python -m bot", description="Colloquium, a Discord assistant for research papers")
    top.add_argument("--version", action="version", version=f"colloquium {__version__}")
    commands = top.add_subparsers(dest="command", metavar="COMMAND", parser_class=_Parser)

    commands.add_parser("run", parents=[common], help="be on Discord (the default); needs DISCORD_TOKEN")
    demo = commands.add_parser("demo", parents=[common], help="the same bot in a local page, without a token")
    demo.add_argument("--port", type=_port, default=8765, help="port on 127.0.0.1; 0 takes a free one (default: 8765)")
    demo.add_argument("--no-browser", action="store_true", help="do not open the page")

    _search(commands.add_parser("search", parents=[answer], help="find papers", epilog=_SYNTAX))
    ask = commands.add_parser("ask", parents=[answer], help="ask a question; the answer is quoted")
    ask.add_argument("question", nargs="+", help="in plain words; quotation marks may be left out")
    commands.add_parser("chat", parents=[common], help="ask and ask on, in the terminal")
    paper = commands.add_parser("paper", parents=[answer], help="show one paper")
    paper.add_argument("paper", metavar="ID_OR_TITLE")
    similar = commands.add_parser("similar", parents=[answer], help="find papers like one paper")
    similar.add_argument("paper", metavar="ID_OR_TITLE")
    _number(similar)

    trending = commands.add_parser("trending", parents=[answer], help="what stands out of the last day, week or month")
    trending.add_argument("--period", choices=("day", "week", "month"), default="week", help="(default: week)")
    recent = commands.add_parser("recent", parents=[answer], help="the newest papers")
    recent.add_argument("topics", nargs="*", metavar="WORD", help="only papers with these words")
    for listing in (trending, recent):
        _number(listing)
        listing.add_argument("--at", type=_moment, metavar="ISO", help="as of this moment (default: now)")

    ingest = commands.add_parser(
        "ingest",
        parents=[answer],
        help="take in files (JSON, JSON lines, CSV, BibTeX, Atom, a seed dump; also .gz, .xz)",
    )
    ingest.add_argument("files", nargs="*", type=Path, metavar="FILE")
    ingest.add_argument(
        "--source", metavar="NAME", help="a live source: huggingface, arxiv, the name of a feed, or all"
    )
    commands.add_parser("embed", parents=[answer], help="make the vectors that papers lack (the extra semantic)")
    roundup = commands.add_parser("roundup", parents=[answer], help="print the next roundup of each channel")
    roundup.add_argument("--preview", action="store_true", help="what it does in any case: nothing is posted")
    roundup.add_argument("--at", type=_moment, metavar="ISO", help="as of this moment (default: now)")
    backup = commands.add_parser("backup", parents=[answer], help="copy the database to a file; the bot may run")
    backup.add_argument("file", type=Path, metavar="FILE")
    restore = commands.add_parser("restore", parents=[answer], help="put a backup in the database's place")
    restore.add_argument("file", type=Path, metavar="FILE")
    restore.add_argument("--force", action="store_true", help="even if there is a database; it is kept beside")
    commands.add_parser("doctor", parents=[answer], help="look at everything that needs no Discord, and what to do")
    commands.add_parser("invite", parents=[common], help="print the address that lets the bot into a server")
    commands.add_parser("health", parents=[answer], help="say whether the running bot is well")
    return top


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit status: 0 done, 1 failed, 2 bad usage or configuration."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    options = parser().parse_args(_ordered(given))
    _check(options)
    try:
        settings = from_env(os.environ, options.data)
        serving = options.command in {"run", "demo"} or settings.log_level == "DEBUG"
        logs.set_up(settings, settings.log_level if serving else "ERROR")
        return _dispatch(options, settings)
    except ConfigError as error:
        return _complain(str(error), USAGE)
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:
        # The reader of a pipe went away: nothing is wrong, but Python would say so at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return FAILURE
    except Exception as error:
        from bot.storage.faults import FAULTS, told  # noqa: PLC0415 - only on failure
        from bot.storage.lock import InUseError  # noqa: PLC0415 - likewise

        if isinstance(error, (*FAULTS, OSError)):
            return _complain(told(error), USAGE if isinstance(error, InUseError) else FAILURE)
        logging.getLogger("bot").log(
            logging.ERROR if options.command in {"run", "demo"} else logging.DEBUG, "failed", exc_info=True
        )
        return _complain(
            f"unexpected {type(error).__name__}; COLLOQUIUM_LOG_LEVEL=DEBUG python -m bot run shows more",
            FAILURE,
        )


def _ordered(given: list[str]) -> list[str]:
    """Return the arguments with the command first. --data may stand before it, as with many programs."""
    ahead = 2 if given[:1] == ["--data"] else int(bool(given) and given[0].startswith("--data="))
    if ahead and given[ahead : ahead + 1] and not given[ahead].startswith("-"):
        return [given[ahead], *given[:ahead], *given[ahead + 1 :]]
    if not given or (given[0].startswith("-") and given[0] not in {"-h", "--help", "--version"}):
        return ["run", *given]
    return given


def _dispatch(options: argparse.Namespace, settings: Settings) -> int:
    if options.command == "health":
        from bot.health import check  # noqa: PLC0415 - see the module's first line

        return _health(check(settings.heartbeat), as_json=options.json)
    if options.command == "invite":
        from bot.invite import address, application_id  # noqa: PLC0415 - see the module's first line

        print(address(application_id(require_token(settings))))
        return 0
    import asyncio  # noqa: PLC0415 - see the module's first line

    if options.command in {"run", "demo"}:
        credential.leave_no_core()
        if options.command == "run":
            require_token(settings)  # said at once, not after a second of imports
        from bot import run  # noqa: PLC0415 - see the module's first line

        work = (
            run.run(settings)
            if options.command == "run"
            else run.demo(settings, options.port, browse=not options.no_browser)
        )
        asyncio.run(work)
        return 0
    from bot import commands  # noqa: PLC0415 - see the module's first line

    return asyncio.run(commands.run(options, settings))


def _health(problem: str | None, *, as_json: bool) -> int:
    if as_json:
        print(json.dumps({"healthy": problem is None, "problem": problem}))
    elif problem is None:
        print("healthy")
    if problem and not as_json:
        return _complain(problem, FAILURE)
    return FAILURE if problem else 0


def _complain(message: str, status: int) -> int:
    print(f"colloquium: {_one_line(message)}", file=sys.stderr)
    return status


def _one_line(message: str) -> str:
    return " ".join(message.split())


def _folder(raw: str) -> Path:
    if not raw.strip() or "\x00" in raw:
        msg = "the data folder needs a name"
        raise argparse.ArgumentTypeError(msg)
    return Path(raw)


def _search(command: argparse.ArgumentParser) -> None:
    command.add_argument("query")
    _number(command)
    day = "YYYY-MM-DD, or a month or year"
    command.add_argument("--since", type=_days, metavar="DATE", help=f"only papers from this day on ({day})")
    command.add_argument("--until", type=_days, metavar="DATE", help=f"only papers up to this day ({day})")
    command.add_argument("--source", help="only papers of one source, like seed or file")
    command.add_argument("--code", action="store_true", help="only papers with a link to code")
    command.add_argument("--votes", type=_votes, metavar="N", help="only papers with at least N votes")
    command.add_argument("--author", metavar="NAME", help="only papers by this person: all of the name, or a part")
    orders = ("relevance", "date", "votes")
    command.add_argument(
        "--order",
        choices=orders,
        default=orders[0],
        help="what comes first: the best match, the newest or the most voted",
    )
    command.set_defaults(parser=command)


def _check(options: argparse.Namespace) -> None:
    """Refuse what each option allows and all together do not."""
    if options.command == "search" and options.since and options.until and options.since[0] > options.until[1]:
        options.parser.error(f"no day is both since {options.since[0]} and until {options.until[1]}")


def _number(command: argparse.ArgumentParser) -> None:
    command.add_argument("-k", type=_count, default=10, metavar="N", help="how many (default: 10)")


def _count(raw: str) -> int:
    if not (raw.isdecimal() and len(raw) <= 9 and 1 <= int(raw) <= 1000):  # noqa: PLR2004 - said in the message
        msg = f"{raw[:20]!r} is not a number from 1 to 1000"
        raise argparse.ArgumentTypeError(msg)
    return int(raw)


def _port(raw: str) -> int:
    if not (raw.isdecimal() and len(raw) <= 9 and int(raw) <= 65535):  # noqa: PLR2004 - the largest port
        msg = f"{raw[:20]!r} is not a port from 0 to 65535"
        raise argparse.ArgumentTypeError(msg)
    return int(raw)


def _votes(raw: str) -> int:
    if not (raw.isdecimal() and len(raw) <= 9 and int(raw) >= 1):  # noqa: PLR2004 - as 32 bits hold
        msg = f"{raw[:20]!r} is not a number of votes"
        raise argparse.ArgumentTypeError(msg)
    return int(raw)


def _days(raw: str) -> Any:
    from bot.core.day import days  # noqa: PLC0415 - see the module's first line

    if found := days(raw):
        return found
    msg = f"{raw[:20]!r} is not a day like 2024-05-01"
    raise argparse.ArgumentTypeError(msg)


def _moment(raw: str) -> Any:
    from datetime import UTC, datetime  # noqa: PLC0415 - see the module's first line

    try:
        found = datetime.fromisoformat(raw)
    except ValueError:
        msg = f"{raw[:40]!r} is not a moment like 2024-05-01T09:00+02:00"
        raise argparse.ArgumentTypeError(msg) from None
    if not 1970 <= found.year <= 2200:  # noqa: PLR2004 - clear of the calendar's ends in any zone
        msg = f"{raw[:40]!r} is not between 1970 and 2200"
        raise argparse.ArgumentTypeError(msg)
    return found if found.tzinfo else found.replace(tzinfo=UTC)


if __name__ == "__main__":
    sys.exit(main())
