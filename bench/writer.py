"""One of several writers: `python -m bench.writer` reads {"campaign", "characters", "count", "pause"} from its input.

It hits and heals the characters in turn through the operations, and prints a line when it is connected and at the end.
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
    write(json.loads(sys.stdin.readline()))
    print("done", flush=True)
