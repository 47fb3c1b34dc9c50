"""A segment: some passages, inverted once and never changed."""
