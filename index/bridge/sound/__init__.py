"""Finds names that sound alike in Hangul and in Latin letters."""
