"""Clients other people published, run unchanged against the pretend Gallery."""
