from typing import Any

import pytest
from django.test import Client, override_settings

TOY_SETTINGS = {
    "ROOT_URLCONF": "tests.contract.unit.toy_urls",
    "MIDDLEWARE": [
        "contract.middleware.RequestIDMiddleware",
        "contract.middleware.JSONErrorsMiddleware",
        "django.contrib.sessions.middleware.SessionMiddleware",
        "django.middleware.common.CommonMiddleware",
        "django.middleware.csrf.CsrfViewMiddleware",
        "django.contrib.auth.middleware.AuthenticationMiddleware",
    ],
    "SESSION_ENGINE": "django.contrib.sessions.backends.signed_cookies",
    "ALLOWED_HOSTS": ["testserver"],
    # Django's own plain error pages: the project's link to addresses that the toy site has not.
    "TEMPLATES": [],
    "CSRF_FAILURE_VIEW": "django.views.csrf.csrf_failure",
}


@pytest.fixture(scope="module", autouse=True)
def toy_site() -> Any:
    with override_settings(**TOY_SETTINGS):
        yield


@pytest.fixture
def client() -> Client:
    """Answers a fault with its 500 instead of raising it in the test."""
    return Client(raise_request_exception=False)
