"""config.settings for the photographs: as in production, so that errors have their real pages, but with the files of
the tree as they lie there, so that nothing has to be collected first.
"""

from config.settings import *  # noqa: F403
from config.settings import STORAGES

ROOT_URLCONF = "devtools.photographs.urls"
STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
WHITENOISE_USE_FINDERS = WHITENOISE_AUTOREFRESH = True
