"""Finds the translations that one document states itself."""
