"""What `ltisys doctor --warm` compiles is what common calls need."""

import subprocess
import sys

CALLS = """
import importlib, pkgutil
import numpy as np
import ltisys as lti
from ltisys import convolution
from ltisys.convolution.warm import common_jobs

for _, job in common_jobs():
    job()

names = [f"ltisys.convolution.{each.name}" for each in pkgutil.iter_modules(convolution.__path__) if not each.ispkg]
modules = [importlib.import_module(name) for name in names]


def versions():
    kernels = {value for module in modules for value in vars(module).values() if hasattr(value, "overloads")}
    return {f"{each.__module__}.{each.__name__}": len(each.overloads) for each in kernels}


warm = versions()
assert sum(warm.values()) > 30, warm
rng = np.random.default_rng(0)
for dtype in (np.float32, np.float64):
    new = lambda *shape: rng.standard_normal(shape).astype(dtype)
    x, rows, image = new(20000), new(8, 3000), new(200, 300)
    for taps in (3, 20, 200, 3000):
        for mode in ("full", "same", "valid"):
            lti.convolve(x, new(taps), mode)
        lti.convolve(x, new(taps), "same", padding="reflect")
        lti.correlate(x, new(taps), out=np.empty(20000, dtype), mode="same")
    lti.convolve(rows, new(5))
    lti.convolve(rows, new(5), axis=0)
    lti.convolve(rows, new(5), stride=2)
    lti.convolve(rows, new(5), dilation=3)
    for size in (3, 7, 31):
        lti.convolve2d(image, new(size, size), "same", padding="reflect")
        lti.convolve2d(image, np.outer(new(size), new(size)), "same")
    for batch in (1, 7, 32):
        for shape, bank in (((3, 20, 20), (8, 3, 3, 3)), ((3, 400), (8, 3, 9))):
            for stride in (1, 2):
                y = lti.convolve_bank(new(batch, *shape), new(*bank), stride=stride)
                lti.convolve_bank_vjp(new(batch, *shape), new(*bank), y, stride=stride)
print({name: count for name, count in versions().items() if count != warm.get(name)})
"""


def test_common_calls_find_their_kernels_warm():
    done = subprocess.run([sys.executable, "-c", CALLS], capture_output=True, text=True)
    assert (done.returncode, done.stdout.strip(), done.stderr) == (0, "{}", "")
