"""What joins Korean and English: pairs of terms, learned from the documents or given by people."""
