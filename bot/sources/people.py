"""Names of people, however a file puts them together."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from bot.sources import fields, names

if TYPE_CHECKING:
    from collections.abc import Iterable

_INITIALS: Final = re.compile(r"(?:[A-Z]\.?[\s-]?)+")


def read(value: object) -> list[str]:
    """Return names: from a list of names or of objects, or from text that separates them somehow."""
    if isinstance(value, list):
        return [name for name in map(person, value) if name]
    if not isinstance(value, str):
        return []
    text = fields.text(value, 20_000)
    if ";" in text or " and " in text:
        return [person(name) for name in re.split(r"\s*;\s*|\s*,?\s+and\s+", text)]
    said = [name.strip() for name in text.split(",")]
    # In "Lovelace, A., Turing, A." initials belong to the name before.
    if len(said) > 1 and all(_INITIALS.fullmatch(name) for name in said[1::2]):
        return [f"{first} {last}".strip() for last, first in zip(said[::2], [*said[1::2], ""], strict=False)]
    return said


def person(value: object) -> str:
    """Return one name, the given one first: from text, "Lovelace, Ada" too, or from an object."""
    if isinstance(value, dict):
        first = _said(value, ("given", "first", "firstname"))
        last = _said(value, ("family", "last", "lastname"))
        return f"{first} {last}".strip() or _said(value, ("name", "fullname", "displayname", "literal"))
    name = fields.text(value)
    last, comma, first = name.partition(",")
    return f"{first.strip()} {last.strip()}" if comma and first.strip() and "," not in first else name


def _said(value: dict[object, object], keys: Iterable[str]) -> str:
    named = {names.plain(str(key)): one for key, one in value.items()}
    return next((fields.text(named[key]) for key in keys if key in named), "")


def named(value: object) -> str:
    """Return the name in an object, or the text itself."""
    return _said(value, ("fullname", "name")) if isinstance(value, dict) else fields.text(value)
