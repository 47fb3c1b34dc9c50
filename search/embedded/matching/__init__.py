"""Finds which passages a query tree matches."""
