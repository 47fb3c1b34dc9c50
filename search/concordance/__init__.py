"""Concordances: every place where the words of a query are, in their contexts."""
