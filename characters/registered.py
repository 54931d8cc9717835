"""What this app contributes: how its events are told and taken back, and who plays whom."""

from django.conf import settings

from campaigns import events, history, messages, seats, undoing
from campaigns.posters import DRAW, PURPOSE


def register() -> None:
    from characters import existence, present, seating, telling
    from characters.operations import initiative, lifecycle, pictures, posters, roster, vitals
    from characters.pictures import PLACES
    from content import background, claims

    for type_ in events.VITALS:
        messages.register(type_, telling.vitals_message)
        undoing.register(type_, vitals.take_back)
    messages.register(events.ROSTER_UPDATED, telling.roster_message)
    messages.register(events.CHARACTER_CREATED, telling.created_message)
    messages.register(events.CHARACTER_UPDATED, telling.updated_message)
    messages.register(events.CHARACTER_DELETED, telling.deleted_message)
    messages.register(events.INITIATIVE, telling.initiative_message)
    undoing.register(events.INITIATIVE, initiative.take_back)
    existence.register(initiative.tell_again)
    undoing.register(events.ROSTER_UPDATED, roster.take_back)
    undoing.register(events.CHARACTER_CREATED, lifecycle.take_back_creation)
    undoing.register(events.CHARACTER_UPDATED, lifecycle.take_back_update)
    undoing.register(events.CHARACTER_DELETED, lifecycle.take_back_deletion)
    history.register(present.tightened)
    told = pictures.in_use, pictures.open_to_all, pictures.lost, pictures.grown, pictures.progressed
    claims.register(claims.Claim(frozenset(PLACES), *told))
    of_posters = posters.in_use, posters.open_to_all, posters.lost, posters.moved, posters.progressed
    claims.register(claims.Claim(frozenset({PURPOSE}), *of_posters))
    background.register(background.Task(DRAW, posters.draw, posters.given_up, lambda: settings.TASK_SECONDS))
    background.resumed_by(posters.resume)
    seats.register(seats.Seats(seating.named, seating.take, seating.offered))
