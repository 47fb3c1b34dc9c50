"""Reads web pages: the main text as paragraphs with their lines, without what stands around it."""
