"""One of several writers: `python -m bench.writer` reads orders from its input, one JSON object a line: {"campaign",
"characters", "count", "pause"}.

It hits and heals the characters in turn through the operations, and prints a line when it is connected and after each
order.
"""

import json
import os
import sys
import time
from typing import Any
from uuid import UUID

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

import django

django.setup()

from accounts.actors import SYSTEM  # noqa: E402  apps must be loaded first
from bench import broker  # noqa: E402
from characters.operations import vitals  # noqa: E402


def write(order: dict[str, Any]) -> None:
    campaign = UUID(order["campaign"])
    characters = [UUID(text) for text in order["characters"]]
    for number in range(order["count"]):
        hit = -1 if number % 2 else 1
        vitals.change_hp(campaign, characters[number % len(characters)], actor=SYSTEM, delta=hit, kind="bench")
        time.sleep(order["pause"])


if __name__ == "__main__":
    broker.connect()
    print("ready", flush=True)
    for line in sys.stdin:
        write(json.loads(line))
        print("done", flush=True)
