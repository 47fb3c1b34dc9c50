"""Builds an index from folders: which files are due, read in parallel."""
