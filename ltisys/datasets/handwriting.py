"""MNIST: 70,000 handwritten digits."""

import gzip
import math
import os
import zlib
from dataclasses import dataclass
from pathlib import Path
from typing import final

import numpy as np

from .location import fetch, locate

_URL = "https://storage.googleapis.com/cvdf-datasets/mnist/"
_SHA256 = {
    "train-images-idx3-ubyte.gz": "440fcabf73cc546fa21475e81ea370265605f56be210a4024d2ca8f203523609",
    "train-labels-idx1-ubyte.gz": "3552534a0a558bbed6aed32b30c495cca23d567ec52cac8be1a0730e8010255c",
    "t10k-images-idx3-ubyte.gz": "8d422c7b0a1c1c79245a5bcf07fe86e33eeafee792b84584aec276f5a2dbc4e6",
    "t10k-labels-idx1-ubyte.gz": "f7ae60f92e00ec6debd23a6088c31dbd2371eca3ffa0defaefb259924204aec6",
}
_UNSIGNED_BYTE = 8  # the type code of IDX


@final
@dataclass(frozen=True, eq=False, repr=False)
class Digits:
    """Images of digits, and which digit each shows.

    Attributes
    ----------
    x_train, x_test : ndarray of float32, shape (images, 1, 28, 28)
        Grey values: 0 is paper, 1 is ink.
    t_train, t_test : ndarray of int64, shape (images,)
        The digits, 0 to 9.
    """

    x_train: np.ndarray
    t_train: np.ndarray
    x_test: np.ndarray
    t_test: np.ndarray

    def __repr__(self) -> str:
        return f"Digits({len(self.x_train)} for training, {len(self.x_test)} for testing)"


def mnist(path: str | os.PathLike[str] | None = None) -> Digits:
    """The MNIST handwritten digits: 60,000 for training and 10,000 for testing.

    Parameters
    ----------
    path : path, optional
        A folder with the four IDX files, gzipped, under their original names. If None: `mnist` below the folder that
        the environment variable LTISYS_DATA names; else they are downloaded once to the cache (11 MB).

    Returns
    -------
    Digits

    Raises
    ------
    FileNotFoundError
        If the folder or one of the files is missing.
    ValueError
        For a file that is damaged, cut short or of another kind; it is named.

    Notes
    -----
    Source: Y. LeCun, C. Cortes, C. J. C. Burges, The MNIST database of handwritten digits. CC BY-SA 3.0.
    """
    root = locate(path, "mnist", _download)
    x_train, t_train, x_test, t_test = (root / name for name in _SHA256)
    return Digits(*_images_and_labels(x_train, t_train), *_images_and_labels(x_test, t_test))


def _download() -> Path:
    files = [fetch(_URL + name, checksum, "mnist") for name, checksum in _SHA256.items()]
    return files[0].parent


def _images_and_labels(image_file: Path, label_file: Path) -> tuple[np.ndarray, np.ndarray]:
    images, labels = _read_idx(image_file, ndim=3), _read_idx(label_file, ndim=1)
    if images.shape[1:] != (28, 28):
        raise ValueError(f"{image_file}: expected images of 28 x 28, got {images.shape[1]} x {images.shape[2]}")
    if len(images) != len(labels):
        raise ValueError(f"{label_file}: expected a label for each of {len(images)} images, got {len(labels)}")
    if labels.max(initial=0) > 9:
        raise ValueError(f"{label_file}: expected labels from 0 to 9, got {labels.max()}")
    return images[:, np.newaxis].astype(np.float32) / 255, labels.astype(np.int64)


def _read_idx(path: Path, ndim: int) -> np.ndarray:
    """The array of unsigned bytes in a gzipped IDX file.

    IDX: two zero bytes, the type code, the number of axes, each length as a big-endian 32-bit integer, the data.
    """
    if not path.exists():
        raise FileNotFoundError(f"{path}: no such file")
    try:
        content = gzip.decompress(path.read_bytes())
    except (gzip.BadGzipFile, zlib.error, EOFError) as error:
        raise ValueError(f"{path}: not a readable gzip file ({error})") from error
    magic, expected = content[:4], bytes([0, 0, _UNSIGNED_BYTE, ndim])
    if magic != expected:
        raise ValueError(f"{path}: expected IDX magic number {expected.hex()}, got {magic.hex() or 'nothing'}")
    start = 4 + 4 * ndim
    shape = tuple(np.frombuffer(content[4:start].ljust(4 * ndim, b"\0"), ">u4").tolist())
    size = start + math.prod(shape)
    if len(content) != size:
        raise ValueError(f"{path}: expected {size} bytes for shape {shape}, got {len(content)}")
    return np.frombuffer(content, np.uint8, offset=start).reshape(shape)
