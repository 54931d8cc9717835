"""Pictures and assets as the API shows them."""

from rest_framework import serializers


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
