"""The members of a campaign, as rows of its page."""

from typing import Any, ClassVar
from uuid import UUID

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest

from accounts.models import User
from campaigns.backoffice.admins import told
from campaigns.backoffice.forms import OperationForm
from campaigns.backoffice.inlines import OwnInline
from campaigns.models import Campaign, Member
from contract.refusals import Refusal


class MemberForm(OperationForm):
    """`person` is asked for by user name: nobody can leaf through the people of the whole site."""

    paths: ClassVar[dict[str, str]] = {"person": "user", "role": "role"}

    person = forms.CharField(
        label="User name",
        max_length=150,
        widget=forms.TextInput(
            attrs={"aria-label": "User name", "autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"}
        ),
    )

    class Meta:
        model = Member
        fields: ClassVar = ["role"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["role"].widget.attrs["aria-label"] = "Role"  # a row of a table has no labels of its own
        if not self.instance._state.adding:
            self.fields["person"].disabled = True
            self.initial["person"] = self.instance.user.get_username()

    def clean_person(self) -> User:
        if not self.instance._state.adding:
            return self.instance.user
        name = self.cleaned_data["person"].strip()
        user = User.objects.filter(username=name, is_active=True).first()
        if user is None:
            raise ValidationError("Nobody here has this user name. Ask the person how it is written.")
        self.instance.user = user  # the history names it
        return user

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        user = cleaned.get("person")
        if self.instance._state.adding and user and Member.objects.filter(campaign=self.campaign, user=user).exists():
            self.add_error("person", "This person is a member already.")
        return cleaned

    @property
    def campaign(self) -> Campaign:
        return self.instance.campaign


class MemberFormSet(forms.BaseInlineFormSet):
    refusal: Refusal | None = None
    refused_prefix: str | None = None

    def add_fields(self, form: Any, index: int | None) -> None:
        super().add_fields(form, index)
        if "DELETE" in form.fields:
            form.fields["DELETE"].widget.attrs["aria-label"] = f"Remove {form.initial.get('person', 'this row')}"

    def clean(self) -> None:
        super().clean()
        for form in self.deleted_forms:  # the errors of a form that is to go are not shown
            if self.refusal is not None and form.prefix == self.refused_prefix:
                raise ValidationError([message for _field, message in self.refusal.details] or [self.refusal.message])


class MemberInline(OwnInline):
    model = Member
    form = MemberForm
    formset = MemberFormSet
    fields = ("person", "role")
    extra = 0
    verbose_name = "member"

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        return super().get_queryset(request).select_related("user", "campaign").order_by("role", "created_at")

    def get_formset(self, request: HttpRequest, obj: Any = None, **kwargs: Any) -> Any:
        formset = super().get_formset(request, obj, **kwargs)
        told(formset.form, request)
        return told(formset, request)

    def campaign_of(self, obj: Any) -> UUID:
        found: UUID = obj.pk
        return found
