"""Characters, roster, ingested events and imports as the API takes and shows them."""

from collections.abc import Mapping
from typing import Any

from django.core.validators import RegexValidator
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from campaigns import events, queries
from campaigns.messages import GM
from characters import conditions, initiative, stats
from characters.models import HPDisplay, Relationship, Status, Tier
from characters.operations.roster import LONGEST
from characters.operations.vitals import HIGHEST_STEP, LONGEST_KIND
from characters.tracks import MOST_BOXES
from characters.vitals import DEATH_SAVE_RESULTS
from content.serializers import PictureSerializer
from contract.fields import (
    StrictBooleanField,
    StrictCharField,
    StrictChoiceField,
    StrictIntegerField,
    StrictListField,
    StrictNumberField,
    StrictObjectField,
    StrictUUIDField,
)
from contract.refusals import NotVisible
from contract.serializers import StrictSerializer

COLOUR = RegexValidator(r"^#[0-9a-f]{6}\Z", "A colour such as #f0bd4f.")
NOT_HERE = "There is no such character in this campaign."


def _whole(low: int, high: int) -> dict[str, Any]:
    return {"type": "integer", "minimum": low, "maximum": high}


def _object(properties: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"type": "object", "properties": properties, "required": list(properties), **more}


_TRACK = {
    "oneOf": [
        _object({name: _whole(0, MOST_BOXES) for name in ("max", "superficial", "aggravated")}),
        _object({name: _whole(0, MOST_BOXES) for name in ("max", "value")}),
        _object({name: _whole(0, MOST_BOXES) for name in ("max", "value", "stains")}),
    ]
}
_EXACT = _object({name: _whole(0, stats.HIGHEST_HP) for name in ("current", "max", "temp")})
_BAR = _object({"fraction": {"type": "number", "minimum": 0, "maximum": 1}, "temp": {"type": "boolean"}})
_BAND = _object({"band": {"type": "string", "enum": ["unhurt", "hurt", "bloodied", "critical", "down"]}})
_PARTS: dict[str, Any] = {
    "hp": {"oneOf": [_EXACT, _BAR, _BAND, {"type": "null"}], "description": "By the character's hp_display."},
    "ac": _whole(0, stats.HIGHEST_AC),
    "abilities": _object({name: _whole(0, stats.HIGHEST_ABILITY) for name in stats.ABILITIES}),
    "conditions": {"type": "array", "items": {"type": "string"}, "maxItems": conditions.MOST_AT_ONCE},
    "condition_rounds": {"type": "object", "additionalProperties": _whole(1, conditions.MOST_ROUNDS)},
    "death_saves": _object({"success": _whole(0, 3), "failure": _whole(0, 3)}),
    "inspiration": {"type": "boolean"},
    "tracks": {"type": "object", "additionalProperties": _TRACK},
}
SHOWN_STATS = {
    "type": "object",
    "properties": _PARTS,
    "required": [name for name in _PARTS if name != "death_saves"],
    "description": "Hit points are exact, a bar, a band or null (hidden); death_saves are left out where hidden.",
}
SENT_STATS = {
    "type": "object",
    "properties": {
        **{name: {key: part[key] for key in part if key != "required"} for name, part in _PARTS.items()},
        "hp": {key: part for key, part in _EXACT.items() if key != "required"},
        "condition_rounds": {"type": "object", "additionalProperties": {"type": ["integer", "null"]}},
        "tracks": {"type": "object", "additionalProperties": {"type": ["object", "null"]}},
    },
    "description": "Merged into what is stored, key by key: null removes a track; lists are replaced whole.",
}


@extend_schema_field(SHOWN_STATS)
class StatsField(serializers.JSONField):
    pass


@extend_schema_field(SENT_STATS)
class StatsPatchField(StrictObjectField):
    """Checked against the stats in the context (those of a new character without), so that every fault is told."""

    def to_internal_value(self, data: Any) -> dict[str, Any]:
        patch = super().to_internal_value(data)
        try:
            stats.merged(self.context.get("stats") or stats.blank(), patch)
        except stats.InvalidStats as error:
            raise serializers.ValidationError(_by_path(error.problems)) from error
        return patch


def _by_path(problems: list[tuple[str, str]]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for path, message in problems:
        found.setdefault(path or "non_field_errors", []).append(message)
    return found


class FocalSerializer(StrictSerializer):
    x = StrictNumberField(min_value=0, max_value=1)
    y = StrictNumberField(min_value=0, max_value=1)


class _NamedClass(serializers.Serializer):
    """A field of the name `class`, which Python keeps for itself."""

    def get_fields(self) -> dict[str, serializers.Field]:
        fields = super().get_fields()
        return {("class" if name == "class_name" else name): field for name, field in fields.items()}


class PicturesSerializer(serializers.Serializer):
    portrait = PictureSerializer(required=False)
    background = PictureSerializer(required=False)


class CharacterSerializer(_NamedClass):
    """The document of `characters.projection`, as the live stream has it."""

    id = serializers.UUIDField()
    name = serializers.CharField()
    player_name = serializers.CharField(allow_blank=True)
    class_name = serializers.CharField(allow_blank=True)
    race = serializers.CharField(allow_blank=True)
    level = serializers.IntegerField()
    status = serializers.ChoiceField(Status.choices)
    portrait_url = serializers.CharField(allow_null=True)
    background_url = serializers.CharField(allow_null=True)
    crest_url = serializers.CharField(help_text="The drawn coat of arms that stands in for a portrait.")
    pictures = PicturesSerializer(help_text="What there is besides the addresses; empty for pictures from elsewhere.")
    accent = serializers.CharField(allow_blank=True)
    focal = FocalSerializer()
    summary = serializers.CharField(allow_blank=True)
    appearance = serializers.CharField(allow_blank=True)
    hp_display = serializers.ChoiceField(HPDisplay.choices)
    stats = StatsField()
    version = serializers.IntegerField()
    gm_notes = serializers.CharField(required=False, help_text="For the GM only.")
    is_secret = serializers.BooleanField(required=False, help_text="For the GM only.")
    external_ids = serializers.DictField(required=False, help_text="For the GM only.")
    player = serializers.UUIDField(required=False, allow_null=True, help_text="User id; for the GM only.")


class CharacterInputSerializer(_NamedClass, StrictSerializer):
    """The context holds `campaign`, and `stats` where there are any to merge with."""

    name = StrictCharField(max_length=120)
    player = StrictUUIDField(allow_null=True, required=False, help_text="A member of the campaign.")
    player_name = StrictCharField(max_length=80, allow_blank=True, required=False)
    class_name = StrictCharField(max_length=120, allow_blank=True, required=False)
    race = StrictCharField(max_length=80, allow_blank=True, required=False)
    level = StrictIntegerField(min_value=0, max_value=100, required=False)
    status = StrictChoiceField(Status.choices, required=False)
    stats = StatsPatchField(required=False)
    hp_display = StrictChoiceField(HPDisplay.choices, required=False)
    accent = StrictCharField(max_length=7, allow_blank=True, validators=[COLOUR], required=False)
    focal = FocalSerializer(required=False)
    summary = StrictCharField(max_length=4000, multiline=True, allow_blank=True, required=False)
    appearance = StrictCharField(max_length=4000, multiline=True, allow_blank=True, required=False)
    gm_notes = StrictCharField(max_length=8000, multiline=True, allow_blank=True, required=False)
    is_secret = StrictBooleanField(required=False)

    def validate_player(self, user_id: Any) -> Any:
        campaign = self.context["campaign"]
        if user_id is None:
            return None
        if user_id == campaign.owner_id:
            return campaign.owner
        try:
            return queries.member(campaign, user_id).user
        except NotVisible as error:
            raise serializers.ValidationError("This is no member of the campaign.") from error

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """In the names of the model."""
        focal = attrs.pop("focal", None)
        if focal:
            attrs |= {f"focal_{axis}": value for axis, value in focal.items()}
        if "class" in attrs:
            attrs["class_name"] = attrs.pop("class")
        return attrs


class CharacterPatchSerializer(CharacterInputSerializer):
    version = StrictIntegerField(min_value=1, required=False, help_text="The version that the changes are based on.")


class RelationshipSerializer(serializers.Serializer):
    """What one character is to another, in the first one's words."""

    id = serializers.UUIDField()
    from_id = serializers.UUIDField(source="source_id")
    from_name = serializers.CharField(source="source.name")
    to_id = serializers.UUIDField(source="target_id")
    to_name = serializers.CharField(source="target.name")
    words = serializers.CharField()
    note = serializers.CharField(allow_blank=True)
    since_episode = serializers.SerializerMethodField(help_text="Number of the episode that it began in.")
    is_secret = serializers.BooleanField(help_text="Only the GM knows of it.")

    @extend_schema_field({"type": ["integer", "null"]})
    def get_since_episode(self, row: Relationship) -> int | None:
        """An episode that is not published does not exist for viewers."""
        shown = row.since is not None and (row.since.published or self.context["audience"] == GM)
        return row.since.number if shown and row.since else None


class RelationshipPatchSerializer(StrictSerializer):
    words = StrictCharField(max_length=80, help_text="Sworn to protect; owes him a song.")
    note = StrictCharField(max_length=1000, multiline=True, allow_blank=True, required=False)
    since_episode = StrictIntegerField(min_value=1, max_value=9999, allow_null=True, required=False)
    is_secret = StrictBooleanField(required=False, help_text="true: only the GM knows of it.")


class RelationshipInputSerializer(RelationshipPatchSerializer):
    to_id = StrictUUIDField(help_text="The other character, of the same campaign.")


class RosterEntrySerializer(serializers.Serializer):
    character_id = serializers.UUIDField()
    tier = serializers.CharField(allow_blank=True, help_text="Empty: the size that the overlay is opened with.")


class RosterSerializer(serializers.Serializer):
    character_ids = serializers.ListField(child=serializers.UUIDField())
    entries = RosterEntrySerializer(many=True)


class RosterEntryInputSerializer(StrictSerializer):
    character_id = StrictUUIDField()
    tier = StrictChoiceField([*Tier.choices, ("", "As the overlay is opened")], required=False, default="")


class RosterInputSerializer(StrictSerializer):
    """Exactly one of the two."""

    character_ids = StrictListField(
        child=StrictUUIDField(), max_length=LONGEST, required=False, help_text="In order; who has a tier keeps it."
    )
    entries = StrictListField(child=RosterEntryInputSerializer(), max_length=LONGEST, required=False)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if len(attrs) != 1:
            raise serializers.ValidationError("Send either character_ids or entries.")
        return attrs


class TurnSerializer(serializers.Serializer):
    id = serializers.CharField()
    character = serializers.UUIDField(allow_null=True)
    name = serializers.CharField()
    score = serializers.IntegerField()
    hidden = serializers.BooleanField(required=False, help_text="For the GM only.")


class InitiativeSerializer(serializers.Serializer):
    """Round 0 and nobody in the order: there is none."""

    round = serializers.IntegerField()
    turn = serializers.CharField(
        allow_null=True, help_text="Id of the entry whose turn it is; null: of one kept secret."
    )
    order = TurnSerializer(many=True)


class TurnInputSerializer(StrictSerializer):
    """`character_id`, or `name` for anybody else."""

    id = StrictUUIDField(required=False, help_text="Of an entry that is in the order already.")
    character_id = StrictUUIDField(required=False, allow_null=True)
    name = StrictCharField(max_length=initiative.LONGEST_NAME, required=False)
    score = StrictIntegerField(min_value=initiative.SCORES[0], max_value=initiative.SCORES[1])
    hidden = StrictBooleanField(required=False, help_text="Viewers do not learn of this entry.")

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if not attrs.get("character_id") and not attrs.get("name"):
            raise serializers.ValidationError({"name": "Send character_id, or a name."})
        return {**attrs, "character": attrs.pop("character_id", None)}


class InitiativeInputSerializer(StrictSerializer):
    """`order`: exactly these; `turn`: whose turn it is."""

    order = StrictListField(child=TurnInputSerializer(), max_length=initiative.LONGEST, required=False)
    turn = StrictUUIDField(required=False)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if not attrs:
            raise serializers.ValidationError({"order": "Send order or turn."})
        return attrs


class UndoInputSerializer(StrictSerializer):
    seq = StrictIntegerField(min_value=1, required=False, help_text="Of the event; without it the last.")


# --- events that come in ---


class _Ingested(StrictSerializer):
    """`character_id` may be left out where something happens to nobody."""

    character_id = StrictUUIDField()


def _only(type_: str) -> StrictChoiceField:
    """The name of the type, which tells the shapes of the schema apart."""
    field = extend_schema_field({"type": "string", "const": type_})(type("TypeField", (StrictChoiceField,), {}))
    return field([type_])


def _step(**kwargs: Any) -> StrictIntegerField:
    return StrictIntegerField(min_value=-HIGHEST_STEP, max_value=HIGHEST_STEP, required=False, **kwargs)


class HPChangeSerializer(_Ingested):
    """Exactly one of delta, to and temp."""

    type = _only(events.HP_CHANGE)
    delta = _step(help_text="Damage below zero, healing above; temporary hit points go first.")
    to = StrictIntegerField(min_value=0, max_value=stats.HIGHEST_HP, required=False)
    temp = StrictIntegerField(min_value=0, max_value=stats.HIGHEST_HP, required=False)
    kind = StrictCharField(max_length=LONGEST_KIND, allow_blank=True, required=False)
    critical = StrictBooleanField(required=False)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        sent = [name for name in ("delta", "to", "temp") if name in attrs]
        if len(sent) != 1:
            names = sent or ["delta"]
            raise serializers.ValidationError(dict.fromkeys(names, "Send exactly one of delta, to and temp."))
        if "critical" in attrs and not attrs.get("delta", 0) < 0:
            raise serializers.ValidationError({"critical": "Only damage is critical: send a delta below zero."})
        if "kind" in attrs and "temp" in attrs:
            raise serializers.ValidationError({"kind": "Temporary hit points have no kind."})
        return attrs


class ConditionAddedSerializer(_Ingested):
    type = _only(events.CONDITION_ADDED)
    condition = StrictCharField(max_length=conditions.LONGEST_NAME)
    rounds = StrictIntegerField(min_value=1, max_value=conditions.MOST_ROUNDS, allow_null=True, required=False)


class ConditionRemovedSerializer(_Ingested):
    type = _only(events.CONDITION_REMOVED)
    condition = StrictCharField(max_length=conditions.LONGEST_NAME)


class DeathSaveSerializer(_Ingested):
    type = _only(events.DEATH_SAVE)
    result = StrictChoiceField(DEATH_SAVE_RESULTS)


class TrackChangeSerializer(_Ingested):
    """`delta` and `stains` move pips, `superficial` and `aggravated` mark boxes."""

    type = _only(events.TRACK_CHANGE)
    track = StrictCharField(max_length=30)
    delta = _step()
    stains = _step()
    superficial = _step()
    aggravated = _step()

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if not attrs.keys() & {"delta", "stains", "superficial", "aggravated"}:
            raise serializers.ValidationError({"delta": "Send delta, stains, superficial or aggravated."})
        return attrs


class DieSerializer(StrictSerializer):
    sides = StrictIntegerField(min_value=2, max_value=1000)
    value = StrictIntegerField(min_value=0, max_value=1000)


class RollSerializer(_Ingested):
    type = _only(events.ROLL)
    character_id = StrictUUIDField(required=False)
    label = StrictCharField(max_length=120)  # type: ignore[assignment]  # Field has an attribute of this name
    total = StrictIntegerField()
    dice = StrictListField(child=DieSerializer(), max_length=100, required=False)
    hidden = StrictBooleanField(required=False, help_text="For the GM's eyes only.")


class CustomSerializer(_Ingested):
    type = _only(events.CUSTOM)
    character_id = StrictUUIDField(required=False)
    name = StrictCharField(max_length=80)
    payload = StrictObjectField(required=False)
    hidden = StrictBooleanField(required=False, help_text="For the GM's eyes only.")


INGESTED: Mapping[str, type[_Ingested]] = {
    events.HP_CHANGE: HPChangeSerializer,
    events.CONDITION_ADDED: ConditionAddedSerializer,
    events.CONDITION_REMOVED: ConditionRemovedSerializer,
    events.DEATH_SAVE: DeathSaveSerializer,
    events.TRACK_CHANGE: TrackChangeSerializer,
    events.ROLL: RollSerializer,
    events.CUSTOM: CustomSerializer,
}


# --- imports ---


class WarningSerializer(serializers.Serializer):
    field = serializers.CharField(allow_blank=True)
    message = serializers.CharField()


class ImportResultSerializer(serializers.Serializer):
    file = serializers.CharField(allow_blank=True)
    status = serializers.ChoiceField(["ok", "warning", "refused"])
    name = serializers.CharField(allow_blank=True)
    classes = serializers.ListField(child=serializers.ListField(), help_text="Pairs of name and level.")
    species = serializers.CharField(allow_blank=True)
    character_id = serializers.UUIDField(
        allow_null=True, help_text="The character that is or would be changed; null for one still to be made."
    )
    stats = StatsField(allow_null=True)
    warnings = WarningSerializer(many=True)


class ImportSerializer(serializers.Serializer):
    results = ImportResultSerializer(many=True)


class ImportInputSerializer(serializers.Serializer):
    files = serializers.ListField(child=serializers.FileField(), help_text="One part of this name for each file.")
    commit = serializers.ChoiceField(["true", "false"], required=False, help_text="false (as without): preview.")
    keep_live = serializers.ChoiceField(
        ["true", "false"], required=False, help_text="true (as without): hit points, conditions and tracks stay."
    )
