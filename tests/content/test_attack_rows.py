"""Rows A45 and A46 of the attack matrix, whole: floods of uploads, and a bucket that is asked directly."""

import re
from typing import Any
from urllib.parse import parse_qs, urlsplit

import boto3
import httpx
import pytest
from botocore import UNSIGNED
from botocore.config import Config
from botocore.exceptions import ClientError
from django.core.files.uploadedfile import SimpleUploadedFile

from content import storage
from content.models import Asset, StoredFile, Version
from tests.api_client import Api
from tests.content.pictures import a_picture
from tests.content.stored import keys, send, wait_for_storage
from tests.factories import Table, a_user

pytestmark = pytest.mark.django_db
NOTE = b"Low tide at Lowmere. " * 50


def nothing_is_left_over() -> bool:
    """No object without a row, no row without its object, no version that waits."""
    wait_for_storage()
    in_rows = set(StoredFile.objects.values_list("key", flat=True))
    return keys() == in_rows and Version.objects.count() == Asset.objects.count() == len(in_rows)


@pytest.mark.usefixtures("on_disk")
def test_a45_a_flood_of_uploads_in_a_minute(settings: Any) -> None:
    settings.RATE_LIMITS, settings.RATES = True, {**settings.RATES, "upload": "20/minute"}
    api, other = Api(user=a_user()), Api(user=a_user())
    post, headers = api.client.post, api.headers

    def sent() -> Any:
        return post("/api/v1/content", {"file": SimpleUploadedFile("x.txt", NOTE)}, headers=headers)

    answers = [sent() for _ in range(250)]  # a thousand answer alike, and take ten seconds
    statuses = [answer.status_code for answer in answers]
    assert (statuses[:20], set(statuses[20:])) == ([201] * 20, {429})
    assert all(1 <= int(answer["Retry-After"]) <= 60 for answer in answers[20:])
    assert sum(StoredFile.objects.values_list("size", flat=True)) == 20 * len(NOTE)
    assert nothing_is_left_over()
    assert send(other, "/content", NOTE).status_code == 201


@pytest.mark.usefixtures("on_disk")
def test_a45_over_the_quota_the_disk_does_not_fill(settings: Any) -> None:
    settings.RATE_LIMITS = False
    settings.CONTENT_USER_QUOTA = 10 * len(NOTE) + 1
    api = Api(user=a_user())
    answers = [send(api, "/content", NOTE) for _ in range(60)]
    assert [answer.status_code for answer in answers] == [201] * 10 + [422] * 50
    assert {answer.json()["error"] for answer in answers[10:]} == {"quota_exceeded"}
    assert sum(StoredFile.objects.values_list("size", flat=True)) <= settings.CONTENT_USER_QUOTA
    assert nothing_is_left_over()


@pytest.fixture
def redirect(new_bucket: Any, gm: Api, portrait: str) -> Any:
    """What a browser is sent on to, for a picture in a private bucket."""
    new_bucket()
    url = send(gm, portrait, a_picture()).json()["url"]
    answer: Any = Api().client.get(url)
    assert (answer.status_code, storage.is_local()) == (302, False)
    return answer


def test_a46_a_signature_ends_and_is_for_one_file(redirect: Any, table: Table) -> None:
    """The test service does not look at the hour of a signature; that it is signed with one is what we can say."""
    address = urlsplit(redirect["Location"])
    signed = {name: values[0] for name, values in parse_qs(address.query).items()}
    assert signed["X-Amz-Expires"] == str(storage.SIGNED_SECONDS) == "300"
    assert re.fullmatch(r"\d{8}T\d{6}Z", signed["X-Amz-Date"]) and signed["X-Amz-SignedHeaders"] == "host"
    kept = re.search(r"max-age=(\d+)", redirect["Cache-Control"])
    assert kept and int(kept[1]) < storage.SIGNED_SECONDS and "private" in redirect["Cache-Control"]
    one, other = (parse_qs(urlsplit(storage.signed_address(key, "image/webp")).query) for key in ("a/1", "a/2"))
    assert one["X-Amz-Signature"] != other["X-Amz-Signature"]


def test_a46_without_a_signature_there_is_nothing(redirect: Any, settings: Any) -> None:
    bare = redirect["Location"].partition("?")[0]
    assert httpx.get(bare).status_code == 403
    assert httpx.get(f"{bare.rpartition('/')[0]}/{'0' * 8}.webp").status_code in (403, 404)
    root = bare.partition(settings.S3_BUCKET)[0]
    nobody: Any = {"region_name": "us-east-1", "config": Config(signature_version=UNSIGNED)}
    client = boto3.client("s3", endpoint_url=root, **nobody)
    acl = boto3.client(
        "s3", endpoint_url=root, region_name="us-east-1", aws_access_key_id="a", aws_secret_access_key="s"
    ).get_bucket_acl(Bucket=settings.S3_BUCKET)
    assert [grant["Grantee"]["Type"] for grant in acl["Grants"]] == ["CanonicalUser"]  # its owner, and nobody else
    with pytest.raises(ClientError) as refused:
        client.get_object(Bucket=settings.S3_BUCKET, Key=next(iter(keys())))
    assert refused.value.response["ResponseMetadata"]["HTTPStatusCode"] == 403


@pytest.mark.usefixtures("on_disk")
def test_a46_our_own_address_lists_nothing(gm: Api, portrait: str) -> None:
    url = send(gm, portrait, a_picture()).json()["url"]
    folder = url.rpartition("/")[0]
    for address in (f"{folder}/", folder, "/media/", "/media/?list-type=2", f"{folder}/?v=", f"{url[:-1]}"):
        assert Api().client.get(address).status_code == 404
