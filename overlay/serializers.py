"""Layouts and the snapshot as the API takes and shows them. The shape of a layout is `overlay.layouts`."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from campaigns import theme
from characters.models import Tier
from characters.serializers import CharacterSerializer
from contract.fields import StrictIntegerField, StrictObjectField
from contract.serializers import StrictSerializer
from overlay import badges, layout_problems

_POSITION: dict[str, Any] = {
    "type": "object",
    "properties": {
        "x": {"type": "number", "minimum": 0, "maximum": 1},
        "y": {"type": "number", "minimum": 0, "maximum": 1},
        "scale": {"type": "number", "minimum": 0.25, "maximum": 4},
        "z": {"type": "integer", "minimum": -99, "maximum": 99},
        "visible": {"type": "boolean"},
        "locked": {"type": "boolean"},
    },
    "required": ["x", "y", "scale", "z", "visible"],
}
_STAT = {
    "type": "object",
    "properties": {
        "key": {"type": "string"},
        "label": {"type": "string", "maxLength": layout_problems.LONGEST_LABEL},
        "shape": {"type": "string", "enum": list(badges.SHAPES)},
    },
    "required": ["key"],
}
_CARD: dict[str, Any] = {
    "type": "object",
    "properties": {
        **{part: {"type": "boolean"} for part in layout_problems.PARTS},
        "ac_shape": {"type": "string", "enum": list(badges.AC_SHAPES)},
        "stats": {"type": "array", "items": _STAT, "maxItems": badges.MAX_STATS},
    },
}
_POSITIONS = {"type": "object", "additionalProperties": _POSITION, "description": "By character id."}
_MOVES = {
    "type": "object",
    "additionalProperties": {
        "oneOf": [{key: part for key, part in _POSITION.items() if key != "required"}, {"type": "null"}]
    },
    "description": "By character id; null lets the badge flow again.",
}
_OWN_CARD: dict[str, Any] = {
    **_CARD,
    "properties": {
        **_CARD["properties"],
        "colours": {"type": "object", "properties": {token: {"type": "string"} for token in theme.TOKENS}},
    },
}
_CARDS = {"type": "object", "additionalProperties": _OWN_CARD, "description": "What differs, by character id."}
_CARD_CHANGES = {
    **_CARDS,
    "additionalProperties": {"oneOf": [_OWN_CARD, {"type": "null"}]},
    "description": "By character id, each as a whole; null removes it.",
}
_TALL = {"type": "object", "properties": {"badges": _POSITIONS, "chips": _POSITIONS}}
_TALL_MOVES = {"type": "object", "properties": {"badges": _MOVES, "chips": _MOVES}}


@extend_schema_field(_POSITIONS)
class PositionsField(serializers.JSONField):
    pass


@extend_schema_field(_CARD)
class CardField(serializers.JSONField):
    pass


@extend_schema_field(_CARDS)
class CardsField(serializers.JSONField):
    pass


@extend_schema_field(_TALL)
class TallField(serializers.JSONField):
    pass


@extend_schema_field(_MOVES)
class MovesField(StrictObjectField):
    pass


@extend_schema_field(_CARD)
class CardPatchField(StrictObjectField):
    pass


@extend_schema_field(_CARD_CHANGES)
class CardChangesField(StrictObjectField):
    pass


@extend_schema_field(_TALL_MOVES)
class TallMovesField(StrictObjectField):
    pass


class LayoutSerializer(serializers.Serializer):
    tier = serializers.ChoiceField(Tier.choices)
    badges = PositionsField()
    chips = PositionsField()
    tall = TallField(help_text="Places in upright pictures.")
    card = CardField()
    cards = CardsField()
    version = serializers.IntegerField(help_text="0 while nothing has been saved.")


class LayoutsSerializer(serializers.Serializer):
    large = LayoutSerializer()
    medium = LayoutSerializer()
    compact = LayoutSerializer()


class LayoutPatchSerializer(StrictSerializer):
    badges = MovesField(required=False)
    chips = MovesField(required=False)
    tall = TallMovesField(required=False)
    card = CardPatchField(required=False)
    cards = CardChangesField(required=False)
    version = StrictIntegerField(min_value=0, required=False, help_text="The version that the changes are based on.")


class SnapshotSerializer(serializers.Serializer):
    """The BOOTSTRAP message of docs/live-protocol.md."""

    type = serializers.CharField()
    seq = serializers.IntegerField()
    epoch = serializers.CharField()
    ts = serializers.IntegerField(help_text="Milliseconds since 1970.")
    recovered = serializers.BooleanField()
    build = serializers.CharField()
    audience = serializers.CharField()
    campaign = serializers.DictField()
    characters = CharacterSerializer(many=True)
    roster = serializers.ListField(child=serializers.UUIDField())
    rosterTiers = serializers.DictField()
    layoutOverrides = serializers.DictField()
    episode = serializers.DictField(allow_null=True)
    initiative = serializers.DictField(allow_null=True, help_text="As …/initiative shows it, or null.")
    story = serializers.DictField(allow_null=True)


class TicketSerializer(serializers.Serializer):
    ticket = serializers.CharField(
        allow_null=True, help_text="The token of one AUTH message; null when an Idempotency-Key repeats the answer."
    )
    expires_in = serializers.IntegerField(help_text="Seconds.")
