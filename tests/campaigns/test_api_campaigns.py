import uuid
from typing import Any

import pytest

from campaigns.models import Campaign, Event, Member, Role
from tests.actors import api_as
from tests.api_client import Api, fields
from tests.factories import Table, a_campaign, a_private_campaign, a_user

pytestmark = pytest.mark.django_db


class TestReading:
    def test_by_slug_and_by_id(self, table: Table, anybody: Api, here: str) -> None:
        by_slug, by_id = anybody.get(here), anybody.get(f"/campaigns/{table.campaign.pk}")
        assert by_slug.json() == by_id.json()
        assert by_slug.json()["name"] == table.campaign.name

    def test_viewers_learn_neither_owner_nor_settings(self, gm: Api, anybody: Api, here: str) -> None:
        assert gm.get(here).json().keys() - anybody.get(here).json().keys() == {"owner", "settings"}
        assert gm.get(here).json()["settings"]["viewer_delay"] == 0

    def test_in_a_list_only_the_own_are_shown_whole(self, table: Table, gm: Api) -> None:
        rows = {row["slug"]: row for row in gm.get("/campaigns").json()["results"]}
        assert "settings" in rows[table.campaign.slug]
        assert "settings" not in rows[table.rival_campaign.slug]

    @pytest.mark.parametrize(
        ("query", "found"),
        [
            ({}, ["Ashen Court", "Bright Harbour", "Cold Iron"]),
            ({"ordering": "-name"}, ["Cold Iron", "Bright Harbour", "Ashen Court"]),
            ({"ordering": "-created_at"}, ["Ashen Court", "Cold Iron", "Bright Harbour"]),
            ({"search": "HARB"}, ["Bright Harbour"]),
            ({"search": "gulls"}, ["Bright Harbour"]),
            ({"search": "%"}, []),
            ({"game_system": "vampire"}, ["Ashen Court"]),
            ({"visibility": "unlisted"}, []),
            ({"page_size": "2", "page": "2"}, ["Cold Iron"]),
        ],
    )
    def test_filters(self, anybody: Api, query: dict[str, str], found: list[str]) -> None:
        a_campaign(name="Bright Harbour", description="Salt, gulls and debts.")
        a_campaign(name="Cold Iron")
        a_campaign(name="Ashen Court", game_system="Vampire")
        a_private_campaign(name="Unseen")
        assert [row["name"] for row in anybody.get("/campaigns", query).json()["results"]] == found

    def test_own_ones_by_visibility(self) -> None:
        owner = a_user()
        a_private_campaign(owner=owner, name="Mine")
        a_campaign(owner=owner, name="For all")
        found = Api(user=owner).get("/campaigns", {"visibility": "private"}).json()["results"]
        assert [row["name"] for row in found] == ["Mine"]

    def test_a_page_names_its_neighbours(self, anybody: Api) -> None:
        for _ in range(3):
            a_campaign()
        page = anybody.get("/campaigns", {"page": "2", "page_size": "1"}).json()
        assert page["count"] == 3
        assert page["next"] == "http://testserver/api/v1/campaigns?page=3&page_size=1"
        assert page["previous"] == "http://testserver/api/v1/campaigns?page=1&page_size=1"

    def test_one_number_of_queries(self, django_assert_num_queries: Any) -> None:
        owner = a_user()
        api = Api(user=owner)
        a_campaign(owner=owner)
        with django_assert_num_queries(7):  # session, user, state, count, rows, their owners, which of them are the own
            assert api.get("/campaigns").json()["count"] == 1
        for _ in range(99):
            a_campaign(owner=owner)
        with django_assert_num_queries(7):
            assert len(api.get("/campaigns", {"page_size": "100"}).json()["results"]) == 100


class TestCreating:
    def test_the_creator_becomes_its_gm(self, anybody: Api) -> None:
        user = a_user()
        made = Api(user=user).post("/campaigns", {"name": "The Drowned Bells", "visibility": "private"})
        campaign = Campaign.objects.get(pk=made.json()["id"])
        assert (made.status_code, campaign.slug, campaign.owner) == (201, "the-drowned-bells", user)
        assert Member.objects.get(campaign=campaign, user=user).role == Role.GM
        user.refresh_from_db()
        assert user.is_staff

    def test_a_slug_made_from_a_taken_name_is_numbered(self) -> None:
        api = Api(user=a_user())
        slugs = [api.post("/campaigns", {"name": "Low Tide!"}).json()["slug"] for _ in range(3)]
        assert slugs == ["low-tide", "low-tide-2", "low-tide-3"]

    def test_a_name_without_latin_letters_still_gets_a_slug(self) -> None:
        assert Api(user=a_user()).post("/campaigns", {"name": "東の海"}).json()["slug"] == "campaign"

    @pytest.mark.parametrize(
        ("body", "failing"),
        [
            ({}, {"name"}),
            ({"name": "   "}, {"name"}),
            ({"name": 5, "visibility": "open", "slug": "No Spaces"}, {"name", "visibility", "slug"}),
            ({"name": "x" * 121}, {"name"}),
            ({"name": "A", "owner": "me", "seq": 3, "id": 1}, {"owner", "seq", "id"}),
            ({"name": "A", "theme": {"accent": "red", "preset": ["crypt"]}}, {"theme.accent", "theme.preset"}),
            ({"name": "A", "settings": {"viewer_delay": 601}}, {"settings.viewer_delay"}),
            ({"name": "A", "slug": str(uuid.uuid4())}, {"slug"}),
        ],
    )
    def test_refused_with_every_failing_field(self, body: dict[str, Any], failing: set[str]) -> None:
        refused = Api(user=a_user()).post("/campaigns", body)
        assert refused.status_code == 422
        assert fields(refused).keys() == failing

    def test_a_taken_slug(self, table: Table, gm: Api) -> None:
        refused = gm.post("/campaigns", {"name": "A", "slug": table.campaign.slug})
        assert fields(refused) == {"slug": "This address is taken; choose another."}


class TestChanging:
    def test_only_what_is_sent_changes(self, table: Table, gm: Api, here: str) -> None:
        changed = gm.patch(here, {"description": "By night.", "theme": {"accent": "#112233"}}).json()
        assert (changed["description"], changed["theme"], changed["name"]) == (
            "By night.",
            {"accent": "#112233"},
            table.campaign.name,
        )
        assert Event.objects.filter(campaign=table.campaign).latest("seq").type == "campaign_updated"

    def test_settings_and_theme_merge_and_null_removes(self, gm: Api, here: str) -> None:
        gm.patch(here, {"theme": {"accent": "#112233", "hp": "#445566"}, "settings": {"viewer_delay": 30}})
        changed = gm.patch(here, {"theme": {"accent": None}, "settings": {"low_power": True}}).json()
        assert changed["theme"] == {"hp": "#445566"}
        assert changed["settings"] == {
            "viewer_delay": 30,
            "low_power": True,
            "players_change_live": False,
            "episode_with_stream": False,
        }

    def test_disjoint_changes_on_one_version_both_win(self, gm: Api, here: str) -> None:
        seen = gm.get(here).json()["version"]
        assert gm.patch(here, {"description": "One.", "version": seen}).status_code == 200
        assert gm.patch(here, {"game_system": "V5", "version": seen}).json()["description"] == "One."

    def test_the_same_field_on_a_stale_version_is_a_conflict(self, gm: Api, here: str) -> None:
        seen = gm.get(here).json()["version"]
        gm.patch(here, {"description": "One."})
        refused = gm.patch(here, {"description": "Two.", "version": seen})
        assert refused.status_code == 409
        assert refused.json()["current"] == {"version": seen + 1, "description": "One."}
        assert gm.patch(here, {"description": "Two."}).status_code == 200

    def test_read_only_fields_are_refused(self, gm: Api, here: str) -> None:
        refused = gm.patch(here, {"id": str(uuid.uuid4()), "owner": "x", "created_at": "now", "campaign": 1})
        assert fields(refused).keys() == {"id", "owner", "created_at", "campaign"}

    def test_deleted_with_all_that_belongs_to_it(self, table: Table, gm: Api, here: str) -> None:
        assert gm.delete(here).status_code == 204
        assert gm.get(here).status_code == 404
        assert not Event.objects.filter(campaign_id=table.campaign.pk).exists()
        assert Campaign.objects.filter(pk=table.rival_campaign.pk).exists()


class TestConditionalReads:
    @pytest.mark.parametrize("path", ["", "/characters", "/roster", "/layout", "/events", "/episodes", "/live"])
    def test_what_is_known_costs_one_query(
        self, anybody: Api, here: str, path: str, django_assert_num_queries: Any
    ) -> None:
        tag = anybody.get(f"{here}{path}").headers["ETag"]
        with django_assert_num_queries(1):
            again = anybody.get(f"{here}{path}", If_None_Match=tag)
        assert (again.status_code, again.content, again.headers["ETag"]) == (304, b"", tag)

    def test_the_list_too(self, anybody: Api, table: Table, django_assert_num_queries: Any) -> None:
        tag = anybody.get("/campaigns").headers["ETag"]
        with django_assert_num_queries(1):
            assert anybody.get("/campaigns", If_None_Match=tag).status_code == 304

    @pytest.mark.parametrize(
        ("method", "path", "body"),
        [
            ("PATCH", "", {"name": "Renamed"}),
            ("POST", "/characters", {"name": "Corvin"}),
            ("PATCH", "/layout/large", {"card": {"ac": False}}),
            ("PATCH", "/roster", {"character_ids": []}),
            ("POST", "/episodes", {"title": "Planned"}),
        ],
    )
    def test_every_change_makes_a_new_one(
        self, gm: Api, anybody: Api, here: str, method: str, path: str, body: dict[str, Any]
    ) -> None:
        readable = f"{here}{path}"
        before = anybody.get(readable).headers["ETag"]
        assert gm.send(method, readable, body).status_code < 300
        after = anybody.get(readable, If_None_Match=before)
        assert after.status_code == 200
        assert after.headers["ETag"] != before

    def test_audiences_never_share_one(self, gm: Api, anybody: Api, here: str) -> None:
        for path in (here, f"{here}/live", f"{here}/characters"):
            assert gm.get(path, If_None_Match=anybody.get(path).headers["ETag"]).status_code == 200
        assert "Cookie" in gm.get(here).headers["Vary"]

    def test_who_sees_more_or_less_than_before_is_answered_anew(self, table: Table, here: str) -> None:
        player = api_as(table, "player")
        known = player.get(here).headers["ETag"]
        assert player.get(here, If_None_Match=known).status_code == 304
        Member.objects.filter(campaign=table.campaign, user=table.player).update(role=Role.GM)
        assert player.get(here, If_None_Match=known).status_code == 200

    def test_what_only_members_see_is_kept_by_no_proxy(self, table: Table, gm: Api, anybody: Api, here: str) -> None:
        assert gm.get(here).headers["Cache-Control"] == "private, no-cache"
        assert anybody.get(here).headers["Cache-Control"] == "public, no-cache"


class TestMembers:
    def test_added_changed_and_removed(self, table: Table, gm: Api, here: str) -> None:
        added = gm.post(f"{here}/members", {"username": table.stranger.username})
        assert (added.status_code, added.json()["role"]) == (201, "player")
        assert gm.post(f"{here}/members", {"username": table.stranger.username, "role": "gm"}).json()["role"] == "gm"
        assert api_as(table, "stranger").patch(here, {"description": "Me too."}).status_code == 200
        assert gm.delete(f"{here}/members/{table.stranger.pk}").status_code == 204
        assert api_as(table, "stranger").patch(here, {"description": "No more."}).status_code == 403

    def test_listed_without_addresses(self, table: Table, gm: Api, here: str) -> None:
        rows = gm.get(f"{here}/members").json()["results"]
        assert {(row["username"], row["role"]) for row in rows} == {
            (table.gm.username, "gm"),
            (table.player.username, "player"),
            (table.viewer.username, "viewer"),
        }
        assert rows[0].keys() == {"user_id", "username", "display_name", "role", "created_at"}

    def test_the_owner_stays(self, table: Table, gm: Api, here: str) -> None:
        assert fields(gm.delete(f"{here}/members/{table.gm.pk}")).keys() == {"user"}
        refused = gm.post(f"{here}/members", {"username": table.gm.username, "role": "viewer"})
        assert fields(refused).keys() == {"role"}

    def test_nobody_of_that_name(self, gm: Api, here: str) -> None:
        assert fields(gm.post(f"{here}/members", {"username": "no one", "role": "lord"})).keys() == {"role"}
        assert fields(gm.post(f"{here}/members", {"username": "no one"})).keys() == {"username"}
        assert gm.delete(f"{here}/members/{uuid.uuid4()}").status_code == 404


class TestTokens:
    def test_shown_once_and_then_only_hinted_at(self, table: Table, gm: Api, here: str) -> None:
        made = gm.post(f"{here}/tokens", {"kind": "control", "name": "Stream Deck"}).json()
        assert Api(token=made["token"]).patch(here, {"description": "Pressed."}).status_code == 200
        rows = {row["id"]: row for row in gm.get(f"{here}/tokens").json()["results"]}
        assert made["token"] not in str(rows)
        assert rows[made["id"]]["last_used_at"] is not None

    def test_revoked_at_once(self, table: Table, gm: Api, here: str) -> None:
        made = gm.post(f"{here}/tokens", {"kind": "control", "name": "Stream Deck"}).json()
        assert gm.delete(f"{here}/tokens/{made['id']}").status_code == 204
        assert Api(token=made["token"]).get(here).status_code == 401
        assert gm.delete(f"{here}/tokens/{made['id']}").status_code == 204  # stays revoked
        assert gm.delete(f"{here}/tokens/{uuid.uuid4()}").status_code == 404

    def test_of_another_campaign_is_not_found(self, table: Table, gm: Api, here: str) -> None:
        foreign = table.rival_campaign.tokens.get()
        assert gm.delete(f"{here}/tokens/{foreign.pk}").status_code == 404
        foreign.refresh_from_db()
        assert foreign.revoked_at is None

    @pytest.mark.parametrize(
        ("body", "failing"),
        [
            ({}, {"kind", "name"}),
            ({"kind": "master", "name": ""}, {"kind", "name"}),
            ({"kind": "read", "name": "Bot", "expires_at": "2020-01-01T00:00:00Z"}, {"expires_at"}),
            ({"kind": "read", "name": "Bot", "expires_at": "tomorrow"}, {"expires_at"}),
        ],
    )
    def test_refused(self, gm: Api, here: str, body: dict[str, Any], failing: set[str]) -> None:
        assert fields(gm.post(f"{here}/tokens", body)).keys() == failing
