"""Reads web pages: the main text as blocks with their lines in the source."""
