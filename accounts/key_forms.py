"""What the page of API keys asks for."""

from datetime import datetime, timedelta

from django import forms
from django.utils import timezone

from accounts import scopes
from accounts.models import ApiKey

DAYS = [("30", "30 days"), ("90", "90 days"), ("365", "A year"), ("", "Until I revoke it")]


class KeyForm(forms.Form):
    name = forms.CharField(
        label="Name",
        max_length=ApiKey._meta.get_field("name").max_length,
        help_text="What will use it: Stream Deck, chat bot.",
        widget=forms.TextInput(attrs={"class": "input", "autocomplete": "off"}),
    )
    scopes = forms.MultipleChoiceField(
        label="It may",
        choices=list(scopes.DESCRIPTIONS.items()),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Choose at least one."},
    )
    days = forms.ChoiceField(
        label="Valid for", required=False, choices=DAYS, initial="90", widget=forms.Select(attrs={"class": "input"})
    )

    @property
    def expires_at(self) -> datetime | None:
        days = self.cleaned_data["days"]
        return timezone.now() + timedelta(days=int(days)) if days else None
