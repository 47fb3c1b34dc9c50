"""Formats results: text for a terminal, JSON, TREC runs."""
