"""The files of an index directory, from one commit to the next."""
