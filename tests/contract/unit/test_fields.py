"""Real values only, nothing unknown, all faults at once: rows A03, A05, A31, A32, A33."""

import datetime as dt
import uuid
from typing import Any

import pytest
from django.db import models
from rest_framework import serializers

from contract import fields
from contract.errors import flatten
from contract.serializers import READ_ONLY, UNKNOWN, StrictModelSerializer
from tests.contract.unit.toy_urls import Hero

NONE_OF_THESE = object()


def verdict(field: serializers.Field, sent: Any) -> Any:
    """What the field makes of a value, or NONE_OF_THESE."""
    try:
        return field.run_validation(sent)
    except serializers.ValidationError as error:
        assert all(str(message).endswith(".") for _, message in flatten(error.detail))
        return NONE_OF_THESE


JUGGLED = ["5", 5.0, True, [5], {"a": 5}, None, "", b"5"]


@pytest.mark.parametrize("sent", [*JUGGLED, 2**31, -(2**31) - 1, 2**63])
def test_no_whole_number(sent: Any) -> None:
    assert verdict(fields.StrictIntegerField(), sent) is NONE_OF_THESE


def test_range_is_told_whole() -> None:
    field = fields.StrictIntegerField(min_value=0, max_value=45)
    assert [verdict(field, n) for n in (-1, 0, 45, 46)] == [NONE_OF_THESE, 0, 45, NONE_OF_THESE]
    with pytest.raises(serializers.ValidationError, match="from 0 to 45"):
        field.run_validation(46)


@pytest.mark.parametrize("sent", ["0.5", True, [], None, float("nan"), float("inf"), 1.0001, -0.0001, 10**400])
def test_no_share(sent: Any) -> None:
    assert verdict(fields.StrictNumberField(min_value=0, max_value=1), sent) is NONE_OF_THESE


def test_shares() -> None:
    field = fields.StrictNumberField(min_value=0, max_value=1)
    assert [verdict(field, n) for n in (0, 1, 0.25)] == [0.0, 1.0, 0.25]
    assert type(field.run_validation(1)) is float


@pytest.mark.parametrize("sent", ["on", "true", "false", 0, 1, 1.0, None, [], ""])
def test_no_boolean(sent: Any) -> None:
    assert verdict(fields.StrictBooleanField(), sent) is NONE_OF_THESE


def test_booleans() -> None:
    assert [verdict(fields.StrictBooleanField(), b) for b in (True, False)] == [True, False]
    assert verdict(fields.StrictBooleanField(allow_null=True), None) is None


@pytest.mark.parametrize("sent", [5, 5.0, True, None, ["a"], {}, "", "  ", "\u2800", "x" * 201, "a\u202eb", "a\nb"])
def test_no_text(sent: Any) -> None:
    assert verdict(fields.StrictCharField(), sent) is NONE_OF_THESE


def test_texts() -> None:
    assert verdict(fields.StrictCharField(), " e\u0301 ") == "é"
    assert verdict(fields.StrictCharField(), "x" * 200) == "x" * 200
    assert verdict(fields.StrictCharField(allow_blank=True), "   ") == ""
    assert verdict(fields.StrictCharField(multiline=True), " a\r\nb ") == " a\nb "
    assert verdict(fields.StrictCharField(allow_null=True), None) is None


@pytest.mark.parametrize("sent", ["Large", 1, True, None, ["large"], {}, ""])
def test_no_choice(sent: Any) -> None:
    assert verdict(fields.StrictChoiceField(choices=["large", "1", "True"]), sent) is NONE_OF_THESE


def test_choices_name_what_is_allowed() -> None:
    field = fields.StrictChoiceField(choices=[("large", "Large"), ("compact", "Compact")])
    assert verdict(field, "compact") == "compact"
    with pytest.raises(serializers.ValidationError, match="large, compact"):
        field.run_validation("x")


@pytest.mark.parametrize("sent", [5, "x", f"{{{uuid.UUID(int=1)}}}", uuid.UUID(int=1).hex, uuid.UUID(int=1).urn])
def test_no_uuid(sent: Any) -> None:
    assert verdict(fields.StrictUUIDField(), sent) is NONE_OF_THESE


@pytest.mark.parametrize("sent", ["a", {"0": "a"}, ("a",), 5, ["a"] * 101, [1]])
def test_no_list(sent: Any) -> None:
    assert verdict(fields.StrictListField(child=fields.StrictCharField()), sent) is NONE_OF_THESE


@pytest.mark.parametrize(
    "sent",
    [
        "2026-03-14T19:30:00", "2026-03-14 19:30:00Z", "2026-02-30T00:00:00Z", "20260314T193000Z", 1773516600,
        "2026-W11-6T00:00:00Z", "0001-01-01T00:00:00+23:59", "2026-03-14T25:00:00Z", "٢٠٢٦-03-14T19:30:00Z", None,
    ],
)  # fmt: skip
def test_no_moment(sent: Any) -> None:
    assert verdict(fields.StrictDateTimeField(), sent) is NONE_OF_THESE


def test_moments_are_in_utc() -> None:
    moment = fields.StrictDateTimeField().run_validation("2026-03-14T21:30:00.5+02:00")
    assert moment == dt.datetime(2026, 3, 14, 19, 30, 0, 500_000, tzinfo=dt.UTC)
    assert moment.utcoffset() == dt.timedelta(0)


@pytest.mark.parametrize("sent", ["2026-02-30", "14.03.2026", "2026-3-14", "2026-03-14T00:00:00Z", 20260314, None])
def test_no_date(sent: Any) -> None:
    assert verdict(fields.StrictDateField(), sent) is NONE_OF_THESE


def test_dates() -> None:
    assert verdict(fields.StrictDateField(), "2026-03-14") == dt.date(2026, 3, 14)


def test_free_objects_keep_the_limits_of_json() -> None:
    assert verdict(fields.StrictObjectField(), {"a": [1]}) == {"a": [1]}
    assert verdict(fields.StrictObjectField(), [1]) is NONE_OF_THESE
    with pytest.raises(serializers.ValidationError) as refused:
        fields.StrictObjectField().run_validation({"a": {"b": "\x00"}})
    assert [name for name, _ in flatten(refused.value.detail)] == ["a.b"]


def faults(body: Any) -> dict[str, str]:
    hero = Hero(data=body)
    assert not hero.is_valid()
    return dict(flatten(hero.errors))


def test_every_fault_of_a_document_at_once() -> None:
    body = {
        "id": str(uuid.UUID(int=1)),
        "campaign": 2,
        "name": 5,
        "stats": {"hp": {"current": "35", "temporary": 1}, "xp_total": 3},
        "entries": [{"tier": "large"}, {"tier": "huge", "z": 1}],
        "tags": ["ok", 5],
        "extra": {"a": float("inf")},
    }
    found = faults(body)
    assert set(found) == {
        "id", "campaign", "name", "stats.hp.current", "stats.hp.temporary", "stats.xp_total", "entries.1.tier",
        "entries.1.z", "tags.1", "extra.a",
    }  # fmt: skip
    assert found["campaign"] == found["stats.hp.temporary"] == UNKNOWN
    assert found["id"] == READ_ONLY


@pytest.mark.parametrize("body", [[], "x", None, 5])
def test_no_document(body: Any) -> None:
    assert set(faults(body)) == {""}


def test_nested_document_of_a_wrong_type() -> None:
    assert faults({"name": "Mara", "stats": [1]}) == {"stats": "Send a JSON object in braces."}


def test_hidden_fields_cannot_be_sent() -> None:
    class WithHidden(Hero):
        owner = serializers.HiddenField(default=1)

    body = WithHidden(data={"name": "Mara", "owner": 2})
    assert not body.is_valid()
    assert dict(flatten(body.errors)) == {"owner": READ_ONLY}
    assert WithHidden(data={"name": "Mara"}).is_valid()


def test_partial_documents_are_as_strict() -> None:
    hero = Hero(data={"alive": "on", "x": 1}, partial=True)
    assert not hero.is_valid()
    assert set(dict(flatten(hero.errors))) == {"alive", "x"}


class ToyRow(models.Model):
    title = models.CharField(max_length=20)
    notes = models.TextField(blank=True)
    level = models.PositiveSmallIntegerField()
    shown = models.BooleanField()
    status = models.CharField(max_length=6, choices=[("active", "Active")])

    class Meta:
        app_label = "contract_toys"
        managed = False

    def __str__(self) -> str:
        return self.title


class ToyRowSerializer(StrictModelSerializer):
    class Meta:
        model = ToyRow
        fields = ["title", "notes", "level", "shown", "status"]


def test_generated_fields_are_strict() -> None:
    good = {"title": "A", "notes": "a\nb" * 200, "level": 3, "shown": True, "status": "active"}
    assert ToyRowSerializer(data=good).is_valid()
    bad = ToyRowSerializer(data={"title": 5, "level": "3", "shown": "on", "status": 1, "x": 1})
    assert not bad.is_valid()
    assert set(bad.errors) == {"title", "level", "shown", "status", "x"}
