"""Settings for `collectstatic` alone: as in production, but what is not ours stays uncompressed.

Compressing the admin's and the API documentation's files takes three quarters of half a minute.
"""

from config.settings import *  # noqa: F403
from config.settings import STORAGES

STORAGES["staticfiles"] = {"BACKEND": "tests.collected_static.OwnFilesCompressed"}
