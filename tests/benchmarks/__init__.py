"""Benchmarks of time and memory, beside the obvious way to build the same thing."""
