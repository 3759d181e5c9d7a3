"""The figures as a page of Markdown."""

from __future__ import annotations

from typing import Any

import numpy as np

NAMES = {
    "plain": "**this bot, plain BM25Plus**",
    "everything": "**this bot, everything on**",
    "fts5": "SQLite FTS5",
}

COLUMNS = {
    "p50 ms": ("p50_ms", "{:.2f}"),
    "p95 ms": ("p95_ms", "{:.2f}"),
    "queries": ("queries", "{:,}"),
    "build s": ("build_s", "{:.1f}"),
    "start s": ("start_s", "{:.2f}"),
    "private MiB": ("private_mb", "{:,.0f}"),
    "resident MiB": ("rss_mb", "{:,.0f}"),
}


def table(figures: dict[str, Any]) -> str:
    """Return the machine, a row for each library, and what the columns mean."""
    lines = [_machine(figures), "", f"| {figures['papers']:,} papers | {' | '.join(COLUMNS)} |"]
    lines.append("|---|" + "---:|" * len(COLUMNS))
    lines += [f"| {_name(name, row)} | {' | '.join(_cells(row))} |" for name, row in figures["rows"].items()]
    return "\n".join([*lines, "", *_notes(figures)])


def _machine(figures: dict[str, Any]) -> str:
    machine = figures["machine"]
    memory = f", {machine['memory_gib']} GiB" if "memory_gib" in machine else ""
    return f"{machine['cpu']}, {machine['cores']} cores{memory}, {machine['system']}, Python {machine['python']}"


def _name(name: str, row: dict[str, Any]) -> str:
    return f"{NAMES.get(name, name)} {row['version']}"


def _cells(row: dict[str, Any]) -> list[str]:
    if row.get("failed"):
        return ["stopped", *["–"] * (len(COLUMNS) - 1)]
    return ["–" if row.get(key) is None else form.format(row[key]) for key, form in COLUMNS.values()]


def _notes(figures: dict[str, Any]) -> list[str]:
    notes = [
        (
            f"Top ten for {figures['queries']:,} queries (half-remembered titles and questions made from the papers), "
            f"each asked {figures['rounds']} times, its median taken, the libraries in turn and each in its own "
            f"process. All get the same terms; making them took {figures['analysis_s']:.1f} s, which only the bot's "
            "build includes. Private memory leaves out pages of mapped files."
        )
    ]
    if agreement := figures["agreement"]:
        notes.append(
            f"The bot's plain scores equal BM25Plus of rank-bm25 in {agreement['equal']} of {agreement['of']}."
        )
    rows = figures["rows"]
    # A time below half a microsecond is told as 0: there is nothing to compare it with.
    if all(rows.get(name, {}).get("p50_ms") for name in ("everything", "rank-bm25")):
        ratio = rows["rank-bm25"]["p50_ms"] / rows["everything"]["p50_ms"]
        notes.append(f"With everything on, the bot's median is {_times(ratio)} times as fast as rank-bm25's.")
    notes += [
        f"{name} is left out above {most:,} papers: seconds a query." for name, most in figures["left_out"].items()
    ]
    return [" ".join(notes)]


def _times(ratio: float) -> str:
    """Return a ratio with two significant digits below 1, and one decimal below ten: 0.04 is not 0."""
    if ratio < 1:
        return np.format_float_positional(ratio, precision=2, fractional=False, trim="-")
    return f"{ratio:.1f}" if round(ratio, 1) < 10 else f"{ratio:,.0f}"
