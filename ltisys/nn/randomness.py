"""Random generators as plain values, so that a run can go on where it was cut."""

from typing import Any, TypeAlias

import numpy as np

State: TypeAlias = dict[str, Any]


def state_of(rng: np.random.Generator) -> State:
    """All that decides what a generator will draw and spawn, as a value that JSON can hold.

    Examples
    --------
    >>> rng = np.random.default_rng(0)
    >>> state = state_of(rng)
    >>> first = rng.random()
    >>> set_state(rng, state)
    >>> rng.random() == first
    True
    """
    return {**rng.bit_generator.state, "spawned": _seeds(rng).n_children_spawned}


def set_state(rng: np.random.Generator, state: State) -> None:
    """Go on where ``state_of`` was taken; the generator must come from the same seed."""
    rng.bit_generator.state = {name: value for name, value in state.items() if name != "spawned"}
    missing = state["spawned"] - _seeds(rng).n_children_spawned
    if missing > 0:
        _seeds(rng).spawn(missing)


def _seeds(rng: np.random.Generator) -> Any:
    return rng.bit_generator.seed_seq
