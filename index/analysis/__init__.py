"""Text becomes terms here, and nowhere else: one analyser for building and for searching."""
