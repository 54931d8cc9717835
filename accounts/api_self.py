"""REST endpoints about oneself."""

from typing import Any

from django.http.response import HttpResponseBase
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from accounts import appearance, scopes
from accounts.endpoint import Endpoint
from accounts.models import User
from accounts.operations import people, preferences
from accounts.serializers import (
    PersonPatchSerializer,
    PersonSerializer,
    PreferencesPatchSerializer,
    PreferencesSerializer,
)
from contract.refusals import NotAllowed, NotSignedIn


class SelfEndpoint(Endpoint):
    """For whoever acts as a person; the token of a campaign is nobody."""

    read_scope = scopes.PROFILE_READ
    write_scope = scopes.PROFILE_WRITE
    person: User

    def find(self) -> None:
        if self.actor.is_anonymous:
            raise NotSignedIn
        if self.actor.user is None:
            raise NotAllowed("A token speaks for one campaign, not for a person.", code="insufficient_scope")
        self.person = self.actor.user


class Me(SelfEndpoint):
    @extend_schema(responses=PersonSerializer)
    def get(self, request: Request) -> HttpResponseBase:
        return self.answer(lambda: PersonSerializer(self.person).data, PersonSerializer(self.person).data)

    @extend_schema(request=PersonPatchSerializer, responses=PersonSerializer)
    def patch(self, request: Request) -> Response:
        changes = self.body(PersonPatchSerializer, partial=True)
        if changes:
            people.update(self.person, changes, actor=self.actor)
        return Response(PersonSerializer(self.person).data)


class OwnPreferences(SelfEndpoint):
    @extend_schema(responses=PreferencesSerializer)
    def get(self, request: Request) -> HttpResponseBase:
        shown = self._shown(preferences.of(self.person))
        return self.answer(lambda: shown, shown)

    @extend_schema(request=PreferencesPatchSerializer, responses=PreferencesSerializer)
    def patch(self, request: Request) -> Response:
        changed = preferences.update(self.person, self.body(PreferencesPatchSerializer, partial=True), actor=self.actor)
        response = Response(self._shown(changed))
        if self.actor.via == "session":
            appearance.write_cookie(response, changed.theme)
        return response

    def _shown(self, found: Any) -> Any:
        return PreferencesSerializer(found).data
