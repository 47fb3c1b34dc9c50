"""Reads DOC: documents of Word 97 to 2003, whose text is in pieces of a stream."""
