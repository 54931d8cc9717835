"""What characters are to each other: told to whom, kept how, and what becomes of it when one of them goes."""

from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.actors import SYSTEM
from accounts.models import AuditEntry
from campaigns.documents import MOST_DELAY
from campaigns.models import Event
from campaigns.operations import campaigns, episodes, undo
from characters import queries
from characters.models import Character, EarlierRelationship, Relationship
from characters.operations import lifecycle, relationships
from characters.ties import grouped
from contract.refusals import Invalid, NotVisible
from tests.api_client import Api, fields
from tests.back_office import edit, signed_in, url
from tests.factories import Table, a_campaign, a_character, an_episode

pytestmark = pytest.mark.django_db

BY: dict[str, Any] = {"actor": SYSTEM}


def tie(source: Character, target: Character, words: str = "Sworn to protect", **more: Any) -> Relationship:
    return relationships.add(source.campaign_id, source.pk, target.pk, words=words, **more, **BY)


def page(client: Client, hero: Character) -> Any:
    return client.get(f"/campaigns/{hero.campaign.slug}/characters/{hero.pk}")


@pytest.fixture
def bram(table: Table) -> Character:
    return a_character(table.campaign, name="Bram Oakhollow")


# --- how they are grouped: no database ---


def row(source: str, target: str, words: str, since: int | None = None, *, published: bool = True) -> dict[str, Any]:
    return {
        "source_id": source,
        "target_id": target,
        "words": words,
        "note": "",
        "since__number": since,
        "since__published": published,
    }


def document(id_: str, **more: Any) -> dict[str, Any]:
    return {"id": id_, "name": id_.title(), "status": "active", "crest_url": f"/crests/{id_}.svg", **more}


def test_each_of_the_others_is_listed_once_with_both_directions() -> None:
    known = {name: document(name) for name in ("bram", "quill")} | {"orr": document("orr", status="dead")}
    rows = [
        row("isaura", "quill", "Owes her a name", 3),
        row("orr", "isaura", "Taught her the whistle", 8, published=False),
        row("quill", "isaura", "Keeps her secret"),
        row("isaura", "nobody viewers know", "Fears"),
    ]

    found = grouped("isaura", rows, known)

    assert [(one["id"], one["status"], one["arch"]["state"]) for one in found] == [
        ("quill", "", ""),
        ("orr", "Dead", "dead"),
    ]
    assert found[0]["own"] == {"words": "Owes her a name", "note": "", "since": 3}
    assert found[0]["others"] == {"words": "Keeps her secret", "note": "", "since": None}
    assert found[1]["own"] is None
    assert found[1]["others"] == {"words": "Taught her the whistle", "note": "", "since": None}


# --- operations ---


def test_one_for_each_direction(table: Table, bram: Character) -> None:
    tie(bram, table.hero, "Sworn to protect")
    tie(table.hero, bram, "Finds him exhausting")

    with pytest.raises(Invalid) as refused:
        tie(bram, table.hero, "Sworn to bury")
    assert "Bram Oakhollow has a relationship to Isaura Vane already" in refused.value.details[0][1]
    assert set(Relationship.objects.values_list("words", flat=True)) == {"Sworn to protect", "Finds him exhausting"}


@pytest.mark.parametrize("whose", ["oneself", "another campaign's", "nobody's"])
def test_the_other_end_is_somebody_else_of_the_campaign(table: Table, whose: str) -> None:
    target = {"oneself": table.hero.pk, "another campaign's": table.rival_hero.pk, "nobody's": uuid4()}[whose]
    with pytest.raises(Invalid) as refused:
        relationships.add(table.campaign.pk, table.hero.pk, target, words="Envies", **BY)
    assert [field for field, _ in refused.value.details] == ["to_id"]
    assert not Relationship.objects.exists()


def test_who_begins_it_is_of_the_campaign_too(table: Table) -> None:
    with pytest.raises(NotVisible):
        relationships.add(table.campaign.pk, table.rival_hero.pk, table.hero.pk, words="Envies", **BY)


def test_every_fault_is_told_at_once(table: Table, bram: Character) -> None:
    with pytest.raises(Invalid) as refused:
        tie(bram, table.hero, "x" * 81, since_episode=7)
    assert {field for field, _ in refused.value.details} == {"words", "since_episode"}


def test_so_many_and_no_more(table: Table, bram: Character, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(relationships, "MOST_OF_CHARACTER", 2)
    tie(bram, table.hero)
    tie(table.secret, bram)
    for source, target in ((bram, table.secret), (table.hero, bram)):
        with pytest.raises(Invalid) as refused:
            tie(source, target)
        assert "Bram Oakhollow has 2 relationships" in refused.value.details[0][1]
    tie(table.hero, table.secret)


def test_what_was_changed_stands_in_the_trail(table: Table, bram: Character) -> None:
    an_episode(table.campaign, number=4)
    made = tie(bram, table.hero)
    heads = Event.objects.count()
    relationships.change(table.campaign.pk, made.pk, {"since_episode": 4, "words": "Sworn to protect"}, **BY)
    relationships.change(table.campaign.pk, made.pk, {"since_episode": 4}, **BY)  # nothing new
    relationships.remove(table.campaign.pk, made.pk, **BY)

    told = AuditEntry.objects.filter(subject_id=made.pk).order_by("at")
    assert [entry.action.removeprefix("relationship_") for entry in told] == ["added", "changed", "removed"]
    assert (told[1].before, told[1].after) == ({"since_episode": None}, {"since_episode": 4})
    assert [(entry.before or {}).get("words") for entry in told] == [None, None, "Sworn to protect"]
    assert told[0].subject_name == "Bram Oakhollow → Isaura Vane"
    assert Event.objects.count() == heads


def test_it_goes_and_comes_back_with_the_character(table: Table, bram: Character) -> None:
    an_episode(table.campaign, number=4)
    tie(bram, table.hero, since_episode=4, note="At the long pier.", is_secret=True)
    tie(table.secret, bram, "Waits for")
    tie(table.hero, table.secret, "Does not know")
    before = list(Relationship.objects.order_by("pk").values("pk", "source", "target", "words", "note", "since"))

    lifecycle.delete(bram, **BY)
    assert Relationship.objects.get().words == "Does not know"
    undone = undo.undo(table.campaign.pk, Event.objects.latest("seq").pk, **BY)
    restored = Relationship.objects.order_by("pk").values("pk", "source", "target", "words", "note", "since")
    assert list(restored) == before
    assert Relationship.objects.get(words="Sworn to protect").is_secret

    undo.undo(table.campaign.pk, undone.pk, **BY)
    assert Relationship.objects.count() == 1


def test_it_comes_back_without_what_is_gone_meanwhile(table: Table, bram: Character) -> None:
    episode = an_episode(table.campaign, number=4)
    tie(bram, table.hero, since_episode=4)
    tie(bram, table.secret)
    lifecycle.delete(bram, **BY)
    deletion = Event.objects.latest("seq")
    lifecycle.delete(table.secret, **BY)
    episodes.delete(episode, **BY)

    undo.undo(table.campaign.pk, deletion.pk, **BY)

    assert [(each.target, each.since) for each in Relationship.objects.all()] == [(table.hero, None)]


# --- the page ---


def test_the_page_lists_both_directions(client: Client, table: Table, bram: Character) -> None:
    an_episode(table.campaign, number=4)
    tie(bram, table.hero, "Sworn to protect", since_episode=4, note="<b>At the pier</b>")
    tie(table.hero, bram, "Finds him exhausting")

    shown = page(client, table.hero).content.decode()

    assert f'href="/campaigns/{table.campaign.slug}/characters/{bram.pk}"' in shown
    for words in ("Sworn to protect", "Finds him exhausting", "since episode 4", "&lt;b&gt;At the pier"):
        assert words in shown
    lifecycle.retire(bram, **BY)
    assert [(one["name"], one["status"]) for one in page(client, table.hero).context["ties"]] == [
        ("Bram Oakhollow", "Retired")
    ]


def test_without_any_the_page_says_so(client: Client, table: Table) -> None:
    assert "Nothing is known of what Isaura Vane is to the others." in page(client, table.hero).content.decode()


def test_what_is_secret_never_shows(client: Client, table: Table, bram: Character) -> None:
    tie(bram, table.hero, "Reports her to the harbour master", is_secret=True)
    tie(table.hero, table.secret, "Married to the drowned king")
    tie(table.secret, table.hero, "Waits below for the bride")
    client.force_login(table.gm)  # what viewers see, whoever looks

    shown = page(client, table.hero)

    assert shown.context["ties"] == []
    for words in ("Reports her", "drowned king", "Waits below", "The Pale King", str(table.secret.pk)):
        assert words not in shown.content.decode()


def test_as_many_queries_for_twenty_as_for_one(client: Client, table: Table, bram: Character) -> None:
    def cost() -> int:
        with CaptureQueriesContext(connection) as found:
            assert page(client, table.hero).status_code == 200
        return len(found)

    tie(bram, table.hero)
    page(client, table.hero)
    few = cost()
    for _ in range(10):
        other = a_character(table.campaign)
        tie(table.hero, other)
        tie(other, table.hero)
    assert cost() == few


# --- viewers who are behind the table ---


def words_at(hero: Character, moment: datetime) -> list[str]:
    return [row["words"] for row in queries.relationships_at(hero.pk, moment)]


def test_each_moment_has_the_words_that_viewers_knew_then(table: Table, bram: Character) -> None:
    moments = [timezone.now()]

    def then(_done: Any) -> None:
        moments.append(timezone.now())

    here = table.campaign.pk
    then(made := tie(bram, table.hero))
    then(tie(table.hero, bram, "Finds him exhausting"))
    then(relationships.change(here, made.pk, {"words": "Owes her a boat"}, **BY))
    then(relationships.change(here, made.pk, {"words": "Owes her a boat"}, **BY))  # nothing new
    relationships.remove(here, made.pk, **BY)
    moments.append(timezone.now())
    lifecycle.delete(bram, **BY)
    moments.append(timezone.now())

    assert [words_at(table.hero, moment) for moment in moments] == [
        [],
        ["Sworn to protect"],
        ["Sworn to protect", "Finds him exhausting"],
        ["Owes her a boat", "Finds him exhausting"],
        ["Owes her a boat", "Finds him exhausting"],
        ["Finds him exhausting"],
        [],
    ]


def test_what_is_the_gm_s_own_now_was_never_shown(table: Table, bram: Character) -> None:
    made = tie(bram, table.hero, is_secret=True)
    secret = timezone.now()
    relationships.change(table.campaign.pk, made.pk, {"is_secret": False}, **BY)
    told = timezone.now()
    relationships.change(table.campaign.pk, made.pk, {"words": "Owes her a boat"}, **BY)
    assert (words_at(table.hero, secret), words_at(table.hero, told)) == ([], ["Sworn to protect"])

    relationships.change(table.campaign.pk, made.pk, {"is_secret": True}, **BY)

    assert words_at(table.hero, told) == words_at(table.hero, timezone.now()) == []


def test_the_page_waits_for_the_stream(client: Client, table: Table, bram: Character) -> None:
    made = tie(bram, table.hero)
    campaigns.update(table.campaign.pk, {"settings": {"viewer_delay": 600}}, **BY)
    long_ago = timezone.now() - timedelta(hours=1)
    Event.objects.update(occurred_at=long_ago)
    Relationship.objects.update(updated_at=long_ago)
    relationships.change(table.campaign.pk, made.pk, {"words": "Left her to drown"}, **BY)

    shown = page(client, table.hero).content.decode()
    assert "Sworn to protect" in shown
    assert "Left her to drown" not in shown

    Relationship.objects.update(updated_at=long_ago)
    EarlierRelationship.objects.update(shown_until=long_ago)
    shown = page(client, table.hero).content.decode()
    assert "Left her to drown" in shown
    assert "Sworn to protect" not in shown


def test_what_nobody_can_be_behind_for_is_let_go(table: Table, bram: Character) -> None:
    made = tie(bram, table.hero)
    relationships.change(table.campaign.pk, made.pk, {"words": "Owes her a boat"}, **BY)
    EarlierRelationship.objects.update(shown_until=timezone.now() - timedelta(seconds=MOST_DELAY + 1))

    relationships.remove(table.campaign.pk, made.pk, **BY)

    assert [row.words for row in EarlierRelationship.objects.all()] == ["Owes her a boat"]


# --- the API ---


@pytest.fixture
def theirs(table: Table, here: str, bram: Character) -> str:
    return f"{here}/characters/{bram.pk}/relationships"


def test_by_the_api(table: Table, gm: Api, anybody: Api, theirs: str, here: str) -> None:
    an_episode(table.campaign, number=4, published=False)
    sent = {"to_id": str(table.hero.pk), "words": "Sworn to protect", "since_episode": 4}
    made = gm.post(theirs, sent)
    assert made.status_code == 201
    assert made.json() == gm.get(f"{theirs}/{made.json()['id']}").json()
    assert (made.json()["from_name"], made.json()["to_name"], made.json()["since_episode"]) == (
        "Bram Oakhollow",
        "Isaura Vane",
        4,
    )
    of_hero = f"{here}/characters/{table.hero.pk}/relationships"
    (seen,) = anybody.get(of_hero).json()["results"]
    assert (seen["words"], seen["since_episode"]) == ("Sworn to protect", None)  # not published

    edited = gm.patch(f"{of_hero}/{seen['id']}", {"words": "Sworn to bury", "since_episode": None, "is_secret": True})
    assert (edited.status_code, edited.json()["words"]) == (200, "Sworn to bury")
    assert anybody.get(of_hero).json()["count"] == 0
    assert anybody.get(f"{of_hero}/{seen['id']}").status_code == 404
    assert gm.get(of_hero).json()["count"] == 1
    assert gm.delete(f"{of_hero}/{seen['id']}").status_code == 204
    assert gm.get(theirs).json()["count"] == 0


def test_secret_ends_are_in_no_answer_and_no_count(table: Table, gm: Api, anybody: Api, here: str) -> None:
    tie(table.hero, table.secret)
    tie(table.secret, table.hero)
    of_hero = f"{here}/characters/{table.hero.pk}/relationships"
    assert (gm.get(of_hero).json()["count"], anybody.get(of_hero).json()["count"]) == (2, 0)
    assert anybody.get(f"{here}/characters/{table.secret.pk}/relationships").status_code == 404


def test_a_read_is_not_modified_until_something_changes(table: Table, anybody: Api, theirs: str, gm: Api) -> None:
    tag = anybody.get(theirs)["ETag"]
    assert anybody.get(theirs, **{"If-None-Match": tag}).status_code == 304
    gm.post(theirs, {"to_id": str(table.hero.pk), "words": "Envies"})
    assert anybody.get(theirs, **{"If-None-Match": tag}).status_code == 200


def test_what_does_not_fit_is_named(table: Table, gm: Api, theirs: str, here: str) -> None:
    assert fields(gm.post(theirs, {"words": "Envies"})).keys() == {"to_id"}
    assert fields(gm.post(theirs, {"to_id": str(table.rival_hero.pk), "words": "Envies"})).keys() == {"to_id"}
    refused = gm.post(theirs, {"to_id": str(table.hero.pk), "words": "", "since_episode": 0, "why": 1})
    assert fields(refused).keys() == {"words", "since_episode", "why"}
    made = gm.post(theirs, {"to_id": str(table.hero.pk), "words": "Envies"}).json()
    assert fields(gm.patch(f"{theirs}/{made['id']}", {"to_id": str(table.secret.pk)})).keys() == {"to_id"}
    other = a_character(table.campaign)
    assert gm.patch(f"{here}/characters/{other.pk}/relationships/{made['id']}", {"words": "x"}).status_code == 404


def test_another_campaigns_relationship_is_none(gm: Api, theirs: str) -> None:
    rivals = a_campaign()
    foreign = tie(a_character(rivals), a_character(rivals))
    assert gm.get(f"{theirs}/{foreign.pk}").status_code == 404
    assert gm.delete(f"{theirs}/{foreign.pk}").status_code == 404
    with pytest.raises(NotVisible):
        relationships.remove(a_campaign().pk, foreign.pk, **BY)


# --- the back office ---

NEW = {"relationships-TOTAL_FORMS": "1", "relationships-0-id": "", "relationships-0-source": ""}


def test_written_on_the_characters_page(table: Table, bram: Character) -> None:
    an_episode(table.campaign, number=4)
    client = signed_in(table.gm)
    row = {
        "target": str(table.hero.pk),
        "words": "Sworn to protect",
        "since_episode": "4",
        "note": "",
        "is_secret": "on",
    }
    edit(client, bram, **NEW, **{f"relationships-0-{name}": value for name, value in row.items()})
    made = Relationship.objects.get()
    assert (made.source, made.target, made.words, made.is_secret) == (bram, table.hero, "Sworn to protect", True)
    assert made.since is not None
    assert made.since.number == 4

    edit(client, bram, **{"relationships-0-words": "Sworn to bury", "relationships-0-is_secret": False})
    made.refresh_from_db()
    assert (made.words, made.is_secret, made.since.number) == ("Sworn to bury", False, 4)

    edit(client, bram, **{"relationships-0-DELETE": "on"})
    assert not Relationship.objects.exists()


@pytest.mark.parametrize("fault", ["a second one", "an episode that is none", "a rival's character"])
def test_a_refusal_stands_at_its_row(table: Table, bram: Character, fault: str) -> None:
    row: dict[str, Any] = {"target": table.hero.pk, "words": "Sworn to protect", "since_episode": "", "note": ""}
    place = 0
    if fault == "a second one":
        tie(bram, table.hero)
        place = 1
    if fault == "an episode that is none":
        row["since_episode"] = "77"
    elif fault == "a rival's character":
        row["target"] = table.rival_hero.pk
    numbered = {"relationships-TOTAL_FORMS": str(place + 1), f"relationships-{place}-id": ""}
    answer: Any = edit(
        signed_in(table.gm), bram, **numbered, **{f"relationships-{place}-{k}": v for k, v in row.items()}
    )

    (formset,) = (each.formset for each in answer.context["inline_admin_formsets"])
    assert formset.errors[place].keys() == {"since_episode" if "episode" in fault else "target"}
    assert Relationship.objects.count() == place


def test_the_characters_of_the_campaign_are_offered(table: Table, bram: Character) -> None:
    def offered(user: Any, **more: str) -> list[str]:
        asked = {"app_label": "characters", "model_name": "relationship", "field_name": "target", **more}
        answer = signed_in(user).get(f"{reverse('admin:autocomplete')}?{urlencode(asked)}")
        return [each["text"] for each in answer.json()["results"]]

    here = {"campaign": str(table.campaign.pk)}
    assert offered(table.gm, **here) == ["Bram Oakhollow", "Isaura Vane", "The Pale King"]
    assert offered(table.gm, term="oakh", **here) == ["Bram Oakhollow"]
    assert offered(table.rival, **here) == []


def test_the_page_costs_the_same_for_twenty(table: Table, bram: Character) -> None:
    client = signed_in(table.gm)

    def cost() -> int:
        with CaptureQueriesContext(connection) as found:
            assert client.get(url(bram, "change")).status_code == 200
        return len(found)

    an_episode(table.campaign, number=4)
    tie(bram, table.hero, since_episode=4)
    cost()
    few = cost()
    for _ in range(10):
        tie(bram, a_character(table.campaign), since_episode=4)
    assert cost() == few
