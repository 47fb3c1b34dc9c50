"""What Chaja costs in time and memory, measured beside the obvious way to build the same thing."""
