"""The public names, and how quickly they are there."""

import json
import subprocess
import sys
import time

import pytest

import ltisys as lti


def test_every_public_name_is_there():
    for name in lti.__all__:
        assert getattr(lti, name) is not None
    assert dir(lti) == sorted(lti.__all__)
    assert lti.__all__ == sorted(lti.__all__)


def test_an_unknown_name_is_an_attribute_error():
    with pytest.raises(AttributeError, match="module 'ltisys' has no attribute 'convolv'"):
        lti.convolv  # noqa: B018


def test_the_package_says_that_it_is_typed():
    from importlib.resources import files

    assert files("ltisys").joinpath("py.typed").is_file()


def test_import_loads_nothing_heavy():
    code = "import ltisys, sys, json; print(json.dumps(sorted(sys.modules)))"
    loaded = json.loads(subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, text=True).stdout)
    assert not {"numpy", "numba", "scipy", "matplotlib", "soundfile", "typer"} & set(loaded)


def test_import_takes_less_than_300_ms():
    times = []
    for _ in range(3):
        start = time.perf_counter()
        subprocess.run([sys.executable, "-c", "import ltisys"], check=True)
        times.append(time.perf_counter() - start)
    assert min(times) < 0.3
