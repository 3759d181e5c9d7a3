"""Damage done to answers, and what must be true of every paper that is read in spite of it."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

from hypothesis import strategies as st

from bot.core.paper import MAX_ID, Batch, Paper, Problem

if TYPE_CHECKING:
    from hypothesis.strategies import DrawFn

PAGE = (
    b"<!DOCTYPE html><html><head><title>Just a moment...</title></head><body><p>Checking your browser<br></body></html>"
)

JUNK: st.SearchStrategy[Any] = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.just(10**400)
    | st.floats()
    | st.text()
    | st.sampled_from(
        ["\ud800", "\0", "9999-99-99T00:00:00Z", "0001-01-01", "javascript:alert(1)", "<b>", "\\", "$", "{" * 99]
    ),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=5,
)


@st.composite
def damaged(draw: DrawFn, content: bytes) -> bytes:
    """The bytes cut off, with some changed, lost, doubled or put in between."""
    for _ in range(draw(st.integers(1, 4))):
        place = draw(st.integers(0, len(content)))
        much = draw(st.sampled_from([1, 2, 10, 200]))
        other = draw(
            st.binary(max_size=4)
            | st.sampled_from([b"\0", b"<", b"&", b"]]>", b"\xff", b"&nbsp;", b"<x:y>", b'"', b"{"])
        )
        content = draw(
            st.sampled_from(
                [
                    content[:place],
                    content[:place] + other + content[place + much :],
                    content[:place] + content[place + much :],
                    content[: place + much] + content[place:],
                ]
            )
        )
    return content


@st.composite
def misshapen(draw: DrawFn, document: Any) -> bytes:
    """JSON in which some values, anywhere, are something else, or gone."""
    document = json.loads(json.dumps(document))
    for _ in range(draw(st.integers(1, 6))):
        document = _changed(draw, document)
    return json.dumps(document).encode()


def _changed(draw: DrawFn, value: Any) -> Any:
    if isinstance(value, (dict, list)) and value and draw(st.integers(0, 9)):
        key = draw(st.sampled_from(sorted(value) if isinstance(value, dict) else range(len(value))))
        if draw(st.integers(0, 9)):
            value[key] = _changed(draw, value[key])
        else:
            del value[key]
        return value
    return draw(JUNK)


def check(found: Batch | Problem, *, records: int | None = None) -> None:
    """Fail unless every paper is fit to be kept and shown, and every rejection says where and why."""
    if isinstance(found, Problem):
        assert found.message.isprintable()
        assert len(found.message) < 200
        return
    revisions = getattr(found, "revisions", ())
    for paper in (*found.papers, *revisions):
        check_paper(paper)
    assert all(re.fullmatch(r".+:\d+", one.where) and one.why for one in found.rejected)
    assert records in {None, len(found.papers) + len(revisions) + len(found.rejected)}


def check_paper(paper: Paper) -> None:
    assert re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9._:/+-]*", paper.id)
    assert len(paper.id) <= MAX_ID
    assert paper.title.strip()
    assert paper.abstract.strip()
    for address in filter(None, (paper.url, paper.thumbnail, *paper.code, *paper.links)):
        assert re.fullmatch(r"https?://\S+", address)
    for count in (paper.upvotes, paper.stars, paper.comments, paper.version):
        assert count is None or 0 <= count < 2**31
    for day in (paper.date, paper.published):
        assert day is None or 1900 <= day.year <= 2200
    text = repr(paper)
    assert "\\x00" not in text
    for field in (
        paper.title,
        paper.original_title,
        paper.original_abstract,
        paper.summary,
        *paper.authors,
        *paper.keywords,
    ):
        field.encode()
