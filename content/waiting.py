"""What comes before waiting for something that is not the database."""

from django.db import connection


def hand_back_connection() -> None:
    """Let others have the database connection meanwhile: a process has eight of them, and eight uploads to a storage
    that hangs would leave none for the table. Inside a transaction it stays.
    """
    if not connection.in_atomic_block:
        connection.close()
