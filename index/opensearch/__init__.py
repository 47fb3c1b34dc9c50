"""An index that a cluster of OpenSearch holds."""
