"""What is made of a version in the background: begun, carried on, done or given up."""

import logging
from collections.abc import Callable
from datetime import timedelta
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.utils import timezone

from content import background, claims
from content.models import Job, JobState, State, Version

FINISH = "content.finish"
MOST_ATTEMPTS = 8
OPEN = (JobState.QUEUED, JobState.RUNNING)

Report = Callable[[int], None]  # is told how many per cent are done
Making = Callable[[Version, Report], None]

logger = logging.getLogger(__name__)


class NotMade(Exception):
    """No further try would help; the message is a sentence for the person who sent the file."""


def begin(version: Version) -> Job:
    """Inside the transaction that accepts the version."""
    job, _ = Job.objects.get_or_create(version=version)
    background.after_commit(FINISH, str(version.pk))
    return job


def carry_on(version_id: UUID, make: Making) -> None:
    """Done twice it does nothing the second time. Raises Again."""
    version = _claimed(version_id)
    if version is None:
        return
    try:
        make(version, lambda percent: progress(version.pk, percent))
    except NotMade as error:
        give_up(version.pk, str(error))
        return
    # Also when another attempt, which then died, has made it all: whoever is told of nothing new says nothing.
    tell(version)
    _finish(version.pk)


def progress(version_id: UUID, percent: int) -> None:
    now = timezone.now()
    Job.objects.filter(version=version_id, state=JobState.RUNNING).update(percent=percent, updated_at=now)
    announce(version_id)


def give_up(version_id: UUID, reason: str) -> None:
    left = Job.objects.filter(version=version_id, state__in=OPEN)
    if left.update(state=JobState.FAILED, reason=reason[:300], updated_at=timezone.now()):
        announce(version_id)


def resume(quiet_for: timedelta | None = None) -> int:
    """Send the jobs of which nothing was heard for so long once more; how many there were."""
    before = timezone.now() - (quiet_for or timedelta(seconds=2 * settings.TASK_SECONDS))
    lost = list(Job.objects.filter(state__in=OPEN, updated_at__lt=before).values_list("version", flat=True))
    Job.objects.filter(version__in=lost).update(updated_at=timezone.now())  # not again in ten minutes
    for version_id in lost:
        background.send(FINISH, str(version_id))
    return len(lost)


def tell(version: Version) -> None:
    """Whoever shows the version shows what there is of it now."""
    asset = version.asset
    claim = claims.of(asset.purpose)
    if claim and asset.subject_id:
        claim.grown(asset.subject_id, asset.purpose)


def announce(version_id: UUID) -> None:
    """Who shows the version tells the page that waits for it how far it is."""
    job = Job.objects.filter(version=version_id).select_related("version__asset").first()
    asset = job.version.asset if job else None
    claim = claims.of(asset.purpose) if asset else None
    if job and asset and claim and asset.subject_id:
        progress = claims.Progress(state=job.state, percent=job.percent, reason=job.reason)
        claim.progressed(asset.subject_id, asset.purpose, progress)


def _claimed(version_id: UUID) -> Version | None:
    """The version, whose job is then running; None where nothing is left to do."""
    with transaction.atomic():
        jobs = Job.objects.select_for_update(of=("self",)).select_related("version__asset")
        job = jobs.filter(version=version_id, version__state=State.READY, state__in=OPEN).first()
        if job is None:
            return None
        if job.attempts < MOST_ATTEMPTS:
            now = timezone.now()
            Job.objects.filter(pk=job.pk).update(state=JobState.RUNNING, attempts=F("attempts") + 1, updated_at=now)
            return job.version
    give_up(version_id, background.BROKE)
    return None


def _finish(version_id: UUID) -> None:
    Job.objects.filter(version=version_id).update(state=JobState.DONE, percent=100, updated_at=timezone.now())
    announce(version_id)
