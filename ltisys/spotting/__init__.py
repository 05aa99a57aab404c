"""The application: a keyword spotter, trained, judged, and used on recordings and streams."""

from .detection import Detection
from .evaluation import Scores, evaluate
from .operating import calibrate
from .spotter import Card, Spotter
from .storage import load, save
from .training import Recipe, train

__all__ = ["Card", "Detection", "Recipe", "Scores", "Spotter", "calibrate", "evaluate", "load", "save", "train"]
