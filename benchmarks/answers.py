"""How good the answers are: `python -m benchmarks.answers FILE [--corpus FILE…] [--json]`.

FILE holds `{"answerable": [{"q", "gold": [sentence…]}], "unanswerable": ["q"…]}`. The seed papers are always
in the collection; each --corpus is mixed in.
"""

from __future__ import annotations

import argparse
import json
import statistics
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from rank_bm25 import BM25Okapi

from benchmarks import corpus
from bot.config import from_env
from bot.core import text
from bot.core.answer import Answer, answer, parse, search_for
from bot.core.index import Index
from bot.thesaurus import shipped

if TYPE_CHECKING:
    from bot.core.paper import Paper

Found = tuple[str, Answer, float]


def main() -> None:
    """Score a question file and print the figures."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.answers", description=__doc__)
    parser.add_argument("questions", type=Path)
    parser.add_argument("--corpus", type=Path, nargs="*", default=[])
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--plain", action="store_true", help="rank all sentences by rank-bm25 instead, as a yardstick")
    parser.add_argument("--wrong", action="store_true", help="also print what went wrong")
    options = parser.parse_args()
    papers = collection(options.corpus)
    questions = json.loads(options.questions.read_text(encoding="utf-8"))
    figures = plain(questions, papers) if options.plain else score(questions, papers, wrong=options.wrong)
    print(json.dumps(figures, indent=2) if options.json else "\n".join(f"{k:16} {v}" for k, v in figures.items()))


def collection(extra: list[Path]) -> list[Paper]:
    """Return the seed papers and the extra ones, each id once."""
    seeds = sorted(from_env({}).seeds.glob("*.txt"))
    return list({paper.id: paper for path in [*seeds, *extra] for paper in corpus.papers(path)}.values())


def score(questions: dict[str, Any], papers: list[Paper], *, wrong: bool = False) -> dict[str, float]:
    """Ask every question; return shares of 1, and milliseconds an answer."""
    index, by_id = Index(papers), {paper.id: paper for paper in papers}
    thesaurus = shipped()

    def ask(question: str) -> tuple[Answer, float]:
        start = time.perf_counter()
        asked = parse(question, index, thesaurus)
        ranked = [(by_id[key], score) for key, score in search_for(index, asked)]
        found = answer(asked, ranked, index)
        return found, (time.perf_counter() - start) * 1000

    good = [(row, *ask(row["q"])) for row in questions["answerable"]]
    bad = [(q, *ask(q)) for q in questions["unanswerable"]]
    places = [_place(found, row["gold"]) for row, found, _ in good]
    if wrong:
        for (row, found, _), place in zip(good, places, strict=True):
            if place != 1:
                top = found.best[0] if found.best else None
                print(
                    f"{place} | {row['q']}\n    got: {top and (top.paper.title[:40], top.text[:120])} "
                    f"missing={found.missing} sure={found.sure:.2f}\n    gold: {row['gold'][:1]}"
                )
        for question, found, _ in bad:
            if found.answered:
                print(f"answered | {question} | {found.best[0].text[:100]} sure={found.sure:.2f}")
    times = sorted(taken for _, _, taken in [*good, *bad])
    return {
        "papers": len(papers),
        "answerable": len(good),
        "unanswerable": len(bad),
        "first": round(sum(place == 1 for place in places) / len(good), 4),
        "top_three": round(sum(place in {1, 2, 3} for place in places) / len(good), 4),
        "paper_first": round(sum(_right_paper(found, row["gold"]) for row, found, _ in good) / len(good), 4),
        "false_refusals": round(sum(not found.answered for _, found, _ in good) / len(good), 4),
        "refusals": round(sum(not found.answered for _, found, _ in bad) / len(bad), 4),
        "p50_ms": round(statistics.median(times), 1),
        "p95_ms": round(times[int(0.95 * (len(times) - 1))], 1),
    }


def plain(questions: dict[str, Any], papers: list[Paper]) -> dict[str, float]:
    """Return the same shares for all sentences in one list, ranked by rank-bm25; it refuses nothing."""
    sentences = [sentence for paper in papers for sentence in text.sentences(paper.abstract)]
    ranker = BM25Okapi([text.terms(sentence) for sentence in sentences])
    right = [
        [sentences[place] in row["gold"] for place in np.argsort(-ranker.get_scores(text.terms(row["q"])))[:3]]
        for row in questions["answerable"]
    ]
    return {
        "papers": len(papers),
        "answerable": len(right),
        "first": round(sum(found[0] for found in right) / len(right), 4),
        "top_three": round(sum(any(found) for found in right) / len(right), 4),
    }


def _right_paper(answer: Answer, gold: list[str]) -> bool:
    return bool(answer.best) and any(sentence in answer.best[0].paper.abstract for sentence in gold)


def _place(answer: Answer, gold: list[str]) -> int:
    return next((n for n, cited in enumerate(answer.best, 1) if cited.text in gold), 0)


if __name__ == "__main__":
    main()
