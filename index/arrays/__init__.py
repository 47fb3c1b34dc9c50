"""Memory-mapped files of named arrays and sorted terms."""
