"""Systems for images: small finite responses of two axes, centred so that images stay in place.

The middle tap lies at index (0, 0): along each axis the response begins at ``-((K - 1) // 2)``. Axis 0 counts rows
downwards, axis 1 columns to the right; lengths are in pixels, spatial frequencies in cycles per pixel.

>>> import numpy as np
>>> from ltisys import kernels
>>> image = np.zeros((5, 5))
>>> image[2, 2] = 9
>>> kernels.box(3)(image)[1:4, 1:4]
array([[1., 1., 1.],
       [1., 1., 1.],
       [1., 1., 1.]])
"""

from .blur import box, disk, gaussian, motion
from .detail import gabor, laplacian, laplacian_of_gaussian, sharpen, sobel
from .lecture import lecture_blur, lecture_edge, lecture_sharpen

__all__ = [
    "box",
    "disk",
    "gabor",
    "gaussian",
    "laplacian",
    "laplacian_of_gaussian",
    "lecture_blur",
    "lecture_edge",
    "lecture_sharpen",
    "motion",
    "sharpen",
    "sobel",
]
