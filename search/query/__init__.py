"""Parses queries and analyzes their words."""
