"""Readers of character files: bytes in, plain results out. Nothing here knows Django or the database."""
