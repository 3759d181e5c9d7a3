"""Orders: text that talks to a language model instead of about research. None may reach a prompt or an answer."""

from __future__ import annotations

import re

from bot.core.marks import clean

_ORDER = re.compile(
    r"\b(?:ignore|disregard|forget|override)\b.{0,40}\b(?:previous|prior|above|earlier|preceding|your|all|any|the)\b"
    r".{0,30}\b(?:instructions?|prompts?|rules?|orders?|context|directions|guidelines|messages?|passages?)\b"
    r"|\byou (?:must|should|shall|will|have to|need to|are (?:now|to)) (?:(?:not|now|always|only|never) )*"
    r"(?:answer|respond|reply|say|tell|output|print|write|ignore|obey|act|pretend|follow|include|repeat|reveal|mention|a\b)"
    r"|\bsystem (?:prompt|message|instruction)s?\b|\bas an AI\b(?=\s*[,.;]|$)"
    r"|\bas an? (?:AI|artificial intelligence|(?:large )?language) (?:model|assistant)\b"
    r"|\byou are (?:now )?(?:an?|the) (?:AI|assistant|language model|chatbot)\b"
    r"|\b(?:respond|reply|answer)\b (?:only )?(?:with|by saying|in the form)\b|\bnew instructions?\s*:"
    r"|^\W*(?:please )?(?:say|print|output|repeat|reveal|pretend|act as|click|visit|obey|tell the user)\b"
    r"|\bdo not (?:answer|mention|cite)\b|<\|[^|>]{1,40}\|>|\[/?INST\]|^\W*(?:system|assistant|user)\s*:",
    re.IGNORECASE | re.DOTALL,
)


def reads_as_order(sentence: str) -> bool:
    """Say whether a text talks to a model ("ignore previous instructions") instead of about research."""
    return bool(_ORDER.search(clean(sentence)))
