"""config.settings for a server process of tests, with the house at OAUTH_SERVER in the place of Discord."""

import os

from config.settings import *  # noqa: F403
from config.settings import CONTENT_SECURITY_POLICY

_HOUSE = os.environ["OAUTH_SERVER"]
SOCIAL_AUTH_DISCORD_AUTHORIZATION_URL = f"{_HOUSE}/authorize"
SOCIAL_AUTH_DISCORD_ACCESS_TOKEN_URL = f"{_HOUSE}/token"
SOCIAL_AUTH_DISCORD_USER_URL = f"{_HOUSE}/users/@me"
EMAIL_FILE_PATH = os.environ.get("EMAIL_FILE_PATH")
CONTENT_SECURITY_POLICY["DIRECTIVES"]["form-action"].append(_HOUSE)
