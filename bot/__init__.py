"""Colloquium: a self-hosted Discord assistant for research papers."""

__version__ = "0.1.0"
