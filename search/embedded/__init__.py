"""The engine on the index directory."""
