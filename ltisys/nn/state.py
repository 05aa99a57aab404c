"""What a run has to remember, as named arrays: of networks, optimisers, schedules and callbacks alike."""

from collections.abc import Iterable
from typing import Any, Protocol, runtime_checkable

import numpy as np

from .devices import device_of, is_array, moved
from .graph import Array

State = dict[str, Array]


@runtime_checkable
class Stateful(Protocol):
    """Anything that can say what it has become, and become it again."""

    def state(self) -> State:
        """All that it has become."""
        ...

    def set_state(self, state: State, /) -> None:
        """Take that over; raise a ValueError, and change nothing, if it does not fit."""
        ...


def named(name: str, arrays: Iterable[Array]) -> State:
    """A list of arrays as named ones.

    Examples
    --------
    >>> list(named("first", [np.zeros(2), np.zeros(3)]))
    ['first.0', 'first.1']
    """
    return {f"{name}.{index}": array for index, array in enumerate(arrays)}


def must_match(own: State, given: State) -> None:
    """Raise a ValueError unless given has the names and shapes of own."""
    if missing := sorted(own.keys() - given.keys()):
        raise ValueError(f"no values for {missing[0]!r}")
    if unknown := sorted(given.keys() - own.keys()):
        raise ValueError(f"nothing here is called {unknown[0]!r}; there are {', '.join(sorted(own)) or 'no values'}")
    for name, array in given.items():
        if array.shape != own[name].shape:
            raise ValueError(f"{name!r} must have shape {own[name].shape}, got {array.shape}")


def copy_into(own: State, given: State) -> None:
    """Overwrite arrays in place: their memory stays where and as it is, so that sums run in the same order as before.

    Examples
    --------
    >>> own = {"w": np.zeros(2)}
    >>> copy_into(own, {"w": np.array([1.0, 2.0])})
    >>> own["w"]
    array([1., 2.])
    """
    for name, array in own.items():
        np.copyto(array, moved(given[name], device_of(array)))


def state_of_attributes(owner: object) -> State:
    """The numbers, arrays and lists of arrays among an object's attributes; numbers become arrays without axes."""
    state: State = {}
    for name, value in vars(owner).items():
        if is_array(value):
            state[name] = value
        elif _is_number(value):
            state[name] = np.array(value)
        elif isinstance(value, list) and all(map(is_array, value)):
            state.update(named(name, value))
    return state


def set_state_of_attributes(owner: object, given: State) -> None:
    """Take over what ``state_of_attributes`` has given: arrays in place, numbers as Python has them."""
    own = state_of_attributes(owner)
    must_match(own, given)
    numbers = {name for name, value in vars(owner).items() if _is_number(value)}
    copy_into({name: array for name, array in own.items() if name not in numbers}, given)
    for name in numbers:
        setattr(owner, name, given[name].item())


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float | np.number)
