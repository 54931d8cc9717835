from collections.abc import Callable, Iterator
from typing import Any
from uuid import uuid4

import boto3
import pytest
from botocore.config import Config
from django.core.files.storage import default_storage

from tests.api_fixtures import anybody, gm, here, table
from tests.content.stored import keys, wait_for_storage
from tests.factories import Table

__all__ = ["anybody", "gm", "here", "table"]


@pytest.fixture
def on_disk(settings: Any, tmp_path: Any) -> None:
    options = {**settings.LOCAL_FILES["OPTIONS"], "location": tmp_path / "media"}
    settings.STORAGES = {**settings.STORAGES, "default": {**settings.LOCAL_FILES, "OPTIONS": options}}


def in_bucket(settings: Any, endpoint: str, bucket: str, **patience: Any) -> None:
    """The storage as production has it, at this endpoint; `patience` is that of the client."""
    mine: dict[str, Any] = {"bucket_name": bucket, "endpoint_url": endpoint, "access_key": "a", "secret_key": "s"}
    given = settings.S3_FILES["OPTIONS"]
    mine["client_config"] = given["client_config"].merge(Config(**patience))
    options = {**given, **mine, "region_name": "us-east-1"}
    settings.STORAGES = {**settings.STORAGES, "default": {**settings.S3_FILES, "OPTIONS": options}}
    settings.S3_BUCKET = bucket


@pytest.fixture
def new_bucket(settings: Any, s3_endpoint: str) -> Callable[[], str]:
    def make() -> str:
        name = f"troupe-{uuid4().hex}"  # all processes of a run share one service
        credential: Any = {"aws_access_key_id": "a", "aws_secret_access_key": "s", "region_name": "us-east-1"}
        boto3.client("s3", endpoint_url=s3_endpoint, **credential).create_bucket(Bucket=name)
        in_bucket(settings, s3_endpoint, name)
        return name

    return make


@pytest.fixture
def files(request: pytest.FixtureRequest) -> Iterator[str]:
    """An empty storage of either kind."""
    if request.param == "disk":
        request.getfixturevalue("on_disk")
    else:
        request.getfixturevalue("new_bucket")()
    yield request.param
    wait_for_storage()
    for key in keys():
        default_storage.delete(key)


@pytest.fixture
def portrait(here: str, table: Table) -> str:
    return f"{here}/characters/{table.hero.pk}/portrait"


@pytest.fixture(autouse=True)
def _no_posters(monkeypatch: pytest.MonkeyPatch) -> None:
    """Which a portrait is drawn into as soon as it is stored: one more file than these tests speak of."""
    monkeypatch.setattr("campaigns.posters.changed", lambda campaign_id: None)
