"""`ocpizza backup`: what is in an archive, how it gets its name, what it leaves behind."""

from sqlalchemy import text

from factories import NOON
from ocpizza.operations.backup.make import back_up
from ocpizza.operations.backup.restore import restore
from ocpizza.operations.backup.stages import Stages
from operations.backup.rows import rows_of


def test_try(demo_database, settings, tmp_path):
    import time

    t = time.time()
    made = back_up(demo_database, settings, tmp_path / "ocpizza.ini", Stages())
    print(made.path, made.size, made.manifest.server, time.time() - t)
    before = rows_of(demo_database)
    with demo_database.begin() as c:
        c.execute(text("update product set name='x'"))
    assert rows_of(demo_database) != before
    demo_database.dispose()
    t = time.time()
    with made.path.open("rb") as file:
        print(restore(demo_database, settings, file, NOON, Stages()), time.time() - t)
    assert rows_of(demo_database) == before
