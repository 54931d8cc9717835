from django.contrib.auth.hashers import PBKDF2PasswordHasher


class QuickHasher(PBKDF2PasswordHasher):
    """Makes passwords that cost nothing, and that a server with the real settings still accepts."""

    iterations = 1
