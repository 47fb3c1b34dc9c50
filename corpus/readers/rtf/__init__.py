"""Reads RTF: groups in braces, with control words that begin with a backslash."""
