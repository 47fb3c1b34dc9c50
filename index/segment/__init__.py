"""Segments: immutable parts of an index, each with its own postings, doc values and doc store."""
