"""What is said to a bucket, as S3 and R2 read it: no checksum that R2 refuses, and signatures that end."""

import hashlib
import hmac
import io
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qsl, quote, urlsplit

from django.core.files.storage import default_storage
from django.utils import timezone

from content import storage

UNKNOWN_TO_R2 = ("x-amz-checksum", "x-amz-sdk-checksum", "x-amz-trailer")
SECRET = "s"  # of tests.content.conftest.in_bucket


def lets_in(address: str, secret: str, now: datetime) -> bool:
    """As a service decides of a signed address (AWS Signature Version 4, query string): the test service does not
    look at the hour.
    """
    url = urlsplit(address)
    signed = dict(parse_qsl(url.query, strict_parsing=True))
    signature = signed.pop("X-Amz-Signature")
    query = "&".join(f"{quote(name, safe='')}={quote(value, safe='')}" for name, value in sorted(signed.items()))
    asked = "\n".join(
        ["GET", url.path, query, f"host:{url.netloc}\n", signed["X-Amz-SignedHeaders"], "UNSIGNED-PAYLOAD"]
    )
    _key, day, region, service, end = signed["X-Amz-Credential"].split("/")
    scope = f"{day}/{region}/{service}/{end}"
    told = "\n".join(["AWS4-HMAC-SHA256", signed["X-Amz-Date"], scope, hashlib.sha256(asked.encode()).hexdigest()])
    key = f"AWS4{secret}".encode()
    for part in (day, region, service, end):
        key = hmac.digest(key, part.encode(), "sha256")
    begun = datetime.strptime(signed["X-Amz-Date"], "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
    is_in_time = begun - timedelta(minutes=5) <= now <= begun + timedelta(seconds=int(signed["X-Amz-Expires"]))
    return is_in_time and hmac.compare_digest(hmac.digest(key, told.encode(), "sha256").hex(), signature)


def test_a_signed_address_is_what_the_service_reckons_and_ends(new_bucket: Any) -> None:
    """A46"""
    new_bucket()
    address = storage.signed_address("withheld/0a/the-ferry/portraits/one.webp", "image/webp")
    now = timezone.now()
    assert lets_in(address, SECRET, now)
    assert lets_in(address, SECRET, now + timedelta(seconds=290))
    assert not lets_in(address, SECRET, now + timedelta(seconds=301))
    assert not lets_in(address, "another", now)
    for old, new in (("one.webp", "two.webp"), ("Expires=300", "Expires=3000"), ("image%2Fwebp", "text%2Fhtml")):
        assert old in address
        assert not lets_in(address.replace(old, new), SECRET, now)


def test_nothing_is_sent_that_r2_refuses(new_bucket: Any) -> None:
    """boto3 sends checksums of its own since 1.36, and asks for them; R2 and others know them not."""
    new_bucket()
    bucket: Any = default_storage
    heard: list[tuple[str, dict[str, str]]] = []

    def listen(request: Any, **_event: Any) -> None:
        headers = {name.lower(): value for name, value in request.headers.items()}
        told = {name: value.decode() if isinstance(value, bytes) else value for name, value in headers.items()}
        heard.append((request.method, told))

    bucket.client.meta.events.register("before-send.s3", listen)
    storage.put([storage.Item("a/one.webp", io.BytesIO(b"pixels" * 200), "image/webp")])
    with default_storage.open("a/one.webp", "rb") as found:
        assert found.read() == b"pixels" * 200
    assert {method for method, _headers in heard} >= {"PUT", "GET"}
    for _method, headers in heard:
        assert [name for name in headers if name.startswith(UNKNOWN_TO_R2)] == []
        assert "aws-chunked" not in headers.get("content-encoding", "")
    put = next(headers for method, headers in heard if method == "PUT")
    assert (put["content-type"], put["content-length"]) == ("image/webp", "1200")
    assert "immutable" in put["cache-control"]


def test_what_a_browser_might_open_otherwise_comes_as_a_file(new_bucket: Any) -> None:
    """A bucket says no nosniff."""
    new_bucket()
    for kind in ("text/plain", "text/markdown", "application/pdf"):
        assert "response-content-disposition=attachment" in storage.signed_address("a/one", kind)
    assert "disposition" not in storage.signed_address("a/one", "image/webp")
