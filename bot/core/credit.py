"""A credit: whose papers these are, and on what terms they may be shown."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlsplit


@dataclass(frozen=True, slots=True)
class Credit:
    """A source: its name, its address, what its terms ask to be said, and the address of those terms."""

    name: str
    url: str
    said: str = ""
    terms: str = ""


# https://huggingface.co/terms-of-service names no sentence of its own: whose it is, and a link.
HUGGINGFACE = Credit(
    "Hugging Face Daily Papers",
    "https://huggingface.co/papers",
    "Votes, summaries and keywords are those of its readers and its pages.",
    "https://huggingface.co/terms-of-service",
)
# As arXiv asks: https://info.arxiv.org/help/api/tou.html (CC0, no PDFs, no sign of endorsement).
ARXIV = Credit(
    "arXiv",
    "https://arxiv.org",
    "Thank you to arXiv for use of its open access interoperability. Its metadata is CC0 1.0; I link to its pages of "
    "abstracts and keep no PDF. arXiv neither endorses nor supports me.",
    "https://info.arxiv.org/help/api/tou.html",
)
KNOWN = {"huggingface": HUGGINGFACE, "arxiv": ARXIV}
"""The credits of sources by the name that papers keep."""


def of_feed(url: str, title: str = "") -> Credit:
    """Return the credit of a feed by its own title; without one, by its host.

    Only the host is shown: what follows may hold a key that is nobody's business.
    """
    parts = urlsplit(url)
    host = parts.hostname or ""
    return Credit(title or host, f"{parts.scheme}://{host}", "Its papers are under its own terms.")
