import pytest

from ltisys.files import write_whole


def test_a_file_is_replaced_only_by_a_whole_one(tmp_path):
    path = tmp_path / "model.bin"
    write_whole(path, b"old")
    write_whole(path, memoryview(b"new"))
    assert path.read_bytes() == b"new"
    assert [entry.name for entry in tmp_path.iterdir()] == ["model.bin"]


def test_what_cannot_be_written_names_the_path_and_leaves_nothing(tmp_path):
    (tmp_path / "folder.bin").mkdir()
    with pytest.raises(OSError, match=r"folder\.bin"):
        write_whole(tmp_path / "folder.bin", b"x")
    assert [entry.name for entry in tmp_path.iterdir()] == ["folder.bin"]
    with pytest.raises(FileNotFoundError, match=r"the folder does not exist: .*x\.bin"):
        write_whole(tmp_path / "nowhere" / "x.bin", b"x")


def test_a_failure_half_way_keeps_the_old_file(tmp_path, monkeypatch):
    path = tmp_path / "model.bin"
    write_whole(path, b"old")

    def full(_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(OSError, match=r"No space left on device: .*model\.bin"):
        write_whole(path, b"new")
    assert path.read_bytes() == b"old"
    assert len(list(tmp_path.iterdir())) == 1
