"""Systems that hear their input block by block, and give the same as if they had it whole."""

from .stream import Stream

__all__ = ["Stream"]
