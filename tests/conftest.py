"""One profile for every property test, and the benchmarks beside the tests within reach."""

import sys
from pathlib import Path

from hypothesis import settings

# last of all places: the library that is tested is the one that is installed
sys.path.append(str(Path(__file__).parents[1]))

# the first example of a property may compile a kernel, which takes seconds where the others take milliseconds
settings.register_profile("ltisys", deadline=None)
settings.load_profile("ltisys")
