"""What people fill in about themselves."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.contrib.auth import forms as auth_forms
from django.contrib.auth import password_validation
from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from accounts import usernames
from accounts.models import Preferences, User
from accounts.models.people import Theme
from accounts.operations import two_factor
from accounts.sealed import blind_index
from contract import text

REQUIRED = "Fill this in."
NOT_YOURS = "That is not your password. Type it again."


class Styled:
    """Fields as the design system draws them (templates/accounts/_field.html)."""

    fields: dict[str, forms.Field]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.error_messages["required"] = REQUIRED
            if not isinstance(field.widget, forms.CheckboxInput | forms.RadioSelect):
                field.widget.attrs.setdefault("class", "input")


def new_password_field(label: str = "Password") -> forms.CharField:
    widget = forms.PasswordInput(attrs={"autocomplete": "new-password"})
    hint = "At least 10 characters. A sentence is easier to remember than a riddle."
    return forms.CharField(label=label, strip=False, widget=widget, max_length=1000, help_text=hint)


def current_password_field() -> forms.CharField:
    widget = forms.PasswordInput(attrs={"autocomplete": "current-password"})
    return forms.CharField(label="Your password now", strip=False, widget=widget, max_length=1000)


def email_field(hint: str) -> forms.CharField:
    widget = forms.EmailInput(attrs={"autocomplete": "email", "spellcheck": "false"})
    return forms.CharField(label="E-mail address", required=False, widget=widget, max_length=254, help_text=hint)


def cleaned_email(value: str) -> str:
    """Raises ValidationError. Its own words would quote nothing useful."""
    if value:
        try:
            validate_email(value)
        except ValidationError as error:
            raise ValidationError("This is not a complete e-mail address, such as you@example.org.") from error
    return value


class SignInForm(Styled, auth_forms.AuthenticationForm):
    error_messages = {
        "invalid_login": "User name and password do not go together. Capitals count in both.",
        "inactive": "User name and password do not go together. Capitals count in both.",
    }

    def clean_username(self) -> str:
        return self.cleaned_data["username"].replace("\x00", "")


class SignUpForm(Styled, forms.Form):
    username = forms.CharField(
        label="User name",
        max_length=usernames.LONGEST,
        help_text=usernames.RULE,
        widget=forms.TextInput(attrs={"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false"}),
    )
    password = new_password_field()
    email = email_field("Only for a new password when you have lost yours. You may leave it empty.")

    def clean_username(self) -> str:
        try:
            return usernames.check(self.cleaned_data["username"])
        except usernames.NotUsable as error:
            raise ValidationError(str(error)) from error

    def clean_email(self) -> str:
        return cleaned_email(self.cleaned_data["email"])

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if "password" in cleaned:
            person = User(username=cleaned.get("username", ""), email=cleaned.get("email", ""))
            _refuse_weak(self, "password", cleaned["password"], person)
        return cleaned


class OwnPassword:
    """Asks for the password now, where there is one: an open session alone does not change how one signs in."""

    user: User
    fields: dict[str, forms.Field]
    cleaned_data: dict[str, Any]

    def __init__(self, user: User, *args: Any, **kwargs: Any) -> None:
        self.user = user
        super().__init__(*args, **kwargs)
        if not user.has_usable_password():
            self.fields.pop("current_password", None)

    def clean_current_password(self) -> str:
        typed: str = self.cleaned_data["current_password"]
        if not self.user.check_password(typed):
            raise ValidationError(NOT_YOURS)
        return typed


class PasswordForm(OwnPassword, Styled, forms.Form):
    current_password = current_password_field()
    new_password = new_password_field("New password")

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if "new_password" in cleaned:
            _refuse_weak(self, "new_password", cleaned["new_password"], self.user)
        return cleaned


class NewPasswordForm(Styled, forms.Form):
    """After a link from an e-mail. `user` comes from the link."""

    new_password = new_password_field("New password")

    def __init__(self, user: User, *args: Any, **kwargs: Any) -> None:
        self.user = user
        super().__init__(*args, **kwargs)

    def clean_new_password(self) -> str:
        typed: str = self.cleaned_data["new_password"]
        password_validation.validate_password(typed, self.user)
        return typed


class EmailForm(OwnPassword, Styled, forms.Form):
    current_password = current_password_field()
    email = email_field("Kept sealed, shown to nobody, used for nothing but a new password. Empty removes it.")

    def clean_email(self) -> str:
        return cleaned_email(self.cleaned_data["email"])


class LostPasswordForm(Styled, forms.Form):
    email = email_field("The one that you gave to your account.")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["email"].required = True

    def clean_email(self) -> str:
        return cleaned_email(self.cleaned_data["email"])

    def index(self) -> str:
        return blind_index(self.cleaned_data["email"])


class ProfileForm(Styled, forms.Form):
    display_name = forms.CharField(
        label="Name shown to others",
        required=False,
        max_length=80,
        help_text="Empty: your user name.",
        widget=forms.TextInput(attrs={"autocomplete": "nickname"}),
    )

    def clean_display_name(self) -> str:
        try:
            return text.clean(self.cleaned_data["display_name"], max_length=80)
        except text.TextRefused as error:
            raise ValidationError(str(error)) from error


def _refuse_weak(form: forms.Form, field: str, password: str, user: User) -> None:
    try:
        password_validation.validate_password(password, user)
    except ValidationError as error:
        form.add_error(field, error)


def width_field(label: str) -> forms.IntegerField:
    widget = forms.NumberInput(attrs={"inputmode": "numeric"})
    return forms.IntegerField(label=label, min_value=10, max_value=70, widget=widget)


class PreferencesForm(Styled, forms.Form):
    theme = forms.ChoiceField(label="Colours", choices=Theme.choices)
    hp_animation = forms.BooleanField(label="Bars of hit points move when they change", required=False)
    above_0 = width_field("Left")
    above_1 = width_field("Middle")
    above_2 = width_field("Right")
    below_0 = width_field("Left")
    below_1 = width_field("Middle")
    below_2 = width_field("Right")
    forget_heights = forms.BooleanField(label="Forget the heights of text areas that I have dragged", required=False)

    @staticmethod
    def filled_with(found: Preferences) -> dict[str, Any]:
        widths = {
            f"{place}_{index}": width
            for place in ("above", "below")
            for index, width in enumerate(getattr(found, f"column_widths_{place}"))
        }
        return {"theme": found.theme, "hp_animation": found.hp_animation, **widths}

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        for place in ("above", "below"):
            widths = [cleaned.get(f"{place}_{index}") for index in range(3)]
            total = sum(width for width in widths if width is not None)
            if None not in widths and total != 100:
                self.add_error(f"{place}_2", f"The three widths make {total} together. Make them 100.")
        return cleaned

    def changes(self, remembered: Mapping[str, int] | None = None) -> dict[str, Any]:
        """As the operation takes them; `remembered` heights are forgotten where the person asks for it."""
        named = self.cleaned_data
        heights = dict.fromkeys(remembered or {}) if named["forget_heights"] else {}
        return {
            "theme": named["theme"],
            "hp_animation": named["hp_animation"],
            "column_widths_above": [named[f"above_{index}"] for index in range(3)],
            "column_widths_below": [named[f"below_{index}"] for index in range(3)],
            "textarea_heights": heights,
        }


class CodeForm(Styled, forms.Form):
    code = forms.CharField(
        label="Code",
        max_length=40,
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "inputmode": "text", "spellcheck": "false"}),
    )


class SwitchOffForm(OwnPassword, CodeForm):
    """Both: who found an open session has neither."""

    current_password = current_password_field()

    def clean_code(self) -> str:
        typed: str = self.cleaned_data["code"]
        if not two_factor.check(self.user, typed):
            raise ValidationError("This code does not fit. A recovery code works too.")
        return typed


class DepartureForm(OwnPassword, Styled, forms.Form):
    username = forms.CharField(
        label="Your user name, as a signature",
        max_length=150,
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"}),
    )
    current_password = current_password_field()

    def clean_username(self) -> str:
        typed: str = self.cleaned_data["username"]
        if typed != self.user.username:
            raise ValidationError(f"Type {self.user.username} to say that you mean it.")
        return typed
