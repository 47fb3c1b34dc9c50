"""Reads PDF files with PDFium: text, headings and dates, and what of it cannot be read."""
