"""Whether the engine works on the device that is here: its name, and the lecture's numbers computed on it."""


def examine() -> str:
    """Return one line: the device and the outcome of a self-test, or what is missing."""
    try:
        from .target import cuda, refuse_missing_device

        refuse_missing_device()
    except (ImportError, RuntimeError) as missing:
        return f"off: {missing}"
    import numpy as np

    from ..functions import convolve

    name, version = _described(cuda)
    try:
        result = convolve(cuda.to_device(np.array([3, 1, 2], np.float32)), np.array([3, 2, 1], np.float32))
        right = result.copy_to_host().tolist() == [9, 9, 11, 5, 2]  # pyright: ignore[reportAttributeAccessIssue]
    except Exception as failure:  # whatever the driver or the compiler says belongs into the report
        return f"{name}, CUDA runtime {version}: fails with {type(failure).__name__}: {failure}"
    return f"{name}, CUDA runtime {version}: {'ok' if right else 'wrong results'}"


def _described(cuda) -> tuple[str, str]:
    """Return the device's name and the version of the CUDA runtime."""
    device = cuda.get_current_device()
    name = getattr(device, "name", "simulator")
    version = getattr(getattr(cuda, "runtime", None), "get_version", lambda: ())()
    return name.decode() if isinstance(name, bytes) else str(name), ".".join(map(str, version)) or "unknown"
