"""The command line: ``ltisys demo | train | evaluate | spot | export | mnist | filter | doctor``.

One file per command; each imports what it needs when it runs, so that ``ltisys --help`` is quick. Results go to
standard output, progress and errors to standard error.
"""

import os
import sys
from collections.abc import Sequence

import typer

from .demo import demo
from .doctor import doctor
from .evaluate import evaluate
from .export import export
from .filter import filter
from .mnist import mnist
from .spot import spot
from .train import train

__all__ = ["main"]

_INTERRUPTED = 130  # what shells report for a command ended by Ctrl-C

commands = typer.Typer(add_completion=False, rich_markup_mode=None, pretty_exceptions_enable=False)
for _command, _short in (
    (demo, "The whole chain on words it speaks itself, with a report."),
    (train, "Learn words from a folder of recordings."),
    (evaluate, "Judge a model on speakers it has not heard."),
    (spot, "Find words in recordings of any length."),
    (export, "Write a model to ONNX."),
    (mnist, "Train the lecture's networks on handwritten digits."),
    (filter, "Filter a sound file of any length."),
    (doctor, "What is installed, and does it work?"),
):
    commands.command(short_help=_short, no_args_is_help=False)(_command)


@commands.callback(invoke_without_command=True)
def ltisys(
    context: typer.Context, version: bool = typer.Option(False, "--version", help="Print the version and stop.")
) -> None:
    """Convolution, signals and systems, learning, and spotting words in recordings.

    Start with `ltisys demo`: it needs no data and takes about three minutes. With a sound file, try
    `ltisys filter talk.wav clean.wav --highpass 80`; with a folder that has a sub-folder of recordings for each word,
    `ltisys train --data FOLDER --out mine.safetensors`. Every command says more with --help, and has --json.
    """
    if version:
        from ltisys import __version__

        typer.echo(f"ltisys {__version__}")
        raise typer.Exit
    if context.invoked_subcommand is None:
        typer.echo(context.get_help())
        raise typer.Exit


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line.

    Parameters
    ----------
    arguments : sequence of str, optional
        In place of those the program was started with.

    Returns
    -------
    int
        Exit code: 0 for success, 1 for an error, 2 for a wrong call, 130 after Ctrl-C. An error is one line on standard
        error.

    Examples
    --------
    >>> main(["--version"])
    ltisys 0.1.0
    0
    """
    arguments = sys.argv[1:] if arguments is None else list(arguments)
    try:
        code = commands(args=arguments, prog_name="ltisys", standalone_mode=False) or 0
        sys.stdout.flush()
    except KeyboardInterrupt:
        code = _INTERRUPTED
    except (OSError, ValueError, TypeError) as error:
        return _fail(_one_line(error), 1)
    except Exception as error:
        if not hasattr(error, "format_message"):
            raise
        return _fail(f"{_one_line(error.format_message())} (see `ltisys --help`)", 2)  # pyright: ignore
    if code == _INTERRUPTED:
        return _fail("interrupted", code)
    return code


def _fail(message: str, code: int) -> int:
    print(message if code == _INTERRUPTED else f"error: {message}", file=sys.stderr)
    try:
        sys.stdout.flush()
    except OSError:  # nobody takes the output: leave nothing for Python to complain about when it ends
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return code


def _one_line(error: Exception | str) -> str:
    """What went wrong, without the line breaks and error numbers that nobody reads."""
    if isinstance(error, OSError) and error.strerror:
        text = f"{error.filename}: {error.strerror}" if error.filename else error.strerror
    else:
        text = str(error) or type(error).__name__
    return " ".join(text.split())
