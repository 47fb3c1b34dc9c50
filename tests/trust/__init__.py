"""Reliability trials: disk faults, flipped bits, hostile files, concurrent readers."""
