"""Pictures: every function draws on the axes it is given, or on a new figure, and returns them.

Nothing here touches pyplot or needs a screen. `save` writes a picture to a file.
"""

from .canvas import COLOURS, figure, png, save
from .learning import accuracy_by_shift, confusion_matrix, learning_curve
from .signals import frequency_response, spectrogram, stem
from .spotting import detections, first_layer

__all__ = [
    "COLOURS",
    "accuracy_by_shift",
    "confusion_matrix",
    "detections",
    "figure",
    "first_layer",
    "frequency_response",
    "learning_curve",
    "png",
    "save",
    "spectrogram",
    "stem",
]
