"""Loops for the GPU: the operator of this package on arrays that lie in the memory of an NVIDIA device.

Nothing here is imported before an array on a GPU arrives. The kernels are compiled by numba-cuda from the scalar core
that the CPU uses (`taps`, `extension`, `geometry`), write where the caller's library allocates, run on its stream and
sum in a fixed order. `calls` is the way in.
"""
