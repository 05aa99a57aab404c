"""What training shows: a bar for the batches of an epoch, and one line for every epoch."""

from collections.abc import Iterable, Iterator
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self, TypeVar

if TYPE_CHECKING:
    from .history import History

Batch = TypeVar("Batch")


class Progress:
    """The display of one training run, on standard error; nothing at all if not visible.

    Parameters
    ----------
    epochs, steps : int
        Epochs of the run and batches of an epoch.
    visible : bool
        Whether anything is shown.
    """

    def __init__(self, epochs: int, steps: int, *, visible: bool = True) -> None:
        self.epochs = epochs
        self.steps = steps
        self._bar: Any = _bar() if visible else None

    def __enter__(self) -> Self:
        if self._bar is not None:
            self._bar.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._bar is not None:
            self._bar.stop()

    def epoch(self, number: int, batches: Iterable[Batch], done: int = 0) -> Iterator[Batch]:
        """The batches themselves, with the bar advancing from those that are done."""
        if self._bar is None:
            yield from batches
            return
        task = self._bar.add_task(f"epoch {number}/{self.epochs}", total=self.steps, completed=done)
        for batch in batches:
            yield batch
            self._bar.advance(task)
        self._bar.remove_task(task)

    def note(self, text: str) -> None:
        """Write a line."""
        if self._bar is not None:
            self._bar.console.print(text, highlight=False, soft_wrap=True)

    def report(self, number: int, history: "History") -> None:
        """Write the line of an epoch."""
        self.note(epoch_line(number, self.epochs, history))


def epoch_line(number: int, epochs: int, history: "History") -> str:
    """The last epoch of a history as one line.

    Examples
    --------
    >>> from ltisys.nn import History
    >>> epoch_line(3, 20, History(loss=[0.51], accuracy=[0.875], seconds=[1.24]))
    'epoch  3/20  loss 0.5100  accuracy 0.8750  1.2 s'
    """
    words = [f"epoch {number:>{len(str(epochs))}}/{epochs}", f"loss {history.loss[-1]:.4f}"]
    if history.accuracy[-1] == history.accuracy[-1]:  # nan where there are no classes
        words.append(f"accuracy {history.accuracy[-1]:.4f}")
    if history.validation_loss:
        words.append(f"validation loss {history.validation_loss[-1]:.4f}")
        if history.validation_accuracy[-1] == history.validation_accuracy[-1]:
            words.append(f"accuracy {history.validation_accuracy[-1]:.4f}")
    return "  ".join([*words, f"{history.seconds[-1]:.1f} s"])


def _bar() -> Any:
    from rich.console import Console  # late: only a visible run needs it
    from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeRemainingColumn
    from rich.progress import Progress as RichProgress

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    return RichProgress(*columns, console=Console(stderr=True), transient=True)
