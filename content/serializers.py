"""Pictures and assets as the API shows them."""

from typing import Any

from rest_framework import serializers

from content import present
from content.documents import FORMATS
from content.forms import PictureInputSerializer, WordsSerializer
from content.models import Asset, Job, JobState, Kind, Version
from contract.fields import StrictBooleanField, StrictCharField, StrictUUIDField


class SourceSerializer(serializers.Serializer):
    url = serializers.CharField()
    width = serializers.IntegerField(help_text="Pixels.")


class PictureSerializer(serializers.Serializer):
    """`url` is the WebP; `srcset` names it and what is narrower, the widest last."""

    url = serializers.CharField()
    thumb_url = serializers.CharField()
    original_url = serializers.CharField(help_text="Our clean re-encoding.")
    avif_url = serializers.CharField(allow_null=True, help_text="null until it is made.")
    srcset = SourceSerializer(many=True)
    avif_srcset = SourceSerializer(many=True, help_text="Empty until it is made.")
    width = serializers.IntegerField(help_text="Pixels of `url`.")
    height = serializers.IntegerField(help_text="Pixels of `url`.")
    colour = serializers.CharField(help_text="What most of the picture has, as #rrggbb.", allow_blank=True)
    blur = serializers.CharField(help_text="A few pixels as a data: address, until the picture is there.")
    alt_text = serializers.CharField(allow_blank=True)


class PlayableSerializer(serializers.Serializer):
    url = serializers.CharField()
    type = serializers.CharField(help_text="Media type.")


class RecordingSerializer(serializers.Serializer):
    """Sound or video. `sources` is empty until they are made; try them in their order."""

    seconds = serializers.FloatField()
    width = serializers.IntegerField(help_text="Pixels as it was sent; 0 for sound.")
    height = serializers.IntegerField()
    loudness = serializers.FloatField(allow_null=True, help_text="LUFS (EBU R 128) as sent; null: silence.")
    true_peak = serializers.FloatField(allow_null=True, help_text="dBFS, as it was sent.")
    peaks = serializers.ListField(child=serializers.IntegerField(), help_text="0 to 100, in equal steps.")
    sources = PlayableSerializer(many=True)
    poster_url = serializers.CharField(allow_null=True)
    original_url = serializers.CharField(allow_null=True, help_text="Of sound: at the loudness it was sent with.")
    colour = serializers.CharField(allow_blank=True)
    blur = serializers.CharField(allow_blank=True)
    alt_text = serializers.CharField(allow_blank=True)


class DocumentSerializer(serializers.Serializer):
    """A PDF is sent as an attachment, text (Markdown too) as plain text."""

    format = serializers.ChoiceField(FORMATS)
    url = serializers.CharField()
    size = serializers.IntegerField(help_text="Bytes.")
    pages = serializers.IntegerField(allow_null=True, help_text="null for text.")
    words = serializers.IntegerField(allow_null=True, help_text="null for a PDF.")


class JobSerializer(serializers.Serializer):
    """What is made of it in the background. Ask again while it is queued or running."""

    state = serializers.ChoiceField(JobState.choices)
    percent = serializers.IntegerField()
    reason = serializers.CharField(allow_blank=True, help_text="Why it failed.")


class PictureStateSerializer(serializers.Serializer):
    picture = PictureSerializer(allow_null=True, help_text="null where there is none of ours.")
    job = JobSerializer(allow_null=True)


class AssetSerializer(serializers.Serializer):
    id = serializers.UUIDField()
    kind = serializers.ChoiceField(Kind.choices)
    title = serializers.CharField(allow_blank=True)
    alt_text = serializers.CharField(allow_blank=True)
    licence = serializers.CharField(allow_blank=True)
    credit = serializers.CharField(allow_blank=True)
    published = serializers.BooleanField()
    owner = serializers.CharField(allow_null=True, help_text="User name.")
    team_id = serializers.UUIDField(allow_null=True)
    version = serializers.IntegerField(help_text="Number of the version that is shown.")
    created_at = serializers.DateTimeField()
    updated_at = serializers.DateTimeField()
    picture = PictureSerializer(allow_null=True, help_text="Only of a picture.")
    recording = RecordingSerializer(allow_null=True, help_text="Only of sound and video.")
    document = DocumentSerializer(allow_null=True, help_text="Only of a document.")
    job = JobSerializer(allow_null=True, help_text="null for a document: there is nothing further to be made.")


class VersionSerializer(serializers.Serializer):
    number = serializers.IntegerField()
    current = serializers.BooleanField()
    width = serializers.IntegerField(allow_null=True, help_text="Pixels, as it was sent; null for sound.")
    height = serializers.IntegerField(allow_null=True, help_text="Pixels, as it was sent; null for sound.")
    size = serializers.IntegerField(help_text="Bytes that its files take.")
    created_by = serializers.CharField(allow_null=True, help_text="User name.")
    created_at = serializers.DateTimeField()
    picture = PictureSerializer(allow_null=True, help_text="Only of a picture.")
    recording = RecordingSerializer(allow_null=True, help_text="Only of sound and video.")
    document = DocumentSerializer(allow_null=True, help_text="Only of a document.")
    job = JobSerializer(allow_null=True, help_text="null for a document: there is nothing further to be made.")


class UsageSerializer(serializers.Serializer):
    used = serializers.IntegerField(help_text="Bytes.")
    allowed = serializers.IntegerField(help_text="Bytes.")


class VersionInputSerializer(PictureInputSerializer):
    takes_all = True


class LibraryInputSerializer(VersionInputSerializer):
    title = StrictCharField(max_length=120, allow_blank=True, required=False)


class AssetInputSerializer(LibraryInputSerializer):
    team_id = StrictUUIDField(required=False, help_text="A team to share it with, of which you are owner or editor.")


class AssetPatchSerializer(WordsSerializer):
    title = StrictCharField(max_length=120, allow_blank=True, required=False)
    team_id = StrictUUIDField(required=False, allow_null=True)
    published = StrictBooleanField(
        required=False, help_text="Only with alt_text, licence and credit, which say what it shows and whose it is."
    )


PLAIN = ("id", "kind", *("title", "alt_text", "licence", "credit"), "published", "team_id", "created_at", "updated_at")


def asset_document(asset: Asset) -> dict[str, Any]:
    version = asset.current
    assert version is not None  # noqa: S101  the library shows no other
    version.asset = asset
    plain = {name: getattr(asset, name) for name in PLAIN}
    return {
        **plain,
        "owner": asset.owner.username if asset.owner else None,
        "version": version.number,
        **_made_of(version, public=asset.open),
    }


def version_document(version: Version) -> dict[str, Any]:
    names = ("number", "width", "height", "size", "created_at")
    return {
        **{name: getattr(version, name) for name in names},
        "current": version.pk == version.asset.current_id,
        "created_by": version.created_by.username if version.created_by else None,
        **_made_of(version, public=version.asset.open),
    }


def _made_of(version: Version, *, public: bool) -> dict[str, Any]:
    kind = version.asset.kind
    is_recording = kind in (Kind.AUDIO, Kind.VIDEO)
    return {
        "picture": present.shown(version, public=public) if kind == Kind.IMAGE else None,
        "recording": present.recording(version, public=public) if is_recording else None,
        "document": present.document(version) if kind == Kind.DOCUMENT else None,
        "job": job_document(getattr(version, "job", None)),
    }


def job_document(job: Job | None) -> dict[str, Any] | None:
    return {"state": job.state, "percent": job.percent, "reason": job.reason} if job else None
