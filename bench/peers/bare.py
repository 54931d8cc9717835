"""The transaction of one HP event as bare SQL: what is left when nothing but PostgreSQL has to be paid.

`python -m bench.peers.bare` reads {"url", "seconds", "pairs": [[campaign id, character id], …]} from its input and
prints how many transactions a second its threads got through, one thread and connection for each pair.
"""

import json
import sys
import threading
import time
import uuid
from datetime import UTC, datetime

import psycopg
from psycopg.types.json import Jsonb

LOCK_CAMPAIGN = "SELECT * FROM campaigns_campaign WHERE id = %s FOR NO KEY UPDATE"
LOCK_CHARACTER = "SELECT * FROM characters_character WHERE id = %s AND campaign_id = %s FOR NO KEY UPDATE"
WRITE_CHARACTER = (
    "UPDATE characters_character SET stats = %s, version = version + 1, field_versions = %s, updated_at = %s"
    " WHERE id = %s"
)
WRITE_EVENT = (
    "INSERT INTO campaigns_event (id, campaign_id, seq, type, subject_kind, subject_id, data, audience, actor_name,"
    " credential, request_id, occurred_at) VALUES (%s, %s, %s, 'hp_change', 'character', %s, %s, 'viewer', '', '', '',"
    " %s)"
)
WRITE_CAMPAIGN = "UPDATE campaigns_campaign SET seq = %s WHERE id = %s"


def one_event(cursor: psycopg.Cursor, campaign: str, character: str) -> None:
    cursor.execute(LOCK_CAMPAIGN, [campaign])
    held = dict(zip((column.name for column in cursor.description or ()), cursor.fetchone() or (), strict=True))
    cursor.execute(LOCK_CHARACTER, [character, campaign])
    hero = dict(zip((column.name for column in cursor.description or ()), cursor.fetchone() or (), strict=True))
    stats, now = hero["stats"], datetime.now(UTC)
    stats["hp"]["current"] = max(stats["hp"]["current"] - 1, 0)
    cursor.execute(WRITE_CHARACTER, [Jsonb(stats), Jsonb(hero["field_versions"]), now, character])
    data = {"delta": -1, "stats": stats, "version": hero["version"] + 1, "source": "ingest", "hp_display": "exact"}
    cursor.execute(WRITE_EVENT, [uuid.uuid4(), campaign, held["seq"] + 1, character, Jsonb(data), now])
    cursor.execute(WRITE_CAMPAIGN, [held["seq"] + 1, campaign])


def write_until(url: str, pair: tuple[str, str], end: float, done: list[int]) -> None:
    with psycopg.connect(url) as connection, connection.cursor() as cursor:
        while time.monotonic() < end:
            one_event(cursor, *pair)
            connection.commit()
            done.append(1)


def rate(url: str, pairs: list[tuple[str, str]], seconds: float) -> float:
    done: list[int] = []
    end = time.monotonic() + seconds
    threads = [threading.Thread(target=write_until, args=(url, pair, end, done)) for pair in pairs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return len(done) / seconds


if __name__ == "__main__":
    order = json.loads(sys.stdin.readline())
    pairs = [(campaign, character) for campaign, character in order["pairs"]]
    rate(order["url"], pairs, 0.5)
    print(rate(order["url"], pairs, order["seconds"]))
