"""The commands of `chaja`, one a file: each parses, calls the library and renders."""
