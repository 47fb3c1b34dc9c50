"""Learns translations from texts that are translations of each other."""
