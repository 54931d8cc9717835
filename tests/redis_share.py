"""One Redis server under several test processes: each gets a numbered database of its own."""

from urllib.parse import urlsplit, urlunsplit

DATABASES = 16


def share_of_worker(url: str, worker: str) -> str:
    """`redis://host:port/0` for worker "gw2" is `redis://host:port/3`; 0 is left to a run without workers.

    Raises ValueError where the server has no database left. Publish and subscribe do not know these
    numbers: channels are kept apart by the random ids in their names.
    """
    if not url or not worker:
        return url
    number = int(worker.removeprefix("gw")) + 1
    if number >= DATABASES:
        raise ValueError(f"Redis has {DATABASES} databases: run at most {DATABASES - 1} test processes.")
    return urlunsplit(urlsplit(url)._replace(path=f"/{number}"))
