"""`ocpizza backup`: what is in an archive, how it gets its name, what it leaves behind."""
from ocpizza.operations.backup.make import back_up
from ocpizza.operations.backup.stages import Stages

def test_try(demo_database, settings, tmp_path):
    import time
    t=time.time()
    made = back_up(demo_database, settings, tmp_path/"ocpizza.ini", Stages())
    print(made.path, made.size, made.manifest.server, time.time()-t)
    print(made.manifest.tables)
    assert 0
