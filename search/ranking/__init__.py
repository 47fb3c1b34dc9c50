"""Top-k retrieval on posting lists, and the rerank of the candidates."""
