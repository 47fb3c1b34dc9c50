"""Learns translations from texts that say the same in both languages."""
