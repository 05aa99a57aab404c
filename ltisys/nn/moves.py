"""What optimisers do to a parameter, compiled: raveled, in place, in one pass over memory."""

from typing import Any

import numpy as np

from ..convolution.compilation import kernel, part
from ..convolution.team import shared, task_of

GRAIN = 4096  # elements that no two threads share
WEIGHT = 0.4  # ns that one takes to move


@kernel
def follow_velocity(value, grad, velocity, rates, nesterov, board, threads):
    """Move by SGD: v ← momentum·v + g, w ← w − lr·v for rates = (lr, momentum, weight decay); raveled, in place."""
    return shared(_velocity_followed((value, grad, velocity, rates, nesterov)), value.shape[0], GRAIN, board, threads)


@part
def _follow_some_velocities(value, grad, velocity, rates, nesterov, who, start, stop):
    one = value.dtype.type(1)
    lr, momentum, decay = rates[0] * one, rates[1] * one, rates[2] * one
    weights, errors, memory = value[start:stop], grad[start:stop], velocity[start:stop]
    for i in range(weights.shape[0]):
        g = errors[i] + decay * weights[i]
        v = momentum * memory[i] + g
        memory[i] = v
        weights[i] -= lr * (g + momentum * v if nesterov else v)
    return True


@kernel
def follow_moments(value, grad, first, second, betas, corrections, eps, shrinking, board, threads):
    """Move by Adam: corrections are lr/(1 − β₁ᵗ) and 1/(1 − β₂ᵗ), weights shrink first; raveled, changed in place."""
    job = (value, grad, first, second, betas, corrections, eps, shrinking)
    return shared(_moments_followed(job), value.shape[0], GRAIN, board, threads)


@part
def _follow_some_moments(value, grad, first, second, betas, corrections, eps, shrinking, who, start, stop):
    one = value.dtype.type(1)
    beta1, beta2, rate, unbias = betas[0] * one, betas[1] * one, corrections[0] * one, corrections[1] * one
    new1, new2, eps, keep = (1 - betas[0]) * one, (1 - betas[1]) * one, eps * one, shrinking * one
    weights, errors, means, squares = value[start:stop], grad[start:stop], first[start:stop], second[start:stop]
    for i in range(weights.shape[0]):
        g = errors[i]
        m = beta1 * means[i] + new1 * g
        v = beta2 * squares[i] + new2 * (g * g)
        means[i], squares[i] = m, v
        weights[i] = keep * weights[i] - rate * (m / (np.sqrt(v * unbias) + eps))
    return True


_velocity_followed: Any = task_of(_follow_some_velocities)
_moments_followed: Any = task_of(_follow_some_moments)
