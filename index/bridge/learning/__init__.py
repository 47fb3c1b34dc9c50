"""Learns translations from files that say the same in both languages."""
