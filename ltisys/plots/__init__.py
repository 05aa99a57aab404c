"""Pictures: every function draws on the axes it is given, or on a new figure, and returns them.

Nothing here touches pyplot or needs a screen. `save` writes a picture to a file.
"""

from .animation import flip_and_filter
from .canvas import COLOURS, figure, png, save
from .graphs import computation_graph
from .inspection import classes_in_the_plane, image_grid, kernels_and_responses, patches, shift_curves
from .learning import accuracy_by_shift, confusion_matrix, learning_curve
from .signals import log_mel, spectrogram, stem
from .spotting import detections, misses_against_false_alarms
from .systems import (
    frequency_response,
    group_delay,
    impulse_and_step,
    magnitude_and_phase,
    phase_response,
    pole_zero,
    step_response,
)

__all__ = [
    "COLOURS",
    "accuracy_by_shift",
    "classes_in_the_plane",
    "computation_graph",
    "confusion_matrix",
    "detections",
    "figure",
    "flip_and_filter",
    "frequency_response",
    "group_delay",
    "image_grid",
    "impulse_and_step",
    "kernels_and_responses",
    "learning_curve",
    "log_mel",
    "magnitude_and_phase",
    "misses_against_false_alarms",
    "patches",
    "phase_response",
    "png",
    "pole_zero",
    "save",
    "shift_curves",
    "spectrogram",
    "stem",
    "step_response",
]
