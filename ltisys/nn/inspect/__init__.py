"""Looking into a trained network: what its layers answer, what they look for, and what they do not care about."""

from .features import Neighbours, nearest, principal_components, tsne
from .patches import Patch, maximally_activating
from .responses import activations, ascend, templates
from .shifts import ShiftResponse, shift_responses

__all__ = [
    "Neighbours",
    "Patch",
    "ShiftResponse",
    "activations",
    "ascend",
    "maximally_activating",
    "nearest",
    "principal_components",
    "shift_responses",
    "templates",
    "tsne",
]
