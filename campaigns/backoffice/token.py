"""Tokens: issued, shown once, replaced, revoked."""

from typing import Any, ClassVar

from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse

from campaigns.backoffice.addresses import addresses
from campaigns.backoffice.admins import CampaignRowAdmin
from campaigns.backoffice.deeds import Deed, words
from campaigns.backoffice.filters import CampaignFilter
from campaigns.backoffice.forms import OperationForm
from campaigns.backoffice.scope import scope_of
from campaigns.models import CampaignToken, TokenKind
from campaigns.operations import tokens
from contract.refusals import Invalid, Refusal


class TokenForm(OperationForm):
    paths: ClassVar[dict[str, str]] = {"kind": "kind", "name": "name", "expires_at": "expires_at"}

    class Meta:
        model = CampaignToken
        fields: ClassVar = ["campaign", "kind", "name", "expires_at"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "expires_at" in self.fields:
            # Django's own words beside the two halves are no labels.
            for half, name in zip(
                self.fields["expires_at"].widget.widgets, ("Expires: date", "Expires: time"), strict=True
            ):
                half.attrs["aria-label"] = name


@admin.register(CampaignToken)
class CampaignTokenAdmin(CampaignRowAdmin):
    """Keys are issued and revoked. Their text is shown in the answer to the form and never again."""

    form = TokenForm
    allow_change = allow_delete = False
    list_display = ("name", "campaign", "kind", "hint", "state", "last_used_at", "created_by")
    list_filter = (CampaignFilter, "kind")
    list_select_related = ("campaign", "created_by")
    search_fields = ("name",)
    ordering = ("-created_at",)
    autocomplete_fields = ("campaign",)
    radio_fields: ClassVar = {"kind": admin.VERTICAL}
    fieldsets = ((None, {"fields": ("campaign", "kind", "name", "expires_at")}),)
    deeds = (
        Deed(
            "rotate",
            "New text",
            lambda actor, row: tokens.rotate(row.campaign, row.pk, actor=actor),
            done="The old text stopped working",
            possible=lambda row: row.revoked_at is None,
            in_lists=False,
        ),
        Deed(
            "revoke",
            "Revoke",
            lambda actor, row: tokens.revoke(row.campaign, row.pk, actor=actor),
            done="Revoked",
            possible=lambda row: row.revoked_at is None,
            dangerous=True,
        ),
    )

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        if obj is None:
            return super().get_fieldsets(request, obj)
        fields = ("name", "campaign", "kind", "hint", "state", "issued_by", "created_at", "last_used_at", "expires_at")
        return [(None, {"fields": fields})]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return ("hint", "state", "issued_by", "created_at", "last_used_at") if obj else ()

    @admin.display(description="Issued by")
    def issued_by(self, token: CampaignToken) -> str:
        return str(token.created_by or "")

    @admin.display(description="State")
    def state(self, token: CampaignToken) -> str:
        return "Revoked" if token.revoked_at else "Valid"

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        if form.cleaned_data["kind"] not in TokenKind.values:
            raise Invalid([("kind", f"One of: {', '.join(TokenKind.values)}.")])
        data = form.cleaned_data
        token, text = tokens.issue(
            data["campaign"], data["kind"], data["name"], actor=scope_of(request).actor, expires_at=data["expires_at"]
        )
        obj.pk, obj._state.adding, obj.hint = token.pk, False, token.hint
        request._token_text = text  # type: ignore[attr-defined]

    def render_change_form(self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any) -> Any:
        context |= {"show_save_and_add_another": False, "show_save_and_continue": False}
        return super().render_change_form(request, context, *args, **kwargs)

    def response_add(self, request: HttpRequest, obj: Any, post_url_continue: str | None = None) -> HttpResponse:
        text: str = request._token_text  # type: ignore[attr-defined]
        return self._shown_once(request, obj, text)

    def deed_view(self, request: HttpRequest, object_id: str, deed: str) -> HttpResponse:
        """A new text is shown in the answer to the button."""
        row = self.get_object(request, object_id) if deed == "rotate" else None
        if row is None or not self.has_view_permission(request, row):
            return super().deed_view(request, object_id, deed)
        try:
            token, text = tokens.rotate(row.campaign, row.pk, actor=scope_of(request).actor)
        except Refusal as refusal:
            self.message_user(request, words(refusal), messages.ERROR)
            return HttpResponseRedirect(self.after_deed(request, row))
        return self._shown_once(request, token, text)

    def _shown_once(self, request: HttpRequest, token: CampaignToken, text: str) -> HttpResponse:
        """The text goes straight into the answer: kept nowhere, not in the session either."""
        overlay = addresses(request, token.campaign.slug)[1]["url"] if token.kind == TokenKind.OVERLAY else ""
        context = {
            **self.admin_site.each_context(request),
            "title": "Your new token",
            "subtitle": None,
            "opts": self.opts,
            "token": token,
            "text": text,
            "overlay_address": f"{overlay}#key={text}" if overlay else "",
            "list_url": f"{self.address(request, 'changelist')}?campaign={token.campaign_id}",
        }
        request.current_app = self.admin_site.name
        return TemplateResponse(request, "admin/campaigns/campaigntoken/issued.html", context)
