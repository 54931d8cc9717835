"""Campaigns, episodes, tokens and members as the API takes and shows them."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.core.validators import RegexValidator, URLValidator
from django.utils import timezone
from rest_framework import serializers

from campaigns import events, messages
from campaigns.messages import GM
from campaigns.models import Campaign, CampaignToken, Episode, Event, Member, Role, TokenKind, Visibility
from contract.fields import (
    StrictBooleanField,
    StrictCharField,
    StrictChoiceField,
    StrictDateField,
    StrictDateTimeField,
    StrictIntegerField,
    StrictObjectField,
)
from contract.serializers import StrictSerializer

SLUG = RegexValidator(r"^[a-z0-9]+(-[a-z0-9]+)*\Z", "Small letters, digits and single hyphens only.")
WEB_ADDRESS = URLValidator(schemes=["http", "https"], message="An address such as https://example.org/watch.")
LONGEST_EVER = 2**31 - 1


class CampaignSerializer(serializers.ModelSerializer):
    """`settings` and `owner` are for the GM: the context's `whole` holds the keys of campaigns to show them of."""

    theme = serializers.DictField(child=serializers.CharField())
    settings = serializers.DictField(required=False, help_text="For the GM only.")
    owner = serializers.CharField(required=False, help_text="Name of the owner; for the GM only.")

    class Meta:
        model = Campaign
        fields = (
            "id",
            "slug",
            "name",
            "description",
            "game_system",
            "visibility",
            "theme",
            "seq",
            "epoch",
            "version",
            "created_at",
            "updated_at",
            "settings",
            "owner",
        )

    def to_representation(self, campaign: Campaign) -> dict[str, Any]:
        shown = super().to_representation(campaign)
        if campaign.pk not in self.context["whole"]:
            del shown["settings"], shown["owner"]
        return shown


class CampaignInputSerializer(StrictSerializer):
    slug = StrictCharField(max_length=60, validators=[SLUG], required=False)
    name = StrictCharField(max_length=120)
    description = StrictCharField(max_length=4000, multiline=True, allow_blank=True, required=False)
    game_system = StrictCharField(max_length=60, allow_blank=True, required=False)
    visibility = StrictChoiceField(Visibility.choices, required=False)
    theme = StrictObjectField(required=False)
    settings = StrictObjectField(required=False)


class CampaignPatchSerializer(CampaignInputSerializer):
    version = StrictIntegerField(min_value=1, required=False, help_text="The version that the changes are based on.")


class EpisodeSerializer(serializers.ModelSerializer):
    vod_url = serializers.CharField(allow_blank=True)
    status = serializers.SerializerMethodField()

    class Meta:
        model = Episode
        fields = (
            "id",
            "season",
            "number",
            "title",
            "date",
            "runtime_minutes",
            "summary",
            "vod_url",
            "vod_offset",
            "published",
            "status",
            "started_at",
            "ended_at",
            "created_at",
            "updated_at",
        )

    def get_status(self, episode: Episode) -> str:
        """planned, live or ended"""
        if episode.started_at is None:
            return "planned"
        return "live" if episode.ended_at is None else "ended"


class EpisodeInputSerializer(StrictSerializer):
    season = StrictIntegerField(min_value=1, max_value=99, required=False)
    number = StrictIntegerField(min_value=1, max_value=9999, required=False)
    title = StrictCharField(max_length=160)
    date = StrictDateField(allow_null=True, required=False)
    runtime_minutes = StrictIntegerField(min_value=0, max_value=2880, allow_null=True, required=False)
    summary = StrictCharField(max_length=8000, multiline=True, allow_blank=True, required=False)
    vod_url = StrictCharField(max_length=500, allow_blank=True, validators=[WEB_ADDRESS], required=False)
    vod_offset = StrictIntegerField(required=False, help_text="Seconds into the video at which the episode starts.")
    published = StrictBooleanField(required=False)


class TokenSerializer(serializers.ModelSerializer):
    class Meta:
        model = CampaignToken
        fields = ("id", "kind", "name", "hint", "created_at", "last_used_at", "expires_at", "revoked_at")


class NewTokenSerializer(TokenSerializer):
    token = serializers.CharField(
        allow_null=True, help_text="Shown this once; null when an Idempotency-Key repeats the answer."
    )

    class Meta:
        model = CampaignToken
        fields = (*TokenSerializer.Meta.fields, "token")


class TokenInputSerializer(StrictSerializer):
    kind = StrictChoiceField(TokenKind.choices)
    name = StrictCharField(max_length=80)
    expires_at = StrictDateTimeField(allow_null=True, required=False)

    def validate_expires_at(self, moment: Any) -> Any:
        if moment is not None and moment <= timezone.now():
            raise serializers.ValidationError("Send a time that is still to come.")
        return moment


class MemberSerializer(serializers.ModelSerializer):
    user_id = serializers.UUIDField()
    username = serializers.CharField(source="user.username")
    display_name = serializers.CharField(source="user.display_name")

    class Meta:
        model = Member
        fields = ("user_id", "username", "display_name", "role", "created_at")


class MemberInputSerializer(StrictSerializer):
    username = StrictCharField(max_length=150)
    role = StrictChoiceField(Role.choices, required=False, default=Role.PLAYER)


class EventSerializer(serializers.Serializer):
    """An entry of the ledger; the context holds `audience` and `epoch`.

    For viewers, what they may not see has type `hidden` and nothing else to tell.
    """

    id = serializers.UUIDField(allow_null=True)
    seq = serializers.IntegerField()
    type = serializers.CharField()
    character_id = serializers.UUIDField(allow_null=True)
    episode = serializers.IntegerField(allow_null=True, help_text="Number of the episode in which it happened.")
    seconds = serializers.FloatField(allow_null=True, help_text="Seconds since the episode started.")
    undoes = serializers.IntegerField(allow_null=True, help_text="The seq of the event that this one takes back.")
    timestamp = serializers.DateTimeField()
    message = serializers.DictField(help_text="What the live stream sends: docs/live-protocol.md.")
    actor = serializers.CharField(required=False, help_text="Who did it; for the GM only.")

    def to_representation(self, event: Event) -> dict[str, Any]:
        message = messages.message(event, self.context["audience"], self.context["epoch"])
        is_hidden = message["data"] == messages.HIDDEN["data"]
        shown = {**self._head(event), **(HIDDEN if is_hidden else self._rest(event)), "message": message}
        if self.context["audience"] == messages.GM:
            shown["actor"] = event.actor_name
        return shown

    def _head(self, event: Event) -> dict[str, Any]:
        return {"seq": event.seq, "type": event.type, "timestamp": instant(event.occurred_at)}

    def _rest(self, event: Event) -> dict[str, Any]:
        is_about_character = event.subject_kind == events.SUBJECT_CHARACTER
        return {
            "id": str(event.pk),
            "character_id": str(event.subject_id) if is_about_character else None,
            "episode": event.episode.number if event.episode else None,
            "seconds": seconds_into_episode(event),
            "undoes": event.data["seq"] if event.type == events.UNDO else None,
        }


HIDDEN = {**dict.fromkeys(["id", "character_id", "episode", "seconds", "undoes"]), "type": "hidden"}


def instant(moment: datetime) -> str:
    return moment.isoformat().replace("+00:00", "Z")


def seconds_into_episode(event: Event) -> float | None:
    if event.episode is None or event.episode.started_at is None:
        return None
    return round((event.occurred_at - event.episode.started_at).total_seconds(), 3)


class RecordedSerializer(serializers.Serializer):
    """The answer to a POST that recorded an event; `id` and `seq` are the event's."""

    id = serializers.UUIDField()
    seq = serializers.IntegerField()
    event = EventSerializer()
    stats = serializers.DictField(allow_null=True, help_text="The character's stats after the event.")


def gm_sees(audience: str, campaign: Campaign) -> Mapping[str, Any]:
    """The context of a CampaignSerializer for one campaign."""
    return {"whole": {campaign.pk} if audience == GM else set()}
