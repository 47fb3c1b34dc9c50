"""The bars for trust: faults, flipped bits, hostile files, crowds of readers."""
