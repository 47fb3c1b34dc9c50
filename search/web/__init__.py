"""The local page: a server for this machine, its API, and the rules of its security."""
