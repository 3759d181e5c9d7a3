"""Figures the README claims, each printed by one command."""
