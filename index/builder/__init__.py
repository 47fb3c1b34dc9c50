"""Builds an index from folders: finds the changed files, and reads them in parallel."""
