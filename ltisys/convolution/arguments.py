"""What the caller typed, checked and put into the engine's own words, before any work.

Every function either returns the normal form of one argument or raises an error that quotes what was given.
"""

import operator

import numpy as np

from .geometry import Mode

# how the public functions spell what they take; a tuple gives each axis its own
Origin = str | int | None
Origins = Origin | tuple[Origin, ...]
Strings = str | tuple[str, ...]
Integers = int | tuple[int, ...]
Extent = str | tuple[int, int]
Extents = Extent | tuple[tuple[int, int], ...]

PADDING_ALIASES = {
    "zeros": "zero",
    "mirror": "reflect",
    "reflect_101": "reflect",
    "edge": "replicate",
    "nearest": "replicate",
    "wrap": "circular",
}
PADDINGS = ("zero", "constant", "reflect", "symmetric", "replicate", "circular")
MODES = ("full", "same", "valid")
ORIGINS = ("numpy", "ndimage", "causal")


def quantity(name: str, given, *, least: int) -> int:
    """Return an integer argument that must not be below `least`."""
    try:
        number = operator.index(given)
    except TypeError:
        raise TypeError(f"{name} must be an integer, got {given!r}") from None
    if isinstance(given, bool | np.bool_):
        raise TypeError(f"{name} must be an integer, got {given!r}")
    if number < least:
        raise ValueError(f"{name} must be at least {least}, got {given!r}")
    return number


def parse_padding(given) -> str:
    """Return the engine's word for a padding."""
    word = PADDING_ALIASES.get(given, given) if isinstance(given, str) else given
    if word not in PADDINGS:
        raise ValueError(
            f"unknown padding {given!r}: use one of {', '.join(PADDINGS)} "
            f"(aliases: {', '.join(PADDING_ALIASES)}; scipy.ndimage's 'reflect' is 'symmetric' here)"
        )
    return word


def parse_value(given, padding: str, dtype: np.dtype):
    """Return the constant of padding "constant" as a scalar of dtype `dtype`."""
    if padding != "constant":
        if np.ndim(given) or given != 0:
            raise ValueError(f"value={given!r} goes with padding='constant' only, the padding given is {padding!r}")
        return dtype.type(0)
    constant = np.asarray(given)
    if constant.ndim or constant.dtype.kind not in "biufc":
        raise TypeError(f"value must be one number, got {given!r}")
    if dtype.kind in "biu":
        exact = int(constant) if constant.dtype.kind in "biu" else None
        if exact is None or not (0 <= exact <= 1 if dtype.kind == "b" else _holds(dtype, exact)):
            raise TypeError(f"value={given!r} does not fit data of dtype {dtype}: convert the data first")
    elif constant.dtype.kind == "c" and dtype.kind != "c":
        raise TypeError(f"value={given!r} is complex and the data are {dtype}: convert the data first")
    return constant.astype(dtype)[()]


def _holds(dtype: np.dtype, number: int) -> bool:
    limits = np.iinfo(dtype)
    return limits.min <= number <= limits.max


def parse_mode(given) -> Mode:
    """Return a mode along one axis: a word or a pair (before, after) of integers ≥ 0."""
    if isinstance(given, str):
        if given in MODES:
            return given  # pyright: ignore[reportReturnType]
    elif _is_pair(given) and not any(isinstance(part, str) or np.iterable(part) for part in given):
        before, after = given
        return quantity("mode's before", before, least=0), quantity("mode's after", after, least=0)
    raise ValueError(f"unknown mode {given!r}: use 'full', 'same', 'valid' or a pair (before, after) of integers >= 0")


def parse_modes(given, ndim: int) -> tuple[Mode, ...]:
    """Return one mode per axis from a word, a pair (before, after), or one pair per axis."""
    if ndim > 1 and _is_pair(given) and all(_is_pair(part) for part in given):
        return tuple(parse_mode(part) for part in given)
    return (parse_mode(given),) * ndim


def _is_pair(given) -> bool:
    return isinstance(given, tuple | list | np.ndarray) and len(given) == 2


def per_axis(name: str, given, ndim: int, parse) -> tuple:
    """Apply `parse` to one value for all axes, or to one value per axis."""
    if isinstance(given, tuple | list):
        if len(given) != ndim:
            raise ValueError(f"{name} takes one value or one per axis ({ndim}), got {given!r}")
        return tuple(parse(part) for part in given)
    return (parse(given),) * ndim


def parse_origin(given, length: int, *, correlation: bool) -> int:
    """Return the first output index of mode "same" for a response of `length` (dilated) taps.

    In a correlation the origin counts taps of the kernel as it was passed, and all three libraries that have a
    default there agree on the tap length // 2.
    """
    if given is None or isinstance(given, str):
        if given is not None and given not in ORIGINS:
            raise ValueError(f"unknown origin {given!r}: use None, 'numpy', 'ndimage', 'causal' or an integer")
        if given == "causal":
            tap = 0
        elif correlation or given == "ndimage":
            tap = length // 2
        else:
            tap = (length - 1) // 2
    else:
        try:
            tap = operator.index(given)
        except TypeError:
            raise TypeError(f"origin must be None, 'numpy', 'ndimage', 'causal' or an integer, got {given!r}") from None
    return length - 1 - tap if correlation else tap


def parse_axis(given, ndim: int) -> int:
    """Return an axis as a non-negative integer."""
    try:
        axis = operator.index(given)
    except TypeError:
        raise TypeError(f"axis must be an integer, got {given!r}") from None
    if not -ndim <= axis < ndim:
        raise ValueError(f"axis {given!r} does not exist: x has {ndim} dimension{'s' * (ndim != 1)}")
    return axis % ndim


def parse_axes(given, ndim: int) -> tuple[int, int]:
    """Return two different axes as non-negative integers."""
    if not _is_pair(given):
        raise ValueError(f"axes must be a pair of integers, got {given!r}")
    first, second = (parse_axis(axis, ndim) for axis in given)
    if first == second:
        raise ValueError(f"axes must differ, got {given!r}")
    return first, second


def parse_method(given, allowed: tuple[str, ...]) -> str:
    """Return the method's name, "auto" included."""
    if given not in ("auto", *allowed):
        raise ValueError(f"unknown method {given!r}: use 'auto' or one of {', '.join(map(repr, allowed))}")
    return given
