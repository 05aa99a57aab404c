"""The examples in the docstrings of the installed package, run."""

import doctest
import importlib
import pkgutil

import pytest

import ltisys

DEVICE = (
    "ltisys.convolution.cuda."  # its modules need numba-cuda or the simulator: tests/test_cuda.py imports them there
)
MODULES = sorted(
    info.name
    for info in pkgutil.walk_packages(ltisys.__path__, "ltisys.")
    if not info.name.endswith("__main__") and not info.name.startswith(DEVICE)
)


@pytest.mark.parametrize("name", MODULES)
def test_examples_run(name):
    outcome = doctest.testmod(
        importlib.import_module(name), optionflags=doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE
    )
    assert outcome.failed == 0


def test_every_public_function_has_an_example():
    import ltisys as lti

    for name in lti.__all__:
        thing = getattr(lti, name)
        if callable(thing):
            assert ">>> " in (thing.__doc__ or ""), f"{name} has no example"
