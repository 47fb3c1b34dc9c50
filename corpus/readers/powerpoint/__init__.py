"""Reads PPT: presentations of PowerPoint 97 to 2003, records in records."""
