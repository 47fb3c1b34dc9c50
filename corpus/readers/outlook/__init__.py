"""Reads mails as Outlook saves them: properties in an OLE container."""
