"""The engine on an OpenSearch cluster."""
