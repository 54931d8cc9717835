"""Revisions of a document: saved, compared, restored, pruned."""

import threading
from datetime import timedelta
from io import StringIO
from typing import Any
from uuid import uuid4

import pytest
from django.core.management import call_command
from django.db import connections
from django.utils import timezone

from accounts.models import User
from content import revisions
from content.models import Revision
from content.operations import revisions as operations
from content.operations.revisions import prune, restore, save
from content.revisions import Subject
from contract.refusals import Conflict, Invalid, NotVisible
from tests.factories import a_user

pytestmark = pytest.mark.django_db
LONG_AGO = timedelta(days=31)


@pytest.fixture
def story() -> Subject:
    return Subject("story", uuid4())


@pytest.fixture
def noor(db: Any) -> User:
    return a_user("noor")


def numbers(subject: Subject) -> list[int]:
    return [each.number for each in revisions.of(subject)][::-1]


def age(**of: Any) -> None:
    Revision.objects.filter(**of).update(created_at=timezone.now() - LONG_AGO)


def test_each_save_is_a_snapshot_with_its_parent(story: Subject, noor: User) -> None:
    first = save(story, {"title": "Tide"}, author=noor, message="Begun")
    second = save(story, {"title": "Low Tide"}, author=noor, autosave=True)
    assert (first.number, first.parent, second.number, second.parent) == (1, None, 2, first)
    assert (second.author, second.message, second.autosave) == (noor, "", True)
    assert revisions.head(story) == second
    assert revisions.document(first) == {"title": "Tide"}
    assert revisions.changes(first, second) == [{"op": "replace", "path": "/title", "value": "Low Tide"}]
    assert revisions.changes(None, first) == [{"op": "add", "path": "", "value": {"title": "Tide"}}]
    assert revisions.is_whole(Revision.objects.get(pk=first.pk))
    Revision.objects.filter(pk=first.pk).update(text='{"title":"Forged"}')
    assert not revisions.is_whole(Revision.objects.get(pk=first.pk))


def test_subjects_do_not_mix(story: Subject, noor: User) -> None:
    save(story, 1, author=noor)
    hero = Subject("hero", story.id)
    assert revisions.head(hero) is None
    assert save(hero, 1, author=None).number == 1
    assert numbers(story) == [1]


def test_what_changes_nothing_is_no_revision_unless_it_says_something(story: Subject, noor: User) -> None:
    first = save(story, {"a": 1, "b": 2}, author=noor)
    assert save(story, {"b": 2.0, "a": 1}, author=noor) == first
    assert save(story, {"a": 1, "b": 2}, author=noor, autosave=True, message="x") == first
    named = save(story, {"a": 1, "b": 2}, author=noor, message="As sent to the players")
    assert (named.number, revisions.changes(first, named)) == (2, [])


def test_who_did_not_see_the_head_is_told(story: Subject, noor: User) -> None:
    save(story, 1, author=noor, seen=0)
    save(story, 2, author=noor, seen=1)
    for seen in (0, 1, 3):
        with pytest.raises(Conflict) as refused:
            save(story, 3, author=noor, seen=seen)
        assert refused.value.body()["current"] == {"number": 2}
    assert numbers(story) == [1, 2]


@pytest.mark.parametrize("document", [float("nan"), {"a": "\x00"}, {"a": {1, 2}}])
def test_what_is_no_document_names_the_field(story: Subject, document: Any) -> None:
    with pytest.raises(Invalid) as refused:
        save(story, document, author=None)
    assert refused.value.details[0][0] == "document"
    assert numbers(story) == []


def test_to_restore_is_to_save_anew(story: Subject, noor: User) -> None:
    save(story, {"a": 1}, author=noor, message="Good")
    save(story, {"a": 2}, author=noor)
    other = a_user()
    back = restore(story, 1, author=other, seen=2)
    assert (back.number, back.message, back.author) == (3, "As in no. 1: Good", other)
    assert back.restored == revisions.revision(story, 1)
    assert revisions.document(back) == {"a": 1}
    assert numbers(story) == [1, 2, 3]
    with pytest.raises(NotVisible):
        restore(story, 9, author=noor)
    with pytest.raises(NotVisible):
        restore(Subject("hero", story.id), 1, author=noor)


def test_only_old_autosaves_are_pruned_and_never_the_head(story: Subject, noor: User) -> None:
    for step in range(1, 8):
        save(story, step, author=noor, autosave=step not in (1, 4))
    age(number__lt=6)
    other = Subject("story", uuid4())
    save(other, 1, author=noor, autosave=True)
    age(subject_id=other.id)
    said = StringIO()
    call_command("prune_revisions", stdout=said)
    assert said.getvalue() == "3 autosaves deleted.\n"
    assert (numbers(story), numbers(other)) == ([1, 4, 6, 7], [1])
    parents = {each.number: each.parent.number for each in revisions.of(story) if each.parent}
    assert parents == {4: 1, 6: 4, 7: 6}
    assert prune() == 0


def test_a_named_revision_is_never_pruned(story: Subject, noor: User) -> None:
    for step in range(5):
        save(story, step, author=noor, message=f"Step {step}")
    age()
    assert prune(kept=timedelta(0)) == 0
    assert numbers(story) == [1, 2, 3, 4, 5]


def test_of_many_autosaves_the_newest_are_kept(story: Subject, noor: User, monkeypatch: Any) -> None:
    monkeypatch.setattr(operations, "MOST_AUTOSAVES", 3)
    save(story, "named", author=noor)
    for step in range(6):
        save(story, step, author=noor, autosave=True)
    assert numbers(story) == [1, 5, 6, 7]
    assert save(story, "next", author=noor).number == 8


def test_the_list_does_not_read_the_documents(story: Subject, noor: User, django_assert_num_queries: Any) -> None:
    for step in range(10):
        save(story, "x" * 100 + str(step), author=noor)
    with django_assert_num_queries(1) as captured:
        assert [each.author for each in revisions.of(story)] == [noor] * 10
    assert '"text"' not in captured.captured_queries[0]["sql"]


@pytest.mark.django_db(transaction=True)
def test_many_at_once_get_a_number_each(story: Subject) -> None:
    together = threading.Barrier(8)
    faults: list[Exception] = []

    def write(name: str) -> None:
        together.wait()
        try:
            for step in range(3):
                save(story, [name, step], author=None)
        except Exception as fault:
            faults.append(fault)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=write, args=(name,)) for name in "abcdefgh"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert faults == []
    assert numbers(story) == list(range(1, 25))
