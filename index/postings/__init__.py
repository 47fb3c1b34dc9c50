"""Posting lists over all segments of an index."""
