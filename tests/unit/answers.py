"""Answers made up in the shapes that the sources' own have, with their traps."""

from __future__ import annotations

import json
from typing import Any


def daily(number: int = 1, **changes: Any) -> dict[str, Any]:
    """A record of Hugging Face's daily papers, as of 2026; `changes` are to its inner object."""
    title, summary = f"Made-up paper {number}", f"We make up paper number {number}.\nIt is 1.5 times as good."
    organization = {
        "_id": "0" * 24,
        "name": "made-up",
        "fullname": "The Made-Up Institute",
        "avatar": "https://a.example/a.png",
    }
    inner = {
        "id": f"2611.{number:05}",
        "authors": [{"_id": "1" * 24, "name": "Ada Lovelace", "hidden": False}, {"name": "Paul Erdős", "hidden": True}],
        "publishedAt": "2026-11-20T00:00:00.000Z",
        "submittedOnDailyAt": "2026-11-24T00:00:00.000Z",
        "title": title,
        "submittedOnDailyBy": {"_id": "2" * 24, "fullname": "Some One", "name": "someone", "type": "user"},
        "summary": summary,
        "upvotes": 40 + number,
        "discussionId": "3" * 24,
        "projectPage": "https://made-up.example/paper",
        "githubRepo": "https://github.com/made-up/paper",
        "githubStars": 152,
        "ai_summary": "It is made up.",
        "ai_keywords": ["making up", "papers"],
        "organization": organization,
    }
    return {
        "paper": inner | changes,
        "publishedAt": "2026-11-19T20:00:00.000Z",
        "title": title,
        "summary": summary,
        "thumbnail": f"https://thumbnails.example/{number}.png",
        "numComments": 3,
        "organization": organization,
        "isAuthorParticipating": True,
    }


def daily_2024(number: int = 1) -> dict[str, Any]:
    """The same as it was in June 2024."""
    return {
        "paper": {
            "id": f"2405.{number:05}",
            "authors": [{"_id": "1" * 24, "name": "Ada Lovelace", "status": "extracted_pending", "hidden": False}],
            "publishedAt": "2024-05-31T17:50:01.000Z",
            "title": "A made-up title that goes on\n  in a second line",
            "summary": "We make up\na paper.",
            "upvotes": 27,
        },
        "publishedAt": "2024-06-03T03:44:01.558Z",
        "title": "A made-up title that goes on in a second line",
        "mediaUrl": f"https://thumbnails.example/{number}.png",
        "numComments": 3,
    }


def day(*records: Any) -> bytes:
    return json.dumps(records).encode()


def listed(number: int = 1, kind: str = "new", version: int = 1, **changes: str) -> str:
    """An entry of arXiv's list of the day."""
    known = f"2611.{number:05}"
    said = {
        "id": f"oai:arXiv.org:{known}v{version}",
        "title": f"Made-up paper {number}",
        "abstract": "We use \\emph{made-up} methods with $p &lt; 0.05$ and are 13\\% better.",
        "creator": "Paulo Andr\\'e de Castro, Ada Lovelace (University of London, Dept. of Machines), Sammy Davis, Jr.",
        "day": "2026-11-25T00:00:00-05:00",
    } | changes
    return f"""<entry>
    <id>{said["id"]}</id>
    <title>{said["title"]}</title>
    <updated>2026-11-25T05:00:19.899254+00:00</updated>
    <link href="https://arxiv.org/abs/{known}" rel="alternate" type="text/html"/>
    <summary>arXiv:{known}v{version} Announce Type: {kind}
Abstract: {said["abstract"]}</summary>
    <category term="cs.LG"/>
    <category term="cs.CL"/>
    <published>{said["day"]}</published>
    <arxiv:announce_type>{kind}</arxiv:announce_type>
    <dc:rights>http://creativecommons.org/licenses/by/4.0/</dc:rights>
    <dc:creator>{said["creator"]}</dc:creator>
  </entry>"""


def listing(*entries: str) -> bytes:
    return f"""<?xml version='1.0' encoding='UTF-8'?>
<feed xmlns:arxiv="http://arxiv.org/schemas/atom" xmlns:dc="http://purl.org/dc/elements/1.1/"
 xmlns="http://www.w3.org/2005/Atom" xml:lang="en-us">
  <id>http://rss.arxiv.org/atom/cs.LG</id>
  <title>cs.LG updates on arXiv.org</title>
  <updated>2026-11-25T05:00:19.866337+00:00</updated>
  {"".join(entries)}
</feed>""".encode()


def searched(number: int = 1, **changes: str) -> str:
    """An entry of an answer by arXiv's API."""
    said = {
        "id": f"http://arxiv.org/abs/2611.{number:05}v3",
        "title": f"Made-up paper {number},\n  on two lines",
        "abstract": "  We make up a paper.\n  It has two lines and costs $5.\n",
        "comment": "9 pages. Code: https://github.com/made-up/paper, more at https://made-up.example/",
        "doi": "10.1000/Made.Up.1",
    } | changes
    return f"""<entry>
    <id>{said["id"]}</id>
    <title>{said["title"]}</title>
    <updated>2026-11-24T17:59:49Z</updated>
    <link href="https://arxiv.org/abs/2611.{number:05}v3" rel="alternate" type="text/html"/>
    <link href="https://arxiv.org/pdf/2611.{number:05}v3" rel="related" type="application/pdf" title="pdf"/>
    <summary>{said["abstract"]}</summary>
    <category term="cs.LG" scheme="http://arxiv.org/schemas/atom"/>
    <category term="68T05" scheme="http://arxiv.org/schemas/atom"/>
    <category term="cs.RO" scheme="http://arxiv.org/schemas/atom"/>
    <published>2026-11-20T17:59:49Z</published>
    <arxiv:comment>{said["comment"]}</arxiv:comment>
    <arxiv:doi>{said["doi"]}</arxiv:doi>
    <arxiv:primary_category term="cs.RO"/>
    <author><name>Zoë Müller-Łuczak</name></author>
    <author><name>Ngô Bảo Châu</name><arxiv:affiliation>VIASM</arxiv:affiliation></author>
  </entry>"""


def search(*entries: str, total: int | None = None) -> bytes:
    return f"""<?xml version='1.0' encoding='UTF-8'?>
<feed xmlns:opensearch="http://a9.com/-/spec/opensearch/1.1/" xmlns:arxiv="http://arxiv.org/schemas/atom"
 xmlns="http://www.w3.org/2005/Atom">
  <id>https://arxiv.org/api/made-up</id>
  <title>arXiv Query: search_query=&amp;id_list=2611.00001&amp;start=0&amp;max_results=10</title>
  <opensearch:itemsPerPage>{len(entries)}</opensearch:itemsPerPage>
  <opensearch:totalResults>{len(entries) if total is None else total}</opensearch:totalResults>
  <opensearch:startIndex>0</opensearch:startIndex>
  {"".join(entries)}
</feed>""".encode()


FAULT = searched(
    id="https://arxiv.org/api/errors#incorrect_id_format_for_x", title="Error", abstract="incorrect id format for x"
)
"""What the API says to an id that is none, with HTTP 400."""
