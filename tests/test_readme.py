"""The front page: its code runs and prints what it says, its table of calls is true, its links lead somewhere."""

import ast
import contextlib
import importlib
import importlib.util
import io
import re
from pathlib import Path

import numpy as np
import pytest

from benchmarks import front

ROOT = Path(__file__).parent.parent
PAGE = (ROOT / "README.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)
CALLS = re.findall(r"^\| `(.*?)` \| `(lti\..*?)` \|", PAGE, re.MULTILINE)


def test_every_block_runs_and_prints_what_its_comments_say():
    assert len(BLOCKS) >= 3
    names: dict = {}
    for block in BLOCKS:
        lines = block.splitlines()
        for statement in ast.parse(block).body:
            printed = io.StringIO()
            with contextlib.redirect_stdout(printed):
                exec(compile(ast.Module([statement], []), "README.md", "exec"), names)
            line = lines[(statement.end_lineno or 1) - 1]
            if line.startswith("print"):
                promised = line.partition("  # ")[2]
                said = _words(printed.getvalue())
                assert said, f"this prints nothing: {line}"
                assert said == _words(promised)[: len(said)], line


def _words(text: str) -> list[str]:
    return text.replace("True:", "True").split()


@pytest.mark.parametrize(("theirs", "ours"), CALLS)
def test_the_table_of_calls_is_true(theirs, ours):
    import scipy.ndimage
    import scipy.signal

    import ltisys as lti

    rng = np.random.default_rng(0)
    names = {"np": np, "scipy": scipy, "lti": lti, "x": rng.standard_normal(40), "h": rng.standard_normal(5)}
    names |= {"b": np.array([1.0, 0.5]), "a": np.array([1.0, -0.6, 0.2])}
    names |= {"image": rng.standard_normal((9, 12)), "k": rng.standard_normal((4, 3))}
    names |= {"X": rng.standard_normal((2, 3, 20)), "W": rng.standard_normal((4, 3, 5))}
    expected = names
    if theirs.startswith("torch."):
        if importlib.util.find_spec("torch") is None:
            return  # whoever has no PyTorch has no such habit
        torch = importlib.import_module("torch")
        expected = {"torch": torch, "X": torch.tensor(names["X"]), "W": torch.tensor(names["W"])}
    np.testing.assert_allclose(eval(ours, names), np.asarray(eval(theirs, expected)), atol=1e-12)


def test_there_is_a_table_of_calls():
    assert len(CALLS) >= 10
    assert {call.split(".")[0] for call, _ in CALLS} == {"np", "scipy", "torch"}


def test_links_lead_somewhere():
    targets = [target for target in re.findall(r"\]\(([^)#]+)\)", PAGE) if "://" not in target]
    missing = [target for target in targets if not (ROOT / target).exists()]
    assert not missing


def test_the_speed_table_is_that_of_the_kept_results():
    assert front.filled(PAGE, front.table()) == PAGE, "run `python -m benchmarks.front`"


def test_a_speed_table_says_where_it_comes_from(tmp_path):
    assert "python -m benchmarks" in front.table((tmp_path / "none.json",))
    with pytest.raises(ValueError, match="no place for the table"):
        front.filled("a page without markers", "")
