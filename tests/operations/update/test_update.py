"""An update is in place whole, or nothing of it is: whatever is wrong, whenever it is killed."""

import os
import re
import shutil
import signal
from datetime import timedelta
from pathlib import Path

import pytest

from databases import BACKENDS
from ocpizza.cli.updates import SIGNALS, ended_in_order
from ocpizza.operations.backup.folder import BackupFolder
from ocpizza.operations.update import releases
from ocpizza.operations.update.releases import KEPT
from ocpizza.operations.update.rollback import lines
from operations.update.pictures import png
from operations.update.updated_shop import ThisProcess, Updated

RENAME = "UPDATE product SET name = name || ' bis';"
CSS = "p { color: red }"
LOG_LINE = re.compile(r"\d{4}-\d\d-\d\d_\d\d-\d\d-\d\d-\d{3} : [A-Z][a-z-]* > (CORRECT|ERROR)")
FILES = {"common.static.app.css": CSS, "city_001.static.tokyo.png": png()}
WITH_CONTENT = {**FILES, "common.names.psql": RENAME}

ON_BOTH = pytest.mark.parametrize("backend", BACKENDS)


@pytest.fixture(params=["sqlite"])
def backend(request) -> str:
    """What changes no content asks the database for restaurants' codes alone."""
    return request.param


def test_components_are_in_place_and_their_note_with_them(shop: Updated):
    assert shop.bring(FILES) == 0
    assert shop.files() == {
        "common/static/app.css": CSS.encode(),
        "city_001/static/tokyo.png": png(),
    }
    assert shop.releases.note(shop.releases.current).brought == [
        "city_001/static/tokyo.png",
        "common/static/app.css",
    ]
    assert shop.left_over() == []


def test_each_event_is_a_line_on_the_screen_and_in_the_log(shop: Updated):
    shop.bring(FILES)
    events = [line.strip() for line in shop.said if " > " in line]
    assert events == [
        "Earlier-update-ended > CORRECT",
        "Folder-read > CORRECT",
        "Controller-right > CORRECT",
        "Components-complete > CORRECT",
        "Restaurants-known > CORRECT",
        "Components-right > CORRECT",
        "Release-staged > CORRECT",
        "Trial-passed > CORRECT",
        "Release-switched > CORRECT",
        "Static-files-collected > CORRECT",
        "Site-takes-it > CORRECT",
        "Website-answers > CORRECT",
        "Update-ended > CORRECT",
    ]
    log = (shop.settings["folders.logs"] / "deploy_logs").read_text().splitlines()
    assert len([line for line in log if LOG_LINE.fullmatch(line)]) == len(events)


def test_the_next_update_is_put_over_the_one_before(shop: Updated):
    shop.bring(FILES)
    assert shop.bring({"common.static.menu.css": CSS}) == 0
    assert sorted(shop.files()) == [
        "city_001/static/tokyo.png",
        "common/static/app.css",
        "common/static/menu.css",
    ]


@ON_BOTH
def test_content_changes_once_after_a_backup(shop: Updated):
    before = shop.product_names()
    assert shop.bring(WITH_CONTENT) == 0
    assert shop.product_names() == [f"{name} bis" for name in before]
    (archive,) = shop.settings["folders.backups"].glob("ocpizza-*.tar")
    assert f"    {archive}" in shop.said
    # Rehearsed, then done: a mistake in a WHERE is seen by how many rows it finds.
    assert shop.said.count(f"    common/names.psql: {len(before)} rows changed") == 2
    assert shop.changes() == ["common/names.psql"]
    assert shop.bring({"city_001.other.psql": RENAME}) == 1
    assert "common/names.psql" not in "".join(shop.said)
    assert "city_001/other.psql was run already, on 2026-03-04" in "".join(shop.said)
    assert shop.product_names() == [f"{name} bis" for name in before]


@ON_BOTH
def test_the_same_sql_runs_again_where_that_is_said(shop: Updated):
    before = shop.product_names()
    shop.bring(WITH_CONTENT)
    assert shop.bring(WITH_CONTENT, again=True) == 0
    assert shop.product_names() == [f"{name} bis bis" for name in before]


@ON_BOTH
def test_sql_that_fails_halfway_changes_nothing(shop: Updated):
    before, files = shop.product_names(), shop.bring(FILES) or shop.files()
    broken = {"common.static.menu.css": CSS, "common.names.psql": RENAME + "SELECT nothing;"}
    assert shop.bring(broken) == 1
    assert shop.product_names() == before
    assert shop.changes() == []
    assert shop.files() == files
    assert len(shop.releases.all()) == 1
    assert shop.left_over() == []
    # Nobody was kept waiting for that, and no archive goes for one of a mistake.
    assert "Changes-rehearsed > ERROR" in "".join(shop.said)
    assert not [*shop.settings["folders.backups"].glob("*.tar")]
    assert shop.bring(broken, dry_run=True) == 1


@pytest.mark.parametrize(
    ("components", "said"),
    [
        ({"city_009.static.a.png": png()}, "no restaurant has the code city_009 (city_001)"),
        ({"common.static.a.png": b"<svg>"}, "a.png (.png): it is no PNG"),
        ({"common.a.py": "def x(:"}, "component_0.py (.py): line 1: "),
        ({"common.static.a.css": "  "}, "component_0.css (.css): it is empty"),
    ],
)
def test_a_component_that_is_wrong_changes_nothing(shop: Updated, components, said):
    shop.bring(FILES)
    before, release = shop.files(), shop.releases.current
    assert shop.bring({**components, "common.static.menu.css": CSS}) == 1
    assert said in "\n".join(shop.said)
    assert shop.said[-1].startswith("Error: the site is as it was; mend the cause")
    assert (shop.files(), shop.releases.all()) == (before, [release])
    assert shop.left_over() == []


def test_what_is_odd_is_told_in_one_line_however_much_it_is(shop: Updated):
    assert shop.bring({f"common.static.p{number}.png": png() for number in range(50)}) == 0
    told = shop.said[shop.said.index("  Components-right > CORRECT") + 1]
    assert told.count("no product has this name") == 4
    assert told.endswith(" and 46 more")


def test_a_file_that_is_missing_or_unlisted_is_named(shop: Updated):
    folder = shop.folder(FILES)
    (folder / "component_0.css").rename(folder / "other.css")
    assert shop.update(folder) == 1
    assert f"controller.ini lists component_0.css: not in {folder}" in "\n".join(shop.said)
    (folder / "component_0.css").write_text(CSS)
    assert shop.update(folder) == 1
    odd = f"{folder} holds other.css: not listed in controller.ini: list them there, or remove"
    assert odd in "\n".join(shop.said)


def test_a_dry_run_looks_at_all_and_changes_nothing(shop: Updated):
    before = shop.product_names()
    assert shop.bring(WITH_CONTENT, dry_run=True) == 0
    assert "Trial-passed > CORRECT" in "".join(shop.said)
    assert f"    common/names.psql: {len(before)} rows changed" in shop.said
    assert shop.said[-2:] == ["  Release-unstaged > CORRECT", "    nothing was put in place"]
    assert (shop.releases.current, shop.releases.all(), shop.left_over()) == (None, [], [])
    assert shop.product_names() == before
    assert shop.bring(WITH_CONTENT) == 0


def test_one_goes_back_step_by_step(shop: Updated):
    shop.bring(FILES)
    first = shop.files()
    shop.bring({"common.static.app.css": "p {}"})
    assert shop.roll_back() == 0
    assert shop.files() == first
    assert shop.roll_back() == 0
    assert shop.releases.current is None
    assert shop.roll_back() == 1
    assert "no update is in place" in "".join(shop.said)
    assert len(shop.releases.all()) == 2


@ON_BOTH
def test_whoever_goes_back_is_told_what_stays(shop: Updated):
    shop.bring(WITH_CONTENT)
    assert shop.roll_back() == 0
    assert "; what common/names.psql changed in the database stays" in "\n".join(shop.said)


def test_what_brings_a_lot_is_a_line_of_the_list_all_the_same(shop: Updated):
    shop.bring({f"common.static.dish_{number}.css": CSS for number in range(50)})
    (newest, _) = lines(shop.releases)
    named = ", ".join(f"common/static/dish_{number}.css" for number in range(4))
    assert newest.partition("  ")[2].startswith(f"{named} and 46 more (ocpizza ")


def test_a_component_is_taken_away_and_comes_back_with_the_release_before(shop: Updated):
    shop.bring(FILES)
    before = shop.files()
    assert shop.remove("city_001/static/tokyo.png") == 0
    assert [*shop.files()] == ["common/static/app.css"]
    assert "  without city_001/static/tokyo.png (ocpizza " in next(lines(shop.releases))
    assert shop.roll_back() == 0
    assert shop.files() == before


@pytest.mark.parametrize("target", ["nothing.css", "common", "../../nothing", "/etc/passwd", ""])
def test_what_is_not_in_place_cannot_be_taken_away(shop: Updated, target):
    shop.bring(FILES)
    before = shop.files()
    assert shop.remove(target) == 1
    assert "is no component in place" in "".join(shop.said)
    assert shop.files() == before


def test_an_update_after_going_back_starts_from_what_is_in_place(shop: Updated):
    shop.bring(FILES)
    first = shop.files()
    shop.bring({"common.static.menu.css": CSS})
    shop.roll_back()
    shop.bring({"common.static.extra.css": CSS})
    assert shop.files() == {**first, "common/static/extra.css": CSS.encode()}
    assert shop.roll_back() == 0
    assert shop.files() == first


class Refusing(ThisProcess):
    """A site that does not take what is in place."""

    def ocpizza(self, *arguments: str, timeout: float | None = None) -> str:
        if arguments[0] == "collect-static":
            raise OSError(28, "No space left on device", "static")
        return super().ocpizza(*arguments)


@ON_BOTH
def test_a_site_that_does_not_take_it_has_the_earlier_one_again(shop: Updated):
    shop.bring(FILES)
    before, release = shop.files(), shop.releases.current
    shop.host_class = Refusing
    assert shop.bring(WITH_CONTENT) == 1
    assert (shop.files(), shop.releases.all()) == (before, [release])
    assert shop.left_over() == []
    told = "\n".join(shop.said)
    assert f"{release} in place" in told
    # Orders may have come since: the database is no file to go back to.
    assert "what common/names.psql changed stays; before that: " in told


def test_a_log_that_is_full_does_not_keep_the_earlier_one_from_coming_back(shop: Updated):
    shop.bring(FILES)
    before = shop.files()
    log = shop.settings["folders.logs"] / "deploy_logs"

    class Full(ThisProcess):
        def ocpizza(self, *arguments: str, timeout: float | None = None) -> str:
            if arguments[0] == "collect-static":
                for file in Path("/proc/self/fd").iterdir():
                    if file.exists() and file.resolve() == log:
                        os.dup2(os.open("/dev/full", os.O_WRONLY), int(file.name))
            return super().ocpizza(*arguments)

    shop.host_class = Full
    assert shop.bring({"common.static.menu.css": CSS}) == 1
    assert "cannot write" in shop.said[-1]
    assert (shop.files(), shop.left_over()) == (before, [])


@pytest.mark.parametrize("sent", [signal.SIGHUP, signal.SIGTERM])
def test_a_session_that_is_lost_has_the_earlier_one_back(shop: Updated, sent):
    shop.bring(FILES)
    before, handlers = shop.files(), [signal.getsignal(each) for each in SIGNALS]

    class Lost(ThisProcess):
        def ocpizza(self, *arguments: str, timeout: float | None = None) -> str:
            if arguments[0] == "collect-static":
                # The second while it goes back: whoever closes a window sends several.
                os.kill(os.getpid(), sent)
            return super().ocpizza(*arguments)

    shop.host_class = Lost
    with pytest.raises(SystemExit), ended_in_order():
        shop.bring({"common.static.menu.css": CSS})
    assert (shop.files(), shop.left_over()) == (before, [])
    assert "Earlier-release-back > CORRECT" in "".join(shop.said)
    assert [signal.getsignal(each) for each in SIGNALS] == handlers


def test_two_updates_at_once_are_one_after_the_other(shop: Updated):
    folder = shop.folder({"common.static.menu.css": CSS})
    second = []

    class Meanwhile(ThisProcess):
        def ocpizza(self, *arguments: str, timeout: float | None = None) -> str:
            if arguments[0] == "try-release":
                other = Updated(shop.engine, shop.settings, shop.config, shop.work)
                second.append((other.update(folder), other.said[-1]))
            return super().ocpizza(*arguments)

    shop.host_class = Meanwhile
    assert shop.bring(FILES) == 0
    assert second == [(1, "Error: another deployment or update is at work; wait until it is done")]


# How many changes are made before the one that decides, and from it on.
@pytest.mark.parametrize(
    ("backend", "components", "before", "after"),
    [("sqlite", FILES, 8, 1), ("sqlite", WITH_CONTENT, 7, 4), ("postgresql", WITH_CONTENT, 7, 4)],
    ids=["files", "content", "content-on-postgresql"],
)
def test_an_update_killed_at_any_moment_is_whole_or_never_was(
    shop: Updated, components, before, after
):
    shop.bring({"common.static.first.css": CSS})
    names, earlier = shop.product_names(), shop.files()
    changed = [f"{name} bis" for name in names] if components is WITH_CONTENT else names
    folder = shop.folder(components)
    point, came = 0, []
    while shop.dies(folder, point):
        # Whatever runs next ends it first, be it only a look.
        shop.resume()
        assert shop.left_over() == []
        came.append(len(shop.releases.all()) == 2)
        if came[-1]:
            assert set(shop.files()) > set(earlier)
            assert shop.product_names() == changed
            shop.undo(names)
        assert (shop.files(), shop.product_names()) == (earlier, names)
        assert (len(shop.releases.all()), shop.changes()) == (1, [])
        point += 1
    assert set(shop.files()) > set(earlier)
    # It came from some moment on, and never before.
    assert came == sorted(came)
    assert came.count(False) >= before
    assert came.count(True) >= after


def test_whoever_only_looks_ends_no_interrupted_update(shop: Updated):
    shop.bring(FILES)
    folder = shop.folder({"common.static.menu.css": CSS})
    shop.interrupt()
    assert shop.update(folder, dry_run=True) == 1
    assert "the last update was interrupted: ocpizza update --resume" in "".join(shop.said)
    assert shop.releases.unproved


def test_ending_one_waits_for_no_restoration_and_changes_nothing_beside_it(shop: Updated):
    shop.bring(FILES)
    shop.interrupt()
    before = shop.releases.current
    with BackupFolder(shop.settings["folders.backups"]).locked():
        assert shop.bring({"common.static.menu.css": CSS}) == 1
    assert "is at work" in "".join(shop.said)
    assert (shop.releases.current, bool(shop.releases.unproved)) == (before, True)


def test_a_note_of_a_switch_that_is_damaged_keeps_nobody_from_updating(shop: Updated):
    shop.bring(FILES)
    (shop.releases.overlay / "unproved").write_text("{")
    assert shop.bring({"common.static.menu.css": CSS}) == 0
    assert len(shop.files()) == 3


def test_a_release_removed_by_hand_is_none(shop: Updated):
    shop.bring(FILES)
    shutil.rmtree(shop.releases.path(shop.releases.current))
    assert shop.releases.current is None
    assert shop.bring({"common.static.menu.css": CSS}) == 0
    assert [*shop.files()] == ["common/static/menu.css"]


def test_files_of_others_among_the_releases_are_left_alone(shop: Updated):
    shop.releases.folder.mkdir(parents=True)
    strange = [shop.releases.folder / name for name in (".DS_Store", "0_notes.txt", ".old")]
    for path in strange:
        path.write_text("")
    for number in range(KEPT + 2):
        assert shop.bring({"common.static.menu.css": f"p {{ order: {number} }}"}) == 0, shop.said
    assert [path for path in strange if not path.exists()] == []
    assert len(shop.releases.all()) == KEPT


def test_a_clock_that_was_set_back_makes_a_later_release_all_the_same(shop: Updated):
    shop.bring(FILES)
    first = shop.releases.current
    shop.now -= timedelta(days=400)
    shop.bring({"common.static.menu.css": CSS})
    assert shop.releases.current > first
    assert shop.roll_back() == 0
    assert shop.releases.current == first


def test_what_stays_the_same_is_on_the_disk_once_and_what_changes_changes_alone(shop: Updated):
    shop.bring(FILES)
    first = shop.releases.path(shop.releases.current)
    shop.bring({"common.static.app.css": "p {}"})
    second = shop.releases.path(shop.releases.current)
    picture, css = "city_001/static/tokyo.png", "common/static/app.css"
    assert (first / picture).samefile(second / picture)
    assert ((first / css).read_text(), (second / css).read_text()) == (CSS, "p {}")


def test_the_same_sql_twice_in_a_folder_is_refused_at_once(shop: Updated):
    assert shop.bring({"common.a.psql": RENAME, "common.b.psql": RENAME}) == 1
    assert "common/b.psql says the same as common/a.psql: once is enough" in "".join(shop.said)


def test_a_disk_that_is_full_keeps_nothing_of_what_was_staged(shop: Updated, monkeypatch):
    shop.bring(FILES)
    before = shop.files()

    def full(path):
        raise OSError(28, "No space left on device", str(path))

    monkeypatch.setattr(releases, "sync", full)
    assert shop.bring({"common.static.menu.css": CSS}) == 1
    assert "No space left on device" in "".join(shop.said)
    assert (shop.files(), shop.left_over()) == (before, [])
