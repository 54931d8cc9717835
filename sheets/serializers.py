"""What comes with an entry of experience, a step of a track, a character to play."""

from typing import Any

from rest_framework import serializers

from contract.fields import StrictCharField, StrictChoiceField, StrictIntegerField, StrictUUIDField
from contract.serializers import StrictSerializer
from sheets.experience import AWARD, MOST_AWARDED, SPEND

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


class PlaySerializer(StrictSerializer):
    campaign = StrictCharField(max_length=60)
    character = StrictUUIDField()
