"""What the source says of itself: which module imports which, and where rows are written. Reads, never imports."""

import ast
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
# From the ground up: a module imports from its own app and from those in rows above its own. In one row are siblings.
LAYERS = (
    ("contract",),
    ("accounts",),
    ("content",),
    ("campaigns",),
    ("characters",),
    ("sheets", "stories"),
    ("overlay",),
    ("config",),
)
HEIGHT = {app: height for height, row in enumerate(LAYERS) for app in row}
WRITES = frozenset(
    {"bulk_create", "bulk_update", "create", "delete", "get_or_create", "save", "update", "update_or_create"}
)
Edge = tuple[str, str]


@cache
def modules() -> dict[str, ast.Module]:
    """By dotted name; of packages, their own file. Migrations are history."""
    found = {}
    for app in HEIGHT:
        for path in (ROOT / app).rglob("*.py"):
            parts = path.relative_to(ROOT).with_suffix("").parts
            if "migrations" not in parts:
                name = ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
                found[name] = ast.parse(path.read_text(), str(path))
    return found


def imports(name: str, tree: ast.Module, known: Iterable[str]) -> Iterator[str]:
    """Modules of ours, those that are imported inside a function too, but not those that only types are taken from."""
    known = set(known)
    for node in _without_types(tree):
        if isinstance(node, ast.Import):
            wanted = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            base = _base(name, node)
            wanted = [f"{base}.{alias.name}" if f"{base}.{alias.name}" in known else base for alias in node.names]
        else:
            continue
        yield from (each for each in wanted if each.partition(".")[0] in HEIGHT)


def _base(name: str, node: ast.ImportFrom) -> str:
    if not node.level:
        return node.module or ""
    parts = name.split(".")[: -node.level]
    return ".".join([*parts, *([node.module] if node.module else [])])


def _without_types(node: ast.AST) -> Iterator[ast.AST]:
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.If) and "TYPE_CHECKING" in ast.dump(child.test):
            continue
        yield child
        yield from _without_types(child)


def edges(trees: dict[str, ast.Module]) -> set[Edge]:
    return {(name, each) for name, tree in trees.items() for each in imports(name, tree, trees) if each != name}


def upward(found: Iterable[Edge]) -> list[Edge]:
    """Imports from an app above, or from a sibling."""
    return sorted((importer, imported) for importer, imported in found if not _may(importer, imported))


def _may(importer: str, imported: str) -> bool:
    own, other = importer.partition(".")[0], imported.partition(".")[0]
    return own == other or HEIGHT[other] < HEIGHT[own]


def cycles(found: Iterable[Edge]) -> list[list[str]]:
    """Groups of modules each of which imports itself by way of the others (Tarjan)."""
    graph: dict[str, list[str]] = {}
    for importer, imported in found:
        graph.setdefault(importer, []).append(imported)
    order: dict[str, int] = {}
    low: dict[str, int] = {}
    stack: list[str] = []
    groups: list[list[str]] = []

    def visit(name: str) -> None:
        order[name] = low[name] = len(order)
        stack.append(name)
        for each in graph.get(name, ()):
            if each not in order:
                visit(each)
            if each in stack:
                low[name] = min(low[name], low[each])
        if low[name] == order[name]:
            group = stack[stack.index(name) :]
            del stack[stack.index(name) :]
            if len(group) > 1:
                groups.append(sorted(group))

    for name in sorted(graph):
        if name not in order:
            visit(name)
    return groups


def callers(trees: dict[str, ast.Module], method: str) -> set[str]:
    """Modules that call a method of this name."""
    return {name for name, tree in trees.items() for call in _calls(tree) if call[1].attr == method}


def writes(tree: ast.Module) -> Iterator[tuple[int, str]]:
    """Line and method of every write by a manager (`Row.objects…update()`) or `Writes`, and of every row's `save`."""
    for call, function in _calls(tree):
        if function.attr in WRITES and (_is_of_manager(function.value) or _saves_a_row(call, function)):
            yield call.lineno, function.attr
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "Writes":
            yield node.lineno, "Writes"


def _calls(tree: ast.AST) -> Iterator[tuple[ast.Call, ast.Attribute]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            yield node, node.func


def _is_of_manager(node: ast.AST) -> bool:
    return any(isinstance(each, ast.Attribute) and each.attr == "objects" for each in ast.walk(node))


def _saves_a_row(call: ast.Call, function: ast.Attribute) -> bool:
    names = {keyword.arg for keyword in call.keywords}
    return function.attr == "save" and (
        not call.args and (not names or bool(names & {"update_fields", "force_insert"}))
    )
