"""Extracts translations that a single document gives."""
