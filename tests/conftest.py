"""One profile for every property test."""

from hypothesis import settings

# the first example of a property may compile a kernel, which takes seconds where the others take milliseconds
settings.register_profile("ltisys", deadline=None)
settings.load_profile("ltisys")
