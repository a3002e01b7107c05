"""What every room owes its reader, and no linter checks."""

import ast
from pathlib import Path

import pytest

SOURCE = Path(__file__).parents[1] / "src" / "xinbo"
TESTS = Path(__file__).parent
ROOMS = sorted(
    door.parent
    for door in SOURCE.glob("*/*/__init__.py")
    if door.parent.parent.name not in {"engines", "demo", "cli"}
)
FILES = sorted(SOURCE.rglob("*.py"))

LONGEST = 400


ROUTED = sorted(SOURCE.glob("*/*/_routes.py"))
TABLES = sorted(
    file for file in SOURCE.glob("*/*/_models.py") if "__tablename__" in file.read_text()
)
SHARED = {"merchant"}
"""Tables that need no `merchant_id`: the merchants themselves."""


def name(path: Path) -> str:
    return str(path.relative_to(SOURCE))


@pytest.mark.parametrize("room", ROOMS, ids=name)
def test_a_room_says_what_it_owns_and_offers(room: Path) -> None:
    door = ast.parse((room / "__init__.py").read_text())
    assert len(ast.get_docstring(door) or "") > 80
    assert any("__all__" in ast.unparse(line) for line in door.body)


@pytest.mark.parametrize("room", ROOMS, ids=name)
def test_a_room_is_tested(room: Path) -> None:
    assert list((TESTS / room.relative_to(SOURCE)).glob("test_*.py"))


@pytest.mark.parametrize("file", FILES, ids=name)
def test_a_file_stays_short(file: Path) -> None:
    assert len(file.read_text().splitlines()) <= LONGEST


@pytest.mark.parametrize("room", ROOMS, ids=name)
def test_a_room_never_commits(room: Path) -> None:
    for file in room.rglob("*.py"):
        assert "commit(" not in file.read_text()


@pytest.mark.parametrize("room", ROOMS, ids=name)
def test_a_room_never_reads_the_clock(room: Path) -> None:
    for file in room.rglob("*.py"):
        code = ast.parse(file.read_text())
        calls = {ast.unparse(node.func) for node in ast.walk(code) if isinstance(node, ast.Call)}
        clocks = {"datetime.now", "datetime.utcnow", "date.today"}
        at_the_edge = file.name == "_serve.py" or "_server" in file.parts
        assert at_the_edge or not calls & clocks, file


@pytest.mark.parametrize("routes", ROUTED, ids=name)
def test_the_application_lists_every_room_that_has_routes(routes: Path) -> None:
    module = ".".join(routes.relative_to(SOURCE.parent).with_suffix("").parts)
    assert f"from {module} import" in (SOURCE / "app.py").read_text()


@pytest.mark.parametrize("tables", TABLES, ids=name)
def test_every_table_is_scoped_by_merchant(tables: Path) -> None:
    for node in ast.walk(ast.parse(tables.read_text())):
        if isinstance(node, ast.ClassDef) and "__tablename__" in ast.unparse(node):
            table = next(
                ast.literal_eval(line.value)
                for line in node.body
                if isinstance(line, ast.Assign) and ast.unparse(line.targets[0]) == "__tablename__"
            )
            assert "merchant_id: Mapped[UUID]" in ast.unparse(node) or table in SHARED, table


@pytest.mark.parametrize("tables", TABLES, ids=name)
def test_a_room_with_tables_decides_who_sees_its_rows(tables: Path) -> None:
    code = "".join(file.read_text() for file in tables.parent.rglob("*.py"))
    if tables.parent.name == "merchants":
        return  # a shop window: every merchant is public
    assert "def _visible" in code or "merchant_id == tx.merchant_id" in code


@pytest.mark.parametrize("file", FILES, ids=name)
def test_no_relationship_crosses_a_room(file: Path) -> None:
    if "relationship(" in file.read_text():
        assert file.name == "_models.py"
        assert 'lazy="raise"' in file.read_text()
