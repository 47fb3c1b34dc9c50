"""Turns batches of passages into segments, and commits them."""
