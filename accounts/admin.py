"""The back office of people: for site administrators only. GMs meet people as members of their campaigns."""

from copy import copy
from functools import partial
from typing import Any, ClassVar

from django.contrib import admin
from django.contrib.auth import admin as auth_admin
from django.contrib.auth import forms as auth_forms
from django.contrib.auth.models import Group
from django.http import HttpRequest
from social_django.models import Association, Nonce, UserSocialAuth

from accounts.actors import Actor
from accounts.models import User
from accounts.operations import people
from contract.refusals import Invalid


def _actor(request: HttpRequest) -> Actor:
    user = request.user if isinstance(request.user, User) else None
    return Actor(user=user, via="admin", request_id=getattr(request, "request_id", ""))


class PersonForm(auth_forms.UserChangeForm):
    class Meta:
        model = User
        fields: ClassVar = ["password", *people.EDITABLE]

    @property
    def refused(self) -> Invalid | None:
        return getattr(self, "_refused", None)

    def _post_clean(self) -> None:
        super()._post_clean()  # type: ignore[misc]
        for name, message in self.refused.details if self.refused else ():
            self.add_error(name, message)


class NewPersonForm(auth_forms.AdminUserCreationForm):
    class Meta:
        model = User
        fields: ClassVar = ["username"]


class PasswordForm(auth_forms.AdminPasswordChangeForm):
    """Django's form for somebody else's password, written by the operation."""

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.actor = actor

    def save(self, commit: bool = True) -> User:
        password = self.cleaned_data["password1"] if self.cleaned_data["set_usable_password"] else None
        return people.set_password(self.user, password, actor=self.actor)


admin.site.unregister(Group)  # rights follow from campaigns, not from groups
admin.site.unregister([UserSocialAuth, Association, Nonce])  # people connect and disconnect by themselves


@admin.register(User)
class UserAdmin(auth_admin.UserAdmin):
    form = PersonForm
    add_form = NewPersonForm
    list_display = ("username", "display_name", "email", "role", "is_staff", "is_superuser", "is_active", "last_login")
    list_filter = ("role", "is_staff", "is_superuser", "is_active")
    search_fields = ("username", "display_name")
    filter_horizontal = ()
    list_per_page = 50
    show_full_result_count = False
    show_facets = admin.ShowFacets.NEVER
    readonly_fields = ("last_login", "date_joined")
    fieldsets = (
        (None, {"fields": ("username", "password", "display_name", "email")}),
        ("What they may do", {"fields": ("role", "is_active", "is_staff", "is_superuser")}),
        ("Dates", {"fields": ("last_login", "date_joined")}),
    )

    def _may(self, request: HttpRequest) -> bool:
        return bool(request.user.is_active and request.user.is_superuser)

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self._may(request)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self._may(request)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return self._may(request)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self._may(request)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """People are locked out, not deleted: campaigns and ledger entries are theirs."""
        return False

    def user_change_password(self, request: HttpRequest, id: str, form_url: str = "") -> Any:
        told = copy(self)  # of this request alone: the form has to know who changes the password
        told.change_password_form = partial(PasswordForm, actor=_actor(request))
        return super(UserAdmin, told).user_change_password(request, id, form_url)

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        form: Any = super().get_form(request, obj, change=change, **kwargs)
        form._refused = getattr(request, "_refused", None)
        return form

    def changeform_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        try:
            return super().changeform_view(request, *args, **kwargs)
        except Invalid as refused:
            request._refused = refused  # type: ignore[attr-defined]
            return super().changeform_view(request, *args, **kwargs)

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        if change:
            changes = {name: form.cleaned_data[name] for name in form.changed_data if name in people.EDITABLE}
            stored = User.objects.get(pk=obj.pk)
            people.update(stored, changes, actor=_actor(request))
            return
        usable = form.cleaned_data["set_usable_password"]
        password = form.cleaned_data["password1"] if usable else None
        obj.pk = people.create(obj.username, password, actor=_actor(request)).pk
        obj._state.adding = False

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """An account has no related rows here; groups are not used."""
