"""Compiled queries do what the ORM's do."""

import uuid
from datetime import UTC, datetime
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.models import signals
from django.test.utils import CaptureQueriesContext
from psycopg.pq import TransactionStatus

from campaigns.models import Campaign, CampaignToken, Event
from contract import statements
from contract.prepared import TOGETHER, Columns, Lookup, Parameter, Writes, together
from tests.factories import Table, a_campaign, a_character, a_token

pytestmark = pytest.mark.django_db

BY_SLUG = Lookup(lambda: Campaign.objects.filter(slug=Parameter("slug", Campaign._meta.get_field("slug"))).order_by())
OPEN = Lookup(
    lambda: CampaignToken.objects.filter(
        campaign_id=Parameter("campaign_id", Campaign._meta.pk), revoked_at__isnull=True, kind="control"
    ).order_by("created_at", "pk")
)

KINDS = Columns(
    lambda: (
        CampaignToken.objects.filter(campaign_id=Parameter("campaign_id", Campaign._meta.pk))
        .order_by("created_at", "pk")
        .values_list("kind", "created_at", "id")
    )
)


def only_postgresql() -> None:
    if connection.vendor != "postgresql":
        pytest.skip("only PostgreSQL is spoken to in pipelines")


def fields_of(row):
    return {field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields}


def written(*rows):
    writes = Writes()
    for row in rows:
        writes.insert(row)
    writes.flush()


def changed(row, *names):
    writes = Writes()
    writes.update(row, *names)
    writes.flush()


def an_event(campaign: Campaign, seq: int) -> Event:
    return Event(
        id=uuid.uuid4(), campaign=campaign, seq=seq, type="custom", subject_id=uuid.uuid4(),
        data={"title": "Ein Tor öffnet sich", "n": [1, None]},
        occurred_at=datetime(2026, 11, 22, 1, 2, 3, 456789, tzinfo=UTC),
    )  # fmt: skip


def test_a_row_is_the_one_that_the_orm_reads(table: Table) -> None:
    Campaign.objects.filter(pk=table.campaign.pk).update(theme={"accent": "#f0bd4f"}, settings={"a": [1, 2]})
    found = BY_SLUG.get(slug=table.campaign.slug)
    assert found == Campaign.objects.get(pk=table.campaign.pk)
    assert fields_of(found) == fields_of(Campaign.objects.get(pk=table.campaign.pk))


def test_every_row_comes_in_the_order_of_the_queryset(table: Table) -> None:
    for _ in range(3):
        a_token(table.campaign, "control")
    found = OPEN.all(campaign_id=table.campaign.pk)
    wanted = CampaignToken.objects.filter(campaign=table.campaign, revoked_at__isnull=True, kind="control")
    assert [fields_of(row) for row in found] == [fields_of(row) for row in wanted.order_by("created_at", "pk")]
    assert len(found) >= 3 and OPEN.all(campaign_id=uuid.uuid4()) == []


def test_a_row_and_every_row_of_another_are_asked_for_together(table: Table) -> None:
    key, tokens = table.campaign.pk, [a_token(table.campaign, "control")[0] for _ in range(2)]
    slug = table.campaign.slug
    campaign, found, nobody, none = together(
        BY_SLUG.of(slug=slug),
        OPEN.each(campaign_id=key),
        BY_SLUG.of(slug="no-one"),
        OPEN.each(campaign_id=uuid.uuid4()),
    )
    assert (campaign, nobody, none) == (table.campaign, None, [])
    assert found[-2:] == tokens


def test_columns_are_those_of_values_list(table: Table) -> None:
    a_token(table.campaign, "overlay")
    found = KINDS.all(campaign_id=table.campaign.pk)
    wanted = CampaignToken.objects.filter(campaign=table.campaign).order_by("created_at", "pk")
    assert found == list(wanted.values_list("kind", "created_at", "id"))
    assert KINDS.get(campaign_id=table.campaign.pk) == found[0]


def test_a_row_is_in_the_state_of_one_that_was_read(table: Table) -> None:
    found, wanted = BY_SLUG.get(slug=table.campaign.slug), Campaign.objects.get(pk=table.campaign.pk)
    assert found is not None
    assert list(vars(found)) == list(vars(wanted))
    assert (found._state.adding, found._state.db) == (wanted._state.adding, wanted._state.db)
    assert found.owner == wanted.owner and "owner" in found._state.fields_cache
    assert found.get_deferred_fields() == set()
    found.name = "Renamed"
    found.save()
    assert Campaign.objects.get(pk=table.campaign.pk).name == "Renamed"


@pytest.mark.parametrize("signal", [signals.pre_init, signals.post_init])
def test_who_listens_to_rows_hears_of_each(table: Table, signal: Any) -> None:
    heard = []

    def hear(**told: Any) -> None:
        heard.append(told["sender"])

    signal.connect(hear, sender=Campaign)
    try:
        lookup = Lookup(lambda: Campaign.objects.filter(pk=Parameter("key", Campaign._meta.pk)))
        assert lookup.get(key=table.campaign.pk) == table.campaign
    finally:
        signal.disconnect(hear, sender=Campaign)
    assert heard == [Campaign]


def test_what_is_left_out_is_read_when_it_is_looked_at(table: Table) -> None:
    lookup = Lookup(lambda: Campaign.objects.only("slug").filter(pk=Parameter("key", Campaign._meta.pk)))
    found = lookup.get(key=table.campaign.pk)
    assert found is not None
    assert "name" in found.get_deferred_fields()
    assert found.name == table.campaign.name


def test_each_run_has_its_own_values(table: Table) -> None:
    for campaign in (table.campaign, table.rival_campaign, table.campaign):
        found = BY_SLUG.get(slug=campaign.slug)
        assert found is not None
        assert found.pk == campaign.pk
    assert BY_SLUG.get(slug="nobody-s") is None


def test_values_are_never_part_of_the_statement(table: Table) -> None:
    assert BY_SLUG.get(slug="' OR 1=1 --") is None
    assert BY_SLUG.get(slug="%s") is None


def test_filters_and_order_stay(table: Table) -> None:
    first, _ = a_token(table.campaign, "control")
    a_token(table.campaign, "control")
    a_token(table.campaign, "overlay")
    assert OPEN.get(campaign_id=table.campaign.pk) == CampaignToken.objects.filter(
        campaign=table.campaign, kind="control", revoked_at=None
    ).earliest("created_at", "pk")
    assert OPEN.get(campaign_id=table.rival_campaign.pk) != first


def test_it_is_one_query_and_compiled_once(table: Table) -> None:
    built = []

    def build():
        built.append(1)
        return Campaign.objects.filter(pk=Parameter("key", Campaign._meta.pk)).order_by()

    lookup = Lookup(build)
    with CaptureQueriesContext(connection) as captured:
        for _ in range(3):
            lookup.get(key=table.campaign.pk)
    assert (len(captured), len(built)) == (3, 1)


def test_a_lock_asks_for_a_transaction(table: Table, transactional_db: None) -> None:
    lookup = Lookup(lambda: Campaign.objects.select_for_update().filter(pk=Parameter("key", Campaign._meta.pk)))
    if not connection.features.has_select_for_update:
        pytest.skip("SQLite has no row locks")
    with pytest.raises(transaction.TransactionManagementError):
        lookup.get(key=table.campaign.pk)


def test_a_row_that_is_inserted_reads_as_one_that_was_saved(table: Table) -> None:
    event = an_event(table.campaign, 900)
    written(event)
    assert not event._state.adding
    assert fields_of(Event.objects.get(pk=event.pk)) == fields_of(event)
    saved = an_event(table.campaign, 901)
    saved.save(force_insert=True)
    apart = {"id": None, "seq": None, "subject_id": None}
    read = Event.objects.get(pk=saved.pk)
    assert fields_of(read) | apart == fields_of(Event.objects.get(pk=event.pk)) | apart


def test_what_the_database_refuses_is_refused(table: Table) -> None:
    written(an_event(table.campaign, 902))
    with pytest.raises(IntegrityError), transaction.atomic():
        written(an_event(table.campaign, 902))


def test_an_update_writes_these_fields_and_no_other(table: Table) -> None:
    hero = a_character(table.campaign)
    before = hero.updated_at
    hero.stats = {**hero.stats, "ac": 3}
    hero.version += 1
    hero.name = "not to be written"
    changed(hero, "stats", "version", "updated_at")
    hero.refresh_from_db()
    assert (hero.stats["ac"], hero.version) == (3, 2)
    assert hero.name != "not to be written"
    assert hero.updated_at > before


def test_what_waits_is_one_statement_where_the_database_can(table: Table) -> None:
    hero, writes = a_character(table.campaign), Writes()
    table.campaign.seq = 77
    hero.name = "Renamed"
    event = an_event(table.campaign, 903)
    with CaptureQueriesContext(connection) as captured:
        writes.update(hero, "name")
        writes.insert(event)
        writes.update(table.campaign, "seq")
        assert len(captured) == 0
        writes.flush()
        writes.flush()
    assert len(captured) == (1 if connection.vendor == "postgresql" else 3)
    hero.refresh_from_db()
    assert (hero.name, Campaign.objects.get(pk=table.campaign.pk).seq) == ("Renamed", 77)
    assert Event.objects.filter(pk=event.pk).exists()


def test_a_row_that_is_changed_again_keeps_the_later_change(table: Table) -> None:
    hero, writes = a_character(table.campaign), Writes()
    for name in ("First", "Second", "Third"):
        hero.name = name
        writes.update(hero, "name")
    hero.level = 17
    writes.update(hero, "level")
    writes.flush()
    hero.refresh_from_db()
    assert (hero.name, hero.level) == ("Third", 17)


def test_a_long_book_is_written_in_parts(table: Table) -> None:
    writes = Writes()
    with CaptureQueriesContext(connection) as captured:
        for seq in range(910, 910 + 2 * TOGETHER + 1):
            writes.insert(an_event(table.campaign, seq))
        writes.flush()
    assert table.campaign.events.filter(seq__gte=910).count() == 2 * TOGETHER + 1
    assert len(captured) == (3 if connection.vendor == "postgresql" else 2 * TOGETHER + 1)


def test_one_part_that_is_refused_leaves_nothing(table: Table) -> None:
    written(an_event(table.campaign, 904))
    hero, writes = a_character(table.campaign, name="As before"), Writes()
    hero.name = "Changed"
    writes.update(hero, "name")
    writes.insert(an_event(table.campaign, 904))
    with pytest.raises(IntegrityError), transaction.atomic():
        writes.flush()
    hero.refresh_from_db()
    assert hero.name == "As before"


class TestTheLastWriteOfATransaction:
    """With PostgreSQL it takes the COMMIT along."""

    @pytest.fixture
    def seen(self, monkeypatch: pytest.MonkeyPatch) -> list[tuple[bool, bool]]:
        """Of each last write: was it in the database for everybody, and was its transaction over?"""
        found: list[tuple[bool, bool]] = []
        execute_last = statements.execute_last

        def watched(database: Any, sql: str, values: Any) -> None:
            execute_last(database, sql, values)
            status = database.connection.info.transaction_status
            found.append((status == TransactionStatus.IDLE, database.in_atomic_block))

        monkeypatch.setattr(statements, "execute_last", watched)
        return found

    @pytest.mark.django_db(transaction=True)
    def test_is_committed_with_it(self, seen: list[tuple[bool, bool]]) -> None:
        only_postgresql()
        told: list[str] = []
        campaign, writes = a_campaign(), Writes()
        with transaction.atomic():
            transaction.on_commit(lambda: told.append("told"))
            writes.insert(an_event(campaign, 5))
            writes.finish()
            assert told == []
        assert (seen, told) == ([(True, True)], ["told"])
        assert campaign.events.get().seq == 5

    @pytest.mark.django_db(transaction=True)
    def test_is_not_where_the_transaction_is_part_of_another(self, seen: list[tuple[bool, bool]]) -> None:
        only_postgresql()
        campaign, writes = a_campaign(), Writes()
        with pytest.raises(ZeroDivisionError), transaction.atomic():
            with transaction.atomic():
                writes.insert(an_event(campaign, 5))
                writes.finish()
            raise ZeroDivisionError
        assert seen == [(False, True)]
        assert not campaign.events.exists()

    @pytest.mark.django_db(transaction=True)
    def test_that_is_refused_leaves_nothing_and_a_connection_that_works(self) -> None:
        campaign, writes, told = a_campaign(), Writes(), []
        written(an_event(campaign, 5))
        with pytest.raises(IntegrityError), transaction.atomic():
            transaction.on_commit(lambda: told.append("told"))
            campaign.name = "Changed"
            writes.update(campaign, "name")
            writes.insert(an_event(campaign, 5))
            writes.finish()
        assert told == []
        campaign.refresh_from_db()
        assert campaign.name != "Changed"
        with transaction.atomic():
            writes.insert(an_event(campaign, 6))
            writes.finish()
        assert campaign.events.count() == 2

    @pytest.mark.django_db(transaction=True)
    def test_may_be_refused_by_the_commit_itself(self) -> None:
        """A foreign key is looked at last; where the database looks at once, then at once."""
        campaign, writes = a_campaign(), Writes()
        event = an_event(campaign, 5)
        event.episode_id = uuid.uuid4()
        with pytest.raises(IntegrityError), transaction.atomic():
            writes.insert(event)
            writes.finish()
        assert not campaign.events.exists()


def test_what_only_leaves_out_is_read_when_it_is_asked_for(table: Table) -> None:
    brief = Lookup(lambda: BY_SLUG._build().only("name"))
    found = brief.get(slug=table.campaign.slug)
    assert found is not None
    assert found.get_deferred_fields() >= {"settings", "theme"}
    with CaptureQueriesContext(connection) as captured:
        assert (found.pk, found.name) == (table.campaign.pk, table.campaign.name)
        assert len(captured) == 0
        assert found.settings == table.campaign.settings
        assert len(captured) == 1
