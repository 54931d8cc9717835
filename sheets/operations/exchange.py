"""A sheet comes in from a file of another program."""

from django.db import transaction

from accounts.actors import Actor
from accounts.models import User
from contract.refusals import Invalid
from sheets import validation
from sheets.exchange.imported import Imported
from sheets.models import Row, Sheet
from sheets.operations import experience, sheets


def bring_in(owner: User, imported: Imported, *, actor: Actor) -> Sheet:
    """A new sheet of that person, whole or not at all. Raises as `sheets.create` does."""
    draft = imported.draft()
    problems = validation.problems(imported.line, draft)
    if problems:
        raise Invalid(problems)
    with transaction.atomic():
        sheet = sheets.create(owner, imported.line, dict(imported.fields), actor=actor)
        Row.objects.bulk_create(
            Row(sheet=sheet, kind=kind, position=position, values=values)
            for kind, rows in imported.rows.items()
            for position, values in enumerate(rows)
        )
        sheet.tracks = dict(draft.tracks)
        sheet.save(update_fields=["tracks", "updated_at"])
        if imported.earned or imported.spent:
            experience.carry_over(sheet, imported.earned, imported.spent, actor=actor, source=imported.source)
    return sheet
