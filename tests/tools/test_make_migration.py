"""`make migration`: the next migration is written from the models."""

import re
import shutil

import pytest

import make_migration
from databases import MIGRATIONS


@pytest.fixture
def before_0019(tmp_path):
    """The migrations as they were before two of them."""
    folder = tmp_path / "alembic"
    shutil.copytree(MIGRATIONS, folder, ignore=shutil.ignore_patterns("__pycache__"))
    for migration in folder.glob("versions/*.py"):
        if migration.name >= "0019":
            migration.unlink()
    return folder


def test_what_the_models_have_more_is_written(databases, before_0019, capsys):
    assert make_migration.make(databases, "Mail says « refusé »", before_0019) == 0
    (written,) = before_0019.glob("versions/0019*.py")
    assert written.name == "0019_mail_says_refuse.py"
    text = written.read_text(encoding="utf-8")
    assert text.startswith('"""Mail says « refusé »."""\n')
    assert 'revision = "0019"\ndown_revision = "0018"\n' in text
    column = 'sa.Column("refused_since", sa.DateTime(timezone=True), nullable=True)'
    assert column in re.sub(r"\s+", " ", text)
    assert 'op.drop_column("outgoing_mail", "refused_since")' in text
    assert "ocpizza" not in text
    said = capsys.readouterr().out.splitlines()
    assert said[0] == (
        "Written: alembic/versions/0019_mail_says_refuse.py. Read it: what becomes of the rows?"
    )
    assert any(
        "to add by hand, postgresql: orders ck ck_orders_ending_code" in each for each in said
    )
    assert any("to add by hand, postgresql: orders ix ix_orders_last_digits" in e for e in said)
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
