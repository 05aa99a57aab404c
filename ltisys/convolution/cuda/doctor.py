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

    name = "a device without a name"
    try:
        name = _described(cuda)
        result = convolve(cuda.to_device(np.array([3, 1, 2], np.float32)), np.array([3, 2, 1], np.float32))
        right = result.copy_to_host().tolist() == [9, 9, 11, 5, 2]  # pyright: ignore[reportAttributeAccessIssue]
    except Exception as failure:  # whatever the driver or the compiler says belongs into the report
        return f"{name}: fails with {type(failure).__name__}: {' '.join(str(failure).split())}"
    return f"{name}: {'ok' if right else 'wrong results'}"


def transforms() -> str:
    """Return one line: CuPy's version and the outcome of a self-test of overlap-save, or what is missing."""
    try:
        import cupy  # pyright: ignore[reportMissingImports]
    except ImportError as missing:
        return f"off: {missing}; long responses are summed, and nn computes on the CPU"
    try:
        if not cupy.is_available():
            return f"off: CuPy {cupy.__version__} finds no NVIDIA GPU with a working driver"
        from ..functions import convolve

        x, h = cupy.asarray([3, 1, 2], "float32"), cupy.asarray([3, 2, 1], "float32")
        result = [round(sample, 4) for sample in convolve(x, h, method="fft").tolist()]
    except Exception as failure:
        return f"CuPy {cupy.__version__}: fails with {type(failure).__name__}: {' '.join(str(failure).split())}"
    return f"CuPy {cupy.__version__}: {'ok' if result == [9, 9, 11, 5, 2] else 'wrong results'}"


def _described(cuda) -> str:
    """Return the device's name with the versions of its driver and of the CUDA runtime."""
    device = cuda.get_current_device()
    name = getattr(device, "name", "simulator")
    name = name.decode() if isinstance(name, bytes) else str(name)
    runtime, driver = getattr(cuda, "runtime", None), getattr(getattr(cuda, "cudadrv", None), "driver", None)
    versions = {
        "driver for CUDA": getattr(getattr(driver, "driver", None), "get_version", None),
        "CUDA runtime": getattr(runtime, "get_version", None),
    }
    known = [f"{what} {'.'.join(map(str, version()))}" for what, version in versions.items() if version]
    return ", ".join([name, *known])
