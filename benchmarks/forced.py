"""Every method that may apply to a job, forced: what "auto" is held against."""

from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np

import ltisys as lti
from ltisys.convolution.costs import predicted

from .measure import OURS, Candidate

HOPELESS = 10.0  # a method whose foreseen cost is so many times that of the cheapest is not tried


def forced(x: np.ndarray, h: np.ndarray, call: Callable[..., Any], **words: Any) -> tuple[str, dict[str, Candidate]]:
    """Return the method that "auto" takes, and the candidates "ltisys METHOD".

    `call(method=...)` is the job, `words` what a plan of it takes.
    """
    plan = lti.plan(x.shape, h.shape, x.dtype, **words)
    layout, taken = plan._layout, plan.bind(h)._prepared.bound.operator
    costs = predicted(layout.methods, layout.kernel(h), layout.x_shape[0], taken.rows, taken.columns)
    most = HOPELESS * min(costs.values())
    methods = [name for name, cost in costs.items() if cost <= most]
    return taken.method, {f"{OURS} {name}": partial(call, method=name) for name in methods}
