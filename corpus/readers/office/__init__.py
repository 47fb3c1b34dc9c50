"""Reads the documents of office programs, all of them XML in a ZIP, as streams."""
