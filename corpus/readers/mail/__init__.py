"""Reads mails, one in a file or many, with what is attached to them."""
