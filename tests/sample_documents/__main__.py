"""Writes the documents of the sample."""

from . import DOCUMENTS, FOLDER

for name, make in DOCUMENTS.items():
    (FOLDER / name).write_bytes(make())
