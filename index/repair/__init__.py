"""Mends a damaged index with what is sound, and with the files it was built from."""
