"""`make migration`: the next migration is written from the models."""

import re
import shutil

import pytest

import make_migration
from databases import MIGRATIONS


@pytest.fixture
def before_0036(tmp_path):
    """The migrations as they were before some of them."""
    folder = tmp_path / "alembic"
    shutil.copytree(MIGRATIONS, folder, ignore=shutil.ignore_patterns("__pycache__"))
    for migration in folder.glob("versions/*.py"):
        if migration.name >= "0036":
            migration.unlink()
    return folder


def test_what_the_models_have_more_is_written(databases, before_0036, capsys):
    assert make_migration.make(databases, "Days say « retard »", before_0036) == 0
    (written,) = before_0036.glob("versions/0036*.py")
    assert written.name == "0036_days_say_retard.py"
    text = written.read_text(encoding="utf-8")
    assert text.startswith('"""Days say « retard »."""\n')
    assert 'revision = "0036"\ndown_revision = "0035"\n' in text
    column = 'sa.Column("late", sa.Integer(), server_default=sa.text("0"), nullable=False)'
    assert column in re.sub(r"\s+", " ", text)
    assert 'op.drop_column("closed_day", "late")' in text
    assert "ocpizza" not in text
    said = capsys.readouterr().out.splitlines()
    assert said[0] == (
        "Written: alembic/versions/0036_days_say_retard.py. Read it: what becomes of the rows?"
    )
    for kind in ("delivery_tap ck ck_delivery_tap_kind", "triggers till_session_frozen"):
        assert any(f"to add by hand, postgresql: {kind}" in each for each in said)
    assert any("to add by hand, sqlite: it does not run there" in each for each in said)


def test_nothing_is_written_where_nothing_is_missing(databases, tmp_path, capsys):
    folder = tmp_path / "alembic"
    shutil.copytree(MIGRATIONS, folder, ignore=shutil.ignore_patterns("__pycache__"))
    before = sorted(folder.glob("versions/*.py"))
    assert make_migration.make(databases, "Nothing", folder) == 0
    assert sorted(folder.glob("versions/*.py")) == before
    assert "nothing to write" in capsys.readouterr().out


def test_a_migration_without_a_message_is_refused(capsys):
    assert make_migration.main(" . ") == 2
    assert "make migration MESSAGE=" in capsys.readouterr().err
