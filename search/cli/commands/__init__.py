"""The commands of `chaja`: each parses its arguments, calls the library and prints."""
