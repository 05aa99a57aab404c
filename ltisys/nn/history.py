"""What a run remembers of its epochs."""

from dataclasses import dataclass, field

from .layers import Layer


@dataclass
class History:
    """What happened in each epoch: lists of equal length (the validation's are empty without one).

    Attributes
    ----------
    loss, accuracy : list of float
        Means over the batches of the epoch, as they were trained (augmented, with dropout). The accuracy is nan where
        targets are not classes.
    validation_loss, validation_accuracy : list of float
        In evaluation mode, after the epoch.
    seconds : list of float
        Wall time, validation included.
    """

    loss: list[float] = field(default_factory=list)
    accuracy: list[float] = field(default_factory=list)
    validation_loss: list[float] = field(default_factory=list)
    validation_accuracy: list[float] = field(default_factory=list)
    seconds: list[float] = field(default_factory=list)


@dataclass(frozen=True)
class Epoch:
    """The epoch just finished, as callbacks see it.

    Attributes
    ----------
    number, epochs : int
        Which one, from 1, of how many.
    net : Layer
        The network, in evaluation mode.
    history : History
        Everything so far, this epoch included.
    """

    number: int
    epochs: int
    net: Layer
    history: History
