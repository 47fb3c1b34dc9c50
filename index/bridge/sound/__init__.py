"""Finds names that sound alike in both scripts."""
