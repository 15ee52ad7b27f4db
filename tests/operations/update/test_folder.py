"""The folder of an update: root's own files, and nothing else."""

import os
import socket

import pytest

from ocpizza.operations.update import folder as reading
from ocpizza.operations.update.errors import UpdateError
from ocpizza.operations.update.folder import read_folder

STRANGER = 12345
as_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root makes devices, and gives away")


@pytest.fixture
def folder(tmp_path):
    path = tmp_path / "update"
    path.mkdir(0o755)
    (path / "controller.ini").write_text("# light_components\n")
    (path / "a.png").write_bytes(b"a")
    return path


def test_every_file_is_read(folder):
    assert read_folder(folder) == {"controller.ini": b"# light_components\n", "a.png": b"a"}


def link(folder):
    (folder / "b.png").symlink_to("/etc/passwd")


def dangling(folder):
    (folder / "b.png").symlink_to("nowhere")


def device(folder):
    os.mknod(folder / "b.png", 0o600 | 0o020000, os.makedev(1, 5))


def pipe(folder):
    os.mkfifo(folder / "b.png")


def listening(folder):
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(os.fspath(folder / "b.png"))


def inner(folder):
    (folder / "b.png").mkdir()


def writable(folder):
    (folder / "a.png").chmod(0o664)


def open_to_all(folder):
    folder.chmod(0o777)


def no_controller(folder):
    (folder / "controller.ini").unlink()


def gone(folder):
    for path in folder.iterdir():
        path.unlink()
    folder.rmdir()


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (link, "b.png: it is a link"),
        (dangling, "b.png: it is a link"),
        pytest.param(device, "is a device or a pipe", marks=as_root),
        (pipe, "is a device or a pipe"),
        (listening, "b.png: No such device or address"),
        (inner, "is a folder: components are files beside controller.ini"),
        (writable, "others may write"),
        (open_to_all, "others may write"),
        (no_controller, "has no controller.ini"),
        (gone, "No such file or directory"),
    ],
    ids=lambda value: getattr(value, "__name__", None),
)
def test_what_is_no_component_is_refused(folder, spoil, said):
    spoil(folder)
    with pytest.raises(UpdateError) as refused:
        read_folder(folder)
    (line,) = refused.value.args
    assert said in line


def test_a_link_to_a_folder_is_no_folder(folder, tmp_path):
    (tmp_path / "link").symlink_to(folder)
    with pytest.raises(UpdateError, match="cannot read the folder"):
        read_folder(tmp_path / "link")


@as_root
@pytest.mark.parametrize("whose", [".", "a.png", "controller.ini"])
def test_nobody_but_root_may_have_written_it(folder, whose):
    os.chown(folder / whose, STRANGER, STRANGER)
    with pytest.raises(UpdateError, match="does not belong to root"):
        read_folder(folder)


def test_a_file_and_the_whole_have_a_largest_size(folder, monkeypatch):
    monkeypatch.setattr(reading, "LARGEST", 1 << 20)
    monkeypatch.setattr(reading, "LARGEST_TOGETHER", 2 << 20)
    (folder / "b.pdf").write_bytes(bytes(1 << 20))
    read_folder(folder)
    (folder / "c.pdf").write_bytes(bytes(1 << 20))
    with pytest.raises(UpdateError, match="holds more than 2 MB"):
        read_folder(folder)
    (folder / "c.pdf").write_bytes(bytes((1 << 20) + 1))
    with pytest.raises(UpdateError, match="is larger than 1 MB"):
        read_folder(folder)
