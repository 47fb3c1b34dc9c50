"""The bilingual dictionary of an index: learned from documents, or given by the user."""
