"""Tools for agents, over the Model Context Protocol: to search, to read, to count."""
