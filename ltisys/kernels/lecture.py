"""The lecture's own three kernels, as they stand on its slides: not normalised.

>>> from ltisys import kernels
>>> kernels.lecture_edge == kernels.sobel()
True
"""

from .centred import centred

lecture_blur = centred([[0, 1, 0], [1, 4, 1], [0, 1, 0]])
"""Blur: taps that sum to 8, so the image comes out eight times as bright."""

lecture_sharpen = centred([[0, -1, 0], [-1, 8, -1], [0, -1, 0]])
"""Sharpen: taps that sum to 4."""

lecture_edge = centred([[1, 0, -1], [2, 0, -2], [1, 0, -1]])
"""Edges: positive where the image becomes brighter to the right."""
