import numpy as np
import pytest

from ltisys.bounds import at_least, positive


def test_what_lies_within_the_bounds_comes_back_as_a_plain_number():
    assert at_least(0, np.int64(0), "order") == 0
    assert type(at_least(0, np.int64(0), "order")) is int
    assert type(positive(3, "sigma")) is float


@pytest.mark.parametrize("value", [0, -1.5, np.inf, np.nan])
def test_what_is_not_positive_is_quoted(value):
    with pytest.raises(ValueError, match=f"sigma must be positive, got {value}"):
        positive(value, "sigma")


def test_what_is_no_integer_or_too_small_is_quoted():
    with pytest.raises(TypeError, match="taps must be an integer, got 'many'"):
        at_least(1, "many", "taps")
    with pytest.raises(ValueError, match="taps must be at least 1, got 0"):
        at_least(1, 0, "taps")
