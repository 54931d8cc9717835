"""The serialised BOOTSTRAP of a line: made once for all who wait for it, kept until it is too old."""

import asyncio
import time
from uuid import UUID

from overlay.live import reads
from overlay.live.lines import DelayedLine, Line
from overlay.live.reads import Boot
from overlay.live.tasks import Tasks, read

BOOT_BEHIND = 32  # messages that may follow a cached BOOTSTRAP before a new one is made
BOOT_AGE = 60.0  # seconds
ATTEMPTS = 3  # at a BOOTSTRAP while things are being hidden


class Bootstraps:
    def __init__(self, campaign_id: UUID, line: Line, tasks: Tasks) -> None:
        self._campaign_id = campaign_id
        self._line = line
        self._tasks = tasks
        self._boot: Boot | None = None
        self._making: asyncio.Task[Boot] | None = None
        self._forgotten = 0  # the line's count when the making began

    async def get(self) -> Boot:
        """Raises NotVisible when the campaign is gone."""
        if self._boot is not None and self._holds(self._boot):
            return self._boot
        for attempt in range(ATTEMPTS):
            if self._making is None:
                self._making = self._tasks.spawn(self._make())
            boot = await asyncio.shield(self._making)
            if self._forgotten == self._line.forgotten or attempt == ATTEMPTS - 1:
                break
        return boot

    async def _make(self) -> Boot:
        line = self._line
        self._forgotten = line.forgotten
        try:
            as_of = line.seq if isinstance(line, DelayedLine) else None
            audience = line.audience
            self._boot = await read(reads.bootstrap, self._campaign_id, audience, as_of, time.monotonic())
            return self._boot
        finally:
            self._making = None

    def _holds(self, boot: Boot) -> bool:
        line = self._line
        if self._forgotten != line.forgotten:  # it may show what has been hidden since
            return False
        if boot.epoch != line.epoch or time.monotonic() - boot.made > BOOT_AGE:
            return False
        return boot.seq >= line.seq or (line.seq - boot.seq <= BOOT_BEHIND and line.since(boot.seq) is not None)
