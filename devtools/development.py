"""What a development server runs with: defaults for the environment, kept below var/."""

import json
import os
import secrets
import socket
from collections.abc import Mapping
from pathlib import Path

LOOPBACK = ("localhost", "127.0.0.1", "::1")
EVERY_ADDRESS = ("0.0.0.0", "::", "")  # noqa: S104  recognised here, not listened on


def secret_key(root: Path) -> str:
    """The key in var/secret-key, made at the first call and readable by its owner only."""
    path = root / "var/secret-key"
    path.parent.mkdir(exist_ok=True)
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_text().strip()
    with os.fdopen(descriptor, "w") as file:
        file.write(key := secrets.token_urlsafe(50))
    return key


def own_address() -> str | None:
    """This machine's address in the local network; asking for the route sends nothing."""
    try:
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
            probe.connect(("192.0.2.1", 9))
            address: str = probe.getsockname()[0]
            return address
    except OSError:
        return None


def served_hosts(host: str) -> list[str]:
    """The names under which a browser may ask for a server that listens on `host`."""
    if host in LOOPBACK:
        return ["localhost", "127.0.0.1", "[::1]"]
    more = [own_address(), socket.gethostname()] if host in EVERY_ADDRESS else [host]
    return ["localhost", "127.0.0.1", "[::1]", *(name for name in more if name)]


def base_url(host: str, port: int) -> str:
    shown = (own_address() or "127.0.0.1") if host in EVERY_ADDRESS else host
    return f"http://[{shown}]:{port}" if ":" in shown else f"http://{shown}:{port}"


def environment(root: Path, host: str = "127.0.0.1", environ: Mapping[str, str] = os.environ) -> dict[str, str]:
    """The environment of this shell, completed; what it sets wins."""
    defaults = {"DEBUG": "1", "ALLOWED_HOSTS": ",".join(served_hosts(host)), "PYTHONUNBUFFERED": "1"}
    if "SECRET_KEY" not in environ:
        defaults["SECRET_KEY"] = secret_key(root)
    return {**defaults, **environ}


def port_is_free(host: str, port: int) -> bool:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return False
        return True


def welcome(root: Path, url: str) -> list[str]:
    """The lines that tell where everything is, with the log-ins of the demo if there is one."""
    lines = [f"Troupe      {url}/", f"Admin       {url}/admin/", f"API         {url}/api/v1/docs"]
    try:
        demo = json.loads((root / "var/demo.json").read_text())
    except (OSError, ValueError):
        return [*lines, f"No demo. Your own GM: python3 dev.py manage createsuperuser, then {url}/admin/"]
    slug = demo["campaign"]["slug"]
    lines += [f"Campaign    {url}/campaigns/{slug}", f"Overlay     {url}/overlay/{slug}?tier=large"]
    lines += [f"Log-in      {user['username']} / {user['password']} ({user['role']})" for user in demo["users"]]
    return [*lines, "Tokens      in var/demo.json (campaign id, control and overlay token)"]
