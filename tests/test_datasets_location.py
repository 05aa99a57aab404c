"""Where data come from: a path, the environment, or one checked download."""

import hashlib
import io
import tarfile
from pathlib import Path

import pooch
import pytest

from ltisys.datasets.location import DownloadProgress, fetch, locate, unpack

CONTENT = b"two hundred bytes" * 20
CHECKSUM = hashlib.sha256(CONTENT).hexdigest()
URL = "https://example.org/data/file.bin"


def no_download() -> Path:
    raise AssertionError("nothing may be downloaded here")


@pytest.fixture
def requests(tmp_path, monkeypatch) -> list[str]:
    """The cache in a temporary folder, and a server that always sends CONTENT: the list of what it was asked for."""
    asked = []

    class Downloader:
        def __init__(self, progressbar: DownloadProgress) -> None:
            self.progress = progressbar

        def __call__(self, url: str, output_file: str, mover: object, check_only: bool = False) -> None:
            asked.append(url)
            self.progress.total = len(CONTENT)
            Path(output_file).write_bytes(CONTENT)
            self.progress.update(len(CONTENT))
            self.progress.reset()
            self.progress.update(len(CONTENT))
            self.progress.close()

    monkeypatch.setattr(pooch, "HTTPDownloader", Downloader)
    monkeypatch.setattr(pooch, "os_cache", lambda project: tmp_path / project)
    return asked


def test_a_path_comes_first(tmp_path, monkeypatch):
    monkeypatch.setenv("LTISYS_DATA", "/nowhere")
    assert locate(tmp_path, "mnist", no_download) == tmp_path
    assert locate(str(tmp_path), "mnist", no_download) == tmp_path


def test_then_the_environment(tmp_path, monkeypatch):
    (tmp_path / "mnist").mkdir()
    monkeypatch.setenv("LTISYS_DATA", str(tmp_path))
    assert locate(None, "mnist", no_download) == tmp_path / "mnist"


def test_then_a_download(tmp_path, monkeypatch):
    monkeypatch.delenv("LTISYS_DATA", raising=False)
    assert locate(None, "mnist", lambda: tmp_path) == tmp_path


def test_a_missing_folder_is_named_with_who_named_it(tmp_path, monkeypatch):
    with pytest.raises(FileNotFoundError, match=r"absent: no such folder$"):
        locate(tmp_path / "absent", "mnist", no_download)
    monkeypatch.setenv("LTISYS_DATA", str(tmp_path))
    with pytest.raises(FileNotFoundError, match=r"mnist: no such folder \(from LTISYS_DATA=.+\)$"):
        locate(None, "mnist", no_download)


def test_a_file_is_downloaded_once(requests, tmp_path, capsys):
    path = fetch(URL, CHECKSUM, "some")
    assert path == tmp_path / "ltisys" / "some" / "file.bin"
    assert path.read_bytes() == CONTENT
    assert "file.bin" in capsys.readouterr().err
    assert fetch(URL, CHECKSUM, "some") == path
    assert requests == [URL]
    assert capsys.readouterr().err == ""


def test_a_file_with_another_checksum_is_not_kept(requests, tmp_path):
    with pytest.raises(ValueError, match=r"hash of downloaded file \(file\.bin\) does not match the known hash"):
        fetch(URL, "0" * 64, "some")
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


def test_a_failed_download_says_what_to_do(requests, monkeypatch):
    def unreachable(self: object, *arguments: object, **options: object) -> None:
        raise OSError("no route to host")

    monkeypatch.setattr(pooch.HTTPDownloader, "__call__", unreachable)
    message = r"file\.bin: could not be downloaded \(no route to host\); pass the path of a copy, or set LTISYS_DATA$"
    with pytest.raises(ConnectionError, match=message):
        fetch(URL, CHECKSUM, "some")


def test_an_archive_is_unpacked_once_beside_itself(tmp_path):
    archive = tmp_path / "words_v1.tar.gz"
    with tarfile.open(archive, "w:gz") as tar:
        member = tarfile.TarInfo("yes/ada_0.wav")
        member.size = len(CONTENT)
        tar.addfile(member, io.BytesIO(CONTENT))
    folder = unpack(archive)
    assert folder == tmp_path / "words_v1"
    assert (folder / "yes" / "ada_0.wav").read_bytes() == CONTENT
    (folder / "yes" / "ada_0.wav").write_bytes(b"changed")
    assert (unpack(archive) / "yes" / "ada_0.wav").read_bytes() == b"changed"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["words_v1", "words_v1.tar.gz"]


def test_an_archive_that_breaks_off_leaves_no_folder(tmp_path):
    archive = tmp_path / "words_v1.tar.gz"
    with tarfile.open(archive, "w:gz") as tar:
        member = tarfile.TarInfo("yes/ada_0.wav")
        member.size = len(CONTENT)
        tar.addfile(member, io.BytesIO(CONTENT))
    archive.write_bytes(archive.read_bytes()[:100])
    with pytest.raises((EOFError, tarfile.ReadError)):
        unpack(archive)
    assert list(tmp_path.iterdir()) == [archive]
