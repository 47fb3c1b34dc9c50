"""Named arrays and sorted byte strings in files that are mapped into memory."""
