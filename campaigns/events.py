"""The types of ledger events and what each carries in `data`. Declared once: sender, API schema and tests read it here.

Every event that touches a character carries its absolute state after the change (`stats`, or `character` whole), so
that a message can be made from the entry alone, now or when somebody resumes. `applied`, `changed` and the like are
what undo needs; they never leave the server.
"""

from typing import Any, NotRequired, TypedDict

HP_CHANGE = "hp_change"
TRACK_CHANGE = "track_change"
CONDITION_ADDED = "condition_added"
CONDITION_REMOVED = "condition_removed"
DEATH_SAVE = "death_save"
ROLL = "roll"
ROSTER_UPDATED = "roster_updated"
CHARACTER_CREATED = "character_created"
CHARACTER_UPDATED = "character_updated"
CHARACTER_DELETED = "character_deleted"
LAYOUT_UPDATED = "layout_updated"
CAMPAIGN_UPDATED = "campaign_updated"
INITIATIVE = "initiative"
EPISODE_STARTED = "episode_started"
EPISODE_ENDED = "episode_ended"
UNDO = "undo"
CUSTOM = "custom"

TYPES = (
    HP_CHANGE,
    TRACK_CHANGE,
    CONDITION_ADDED,
    CONDITION_REMOVED,
    DEATH_SAVE,
    ROLL,
    ROSTER_UPDATED,
    CHARACTER_CREATED,
    CHARACTER_UPDATED,
    CHARACTER_DELETED,
    LAYOUT_UPDATED,
    CAMPAIGN_UPDATED,
    INITIATIVE,
    EPISODE_STARTED,
    EPISODE_ENDED,
    UNDO,
    CUSTOM,
)

VITALS = (HP_CHANGE, TRACK_CHANGE, CONDITION_ADDED, CONDITION_REMOVED, DEATH_SAVE)

# A turn that ends may end a condition: then it carries that character's state as these do.
CARRYING_STATS = (*VITALS, INITIATIVE)

# What anybody who drives the table may send to POST …/events.
INGESTED = (*VITALS, ROLL, CUSTOM)

SUBJECT_CHARACTER = "character"
SUBJECT_EPISODE = "episode"
SUBJECT_LAYOUT = "layout"
SUBJECT_CAMPAIGN = "campaign"
SUBJECT_RELATIONSHIP = "relationship"


class VitalsData(TypedDict):
    """hp_change, track_change, condition_*, death_save: one character's live state."""

    stats: dict[str, Any]
    version: int
    hp_display: str
    is_secret: bool
    applied: dict[str, Any]
    source: str  # "ingest", "edit" (HP set by hand: shown as HP_CHANGE) or "undo"
    name: str
    from_: NotRequired[int]
    to: NotRequired[int]
    delta: NotRequired[int]
    kind: NotRequired[str]
    track: NotRequired[str]
    condition: NotRequired[str]
    rounds: NotRequired[int | None]
    result: NotRequired[str]
    notes: NotRequired[dict[str, Any]]


class RosterEntryData(TypedDict):
    id: str
    tier: str
    is_secret: bool


class RosterData(TypedDict):
    roster: list[RosterEntryData]
    before: list[RosterEntryData]


class CharacterData(TypedDict):
    """character_created, _updated, _deleted: the whole document after the change (before it, when deleted)."""

    character: dict[str, Any]
    changed: NotRequired[dict[str, list[Any]]]
    was_secret: NotRequired[bool]
    roster: NotRequired[list[RosterEntryData]]
    roster_before: NotRequired[list[RosterEntryData]]
    relationships: NotRequired[list[dict[str, Any]]]  # of one that is deleted, for when it comes back


class LayoutData(TypedDict):
    """With the source "save" it may be one of several that are a step together."""

    tier: str
    source: NotRequired[str]
    layout: dict[str, Any] | None
    before: dict[str, Any] | None
    secret: list[str]  # ids of placed characters that viewers may not know of


class CampaignData(TypedDict):
    campaign: dict[str, Any]
    changed: dict[str, list[Any]]


class InitiativeData(TypedDict):
    """With a subject it is also a VitalsData: the turn that ended changed how long the subject's conditions last."""

    initiative: dict[str, Any] | None  # the document of characters.initiative
    before: dict[str, Any] | None
    secret: list[str]  # ids of characters in it that viewers may not know of


class EpisodeData(TypedDict):
    episode: dict[str, Any] | None
    episode_id: str
    before: dict[str, Any]


class RollFacts(TypedDict):
    """What a roll means in its game. The same `id` comes again when it is re-rolled or a choice is made."""

    id: str
    kind: str
    outcome: str
    words: str  # the outcome, as it is read aloud
    summary: str  # for lists
    difficulty: int | None


class RollData(TypedDict):
    label: str
    total: int
    dice: list[dict[str, Any]]
    character_id: NotRequired[str]
    roll: NotRequired[dict[str, Any]]  # of a roll that is made here: RollFacts


class CustomData(TypedDict):
    name: str
    payload: dict[str, Any]
    character_id: NotRequired[str]


class UndoData(TypedDict):
    """`effect` is the event that the compensation amounts to; it is told as that event would be."""

    seq: int
    type: str
    effect: dict[str, Any]
