"""Statistics of the words of a result: what tells it from the rest, and their course."""
