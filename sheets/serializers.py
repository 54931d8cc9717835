"""What comes with an entry of experience, a step of a track, a roll, a character to play."""

from typing import Any

from rest_framework import serializers

from content.serializers import PictureStateSerializer
from contract.fields import (
    StrictBooleanField,
    StrictCharField,
    StrictChoiceField,
    StrictIntegerField,
    StrictListField,
    StrictUUIDField,
)
from contract.serializers import StrictSerializer
from sheets import rolling
from sheets.dice import MOST_REROLLED
from sheets.experience import AWARD, MOST_AWARDED, SPEND

FACES = 40
STEPS = ("superficial", "aggravated", "delta", "stains")
HIGHEST_STEP = 30


class EntryInputSerializer(StrictSerializer):
    kind = StrictChoiceField([AWARD, SPEND])
    amount = StrictIntegerField(min_value=-MOST_AWARDED, max_value=MOST_AWARDED, required=False)
    field = StrictCharField(max_length=40, required=False)
    row = StrictUUIDField(required=False)
    to = StrictIntegerField(min_value=1, max_value=10, required=False)
    reason = StrictCharField(max_length=200, allow_blank=True, required=False)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        award = attrs["kind"] == AWARD
        foreign = attrs.keys() & ({"field", "row", "to"} if award else {"amount"})
        if foreign:
            word = "An award raises nothing by itself." if award else "The price is computed."
            raise serializers.ValidationError(dict.fromkeys(foreign, f"{word} Leave this out."))
        if award and "amount" not in attrs:
            raise serializers.ValidationError({"amount": "This field is required."})
        return attrs


class AwardSerializer(StrictSerializer):
    amount = StrictIntegerField(min_value=-MOST_AWARDED, max_value=MOST_AWARDED)
    reason = StrictCharField(max_length=200, allow_blank=True, required=False, default="")


class ReasonSerializer(StrictSerializer):
    reason = StrictCharField(max_length=200, allow_blank=True, required=False, default="")


class StepsSerializer(StrictSerializer):
    track = StrictCharField(max_length=30)
    superficial = StrictIntegerField(min_value=-HIGHEST_STEP, max_value=HIGHEST_STEP, required=False)
    aggravated = StrictIntegerField(min_value=-HIGHEST_STEP, max_value=HIGHEST_STEP, required=False)
    delta = StrictIntegerField(min_value=-HIGHEST_STEP, max_value=HIGHEST_STEP, required=False)
    stains = StrictIntegerField(min_value=-HIGHEST_STEP, max_value=HIGHEST_STEP, required=False)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if not attrs.keys() & set(STEPS):
            raise serializers.ValidationError({"delta": f"Send {', '.join(STEPS)}: what the track has."})
        return attrs


class ThrowSerializer(StrictSerializer):
    """`traits` (names of fields and tracks, ids of rows) or a number of `dice` for a pool, neither for a check."""

    kind = StrictChoiceField(list(rolling.KINDS), required=False, default=rolling.POOL)
    traits = StrictListField(
        child=StrictCharField(max_length=40), min_length=1, max_length=rolling.MOST_TRAITS, required=False
    )
    dice = StrictIntegerField(min_value=0, max_value=FACES, required=False)
    specialty = StrictUUIDField(required=False)
    modifier = StrictIntegerField(min_value=-rolling.MOST_MODIFIED, max_value=rolling.MOST_MODIFIED, required=False)
    difficulty = StrictIntegerField(min_value=0, max_value=rolling.HIGHEST_DIFFICULTY, required=False, default=1)
    surge = StrictBooleanField(required=False, help_text="A rouse check for more dice.")
    desperation = StrictBooleanField(required=False, help_text="With the desperation dice of the cell.")
    level = StrictIntegerField(min_value=0, max_value=5, required=False, help_text="Of the power that is roused for.")
    fury = StrictBooleanField(required=False, help_text="Frenzy of fury, which some banes make worse.")
    label = StrictCharField(max_length=rolling.LONGEST_LABEL, required=False)  # type: ignore[assignment]
    hidden = StrictBooleanField(required=False, help_text="For the storyteller and who rolls, not for the stream.")

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        pool = {"traits", "dice", "specialty", "modifier", "surge", "desperation", "label"}
        of_kind = {rolling.POOL: pool, rolling.ROUSE: {"level"}, rolling.FRENZY: {"fury"}}.get(attrs["kind"], set())
        foreign = ((pool | {"level", "fury"}) - of_kind) & attrs.keys()
        if foreign:
            raise serializers.ValidationError(dict.fromkeys(foreign, f"Not of {attrs['kind']}. Leave this out."))
        return attrs


class ThrowAgainSerializer(StrictSerializer):
    dice = StrictListField(
        child=StrictIntegerField(min_value=0, max_value=FACES - 1),
        min_length=1,
        max_length=MOST_REROLLED,
        help_text="Places of normal dice, from 0.",
    )


class ThrowChoiceSerializer(StrictSerializer):
    choice = StrictChoiceField([rolling.OVERREACH, rolling.TO_DESPAIR])


class PortraitSerializer(PictureStateSerializer):
    slot = serializers.CharField(help_text="face, body, hobby_1 to hobby_4")
    title = serializers.CharField()


class JoinSerializer(StrictSerializer):
    group = StrictUUIDField()


class PlaySerializer(StrictSerializer):
    campaign = StrictCharField(max_length=60)
    character = StrictUUIDField()
