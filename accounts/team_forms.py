"""What the pages of teams and invitations ask for."""

from datetime import timedelta
from typing import Any

from django import forms
from django.utils import timezone

from accounts import invitations, queries
from accounts.models import TeamRole, User

DAYS = [("1", "1 day"), ("7", "7 days"), ("30", "30 days"), ("90", "90 days")]
USES = [("1", "One person"), ("5", "Five people"), ("20", "Twenty people"), ("", "Anybody who has it")]
LOOK = {"class": "input"}


class TeamForm(forms.Form):
    name = forms.CharField(
        label="Name of the team", max_length=80, widget=forms.TextInput(attrs={**LOOK, "autocomplete": "off"})
    )


class InvitationForm(forms.Form):
    """By link, or to one person by user name. Subclasses set the choices of `role`."""

    role = forms.ChoiceField(label="As", widget=forms.Select(attrs=LOOK))
    username = forms.CharField(
        label="User name, for one person only",
        required=False,
        max_length=150,
        widget=forms.TextInput(attrs={**LOOK, "autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"}),
        help_text="Leave it empty for a link that you send yourself.",
    )
    uses = forms.ChoiceField(
        label="Good for", required=False, choices=USES, initial="1", widget=forms.Select(attrs=LOOK)
    )
    days = forms.ChoiceField(label="Valid for", choices=DAYS, initial="7", widget=forms.Select(attrs=LOOK))
    roles: Any = ()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        role: Any = self.fields["role"]
        role.choices = self.roles

    def clean_username(self) -> User | None:
        name = self.cleaned_data["username"].strip()
        if not name:
            return None
        user = queries.person(name)
        if user is None:
            raise forms.ValidationError("Nobody here has this user name. Ask the person how it is written.")
        return user

    def wanted(self) -> dict[str, Any]:
        """The arguments of the operation."""
        data = self.cleaned_data
        return {
            "invited": data["username"],
            "uses": int(data["uses"]) if data["uses"] else None,
            "expires_at": timezone.now() + timedelta(days=int(data["days"])),
        }


class TeamInvitationForm(InvitationForm):
    roles = [(TeamRole.VIEWER, "Viewer: sees"), (TeamRole.EDITOR, "Editor: changes"), (TeamRole.OWNER, "Owner: all")]


class RoleForm(forms.Form):
    role = forms.ChoiceField(choices=TeamRole.choices)


class CodeForm(forms.Form):
    token = forms.CharField(
        label="Invitation",
        max_length=200,
        widget=forms.TextInput(
            attrs={**LOOK, "autocomplete": "off", "autocapitalize": "none", "spellcheck": "false", "inputmode": "text"}
        ),
        help_text="The link that somebody sent you, or the code at its end.",
    )

    def clean_token(self) -> str:
        """A whole link will do: the code is behind its #."""
        text: str = self.cleaned_data["token"].strip().rpartition("#")[2]
        invitations.kind_of(text)
        return text
