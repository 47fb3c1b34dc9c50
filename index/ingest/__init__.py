"""Turns batches into segments, and commits them."""
