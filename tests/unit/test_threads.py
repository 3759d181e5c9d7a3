"""Work that leaves the event loop runs in several threads at once: each must get what it would get alone."""

from __future__ import annotations

import random
import sys
from concurrent.futures import ThreadPoolExecutor

import snowballstemmer

from bot.core import text
from bot.core.variants import american


def test_threads_that_stem_at_once_do_not_mix_their_words_up() -> None:
    rng, alone = random.Random(7), snowballstemmer.stemmer("english")
    endings = ("ization", "ingly", "ational", "fulness", "ements", "iveness", "ously", "ities")
    words = ["".join(rng.choices("bcdfglmnprst", k=6)) + rng.choice(endings) for _ in range(4_000)]
    right = {word: alone.stemWord(american(word)) for word in words}
    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    try:
        with ThreadPoolExecutor(8) as pool:
            found = list(pool.map(text.stem, words))
    finally:
        sys.setswitchinterval(before)
    assert found == [right[word] for word in words]
