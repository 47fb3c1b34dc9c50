"""Text analysis: one analyzer, for building and for searching."""
