"""Reads the documents of Hangul: HWP 5 and HWPX."""
