"""The files of an index directory, and its commits."""
