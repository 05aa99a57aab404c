"""MNIST from IDX files, each checked; and the real digits where they are."""

import gzip

import numpy as np
import pytest
import tiny_datasets
from tiny_datasets import idx, real

from ltisys import datasets
from ltisys.datasets import handwriting

IMAGES, LABELS = "train-images-idx3-ubyte.gz", "train-labels-idx1-ubyte.gz"


def test_pixels_and_labels_are_those_of_the_files(tmp_path):
    digits = datasets.mnist(tiny_datasets.mnist(tmp_path))
    raw = gzip.decompress((tmp_path / IMAGES).read_bytes())[16:]
    assert digits.x_train.shape == (6, 1, 28, 28)
    assert digits.x_train.dtype == np.float32
    np.testing.assert_array_equal(np.rint(digits.x_train * 255).ravel(), np.frombuffer(raw, np.uint8))
    assert digits.x_train.max() <= 1
    assert digits.t_train.tolist() == [0, 1, 2, 3, 4, 5]
    assert digits.t_train.dtype == np.int64
    assert digits.x_test.shape == (3, 1, 28, 28)
    assert digits.t_test.tolist() == [0, 1, 2]
    assert repr(digits) == "Digits(6 for training, 3 for testing)"


def test_the_real_digits_have_their_known_statistics():
    for folder in real("mnist"):
        digits = datasets.mnist(folder)
        assert digits.x_train.shape == (60000, 1, 28, 28)
        assert digits.x_train.mean(dtype=float) == pytest.approx(0.1307, abs=1e-4)
        assert digits.x_train.std(dtype=float) == pytest.approx(0.3081, abs=1e-4)
        assert np.bincount(digits.t_test).tolist() == [980, 1135, 1032, 1010, 982, 892, 958, 1028, 974, 1009]


def change(name: str, content: bytes, message: str):
    return pytest.param(name, content, message, id=message.split(":")[-1].strip())


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        change(IMAGES, b"not gzip", r"train-images.+\.gz: not a readable gzip file"),
        change(IMAGES, gzip.compress(idx(np.zeros((6, 28, 28), np.uint8)))[:-9], r"images.+: not a readable gzip file"),
        change(IMAGES, gzip.compress(idx(np.zeros((6, 784), np.uint8))), r"images.+: .* number 00000803, got 00000802"),
        change(LABELS, gzip.compress(idx(np.zeros((6, 28, 28), np.uint8))), r"labels.+: .* 00000801, got 00000803"),
        change(LABELS, gzip.compress(b""), r"labels.+: expected IDX magic number 00000801, got nothing"),
        change(LABELS, gzip.compress(bytes([0, 0, 8, 1, 0])), r"labels.+: expected 8 bytes for shape \(0,\), got 5"),
        change(IMAGES, gzip.compress(idx(np.zeros((6, 28, 28), np.uint8))[:-1]), r"images.+: expected 4720 bytes"),
        change(IMAGES, gzip.compress(idx(np.zeros((6, 27, 28), np.uint8))), r"images.+: .* 28 x 28, got 27 x 28"),
        change(LABELS, gzip.compress(idx(np.zeros(5, np.uint8))), r"labels.+: expected a label for each of 6 images"),
        change(LABELS, gzip.compress(idx(np.full(6, 10, np.uint8))), r"labels.+: expected labels from 0 to 9, got 10"),
    ],
)
def test_a_file_that_is_not_what_it_should_be_is_named(tmp_path, name, content, message):
    tiny_datasets.mnist(tmp_path)
    (tmp_path / name).write_bytes(content)
    with pytest.raises(ValueError, match=message):
        datasets.mnist(tmp_path)


def test_a_missing_file_is_named(tmp_path):
    tiny_datasets.mnist(tmp_path)
    (tmp_path / LABELS).unlink()
    with pytest.raises(FileNotFoundError, match=r"train-labels-idx1-ubyte\.gz: no such file$"):
        datasets.mnist(tmp_path)


def test_the_four_published_files_are_downloaded(tmp_path, monkeypatch):
    tiny_datasets.mnist(tmp_path)
    asked = []

    def fetch(url: str, checksum: str, folder: str):
        asked.append(url)
        assert len(checksum) == 64
        return tmp_path / url.rpartition("/")[2]

    monkeypatch.delenv("LTISYS_DATA", raising=False)
    monkeypatch.setattr(handwriting, "fetch", fetch)
    assert len(datasets.mnist().x_train) == 6
    assert len(asked) == 4
