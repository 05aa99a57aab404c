"""The verdicts on well-known functions: right, printed by a command, and kept in the docs."""

import sys
from pathlib import Path

import pytest

from ltisys.probe.__main__ import main
from ltisys.probe.table import page, reports

GAUSSIAN = 'ndimage.gaussian_filter1d(x, 2, mode="{}")'

# linear, time-invariant, causal, then in words: what else there is to say
TRUTH = {
    'np.convolve(x, h, "same")': "yes yes no",
    'np.convolve(x, h, "full")': "yes yes yes",
    "np.cumsum(x)": "yes yes yes",
    "np.diff(x)": "yes yes no",
    "np.gradient(x)": "yes yes no ends",
    "np.roll(x, 1)": "yes yes yes ends",
    "np.flip(x)": "yes no no",
    "np.sort(x)": "no no no",
    "np.abs(x)": "no yes yes",
    "x**2": "no yes yes",
    "x + 1": "no yes yes affine",
    "x - np.mean(x)": "yes yes no ends",
    "np.round(8 * x) / 8": "no yes yes",
    "x.astype(np.int16)": "no yes yes truncates",
    "x * np.cos(2 * np.pi * n / 8)": "yes no yes 8",
    "x * np.linspace(1, 2, x.size)": "yes no yes",
    "irfft(rfft(x) * lowpass)": "yes yes no ends",
    "signal.lfilter(h, 1, x)": "yes yes yes",
    "signal.lfilter(b, a, x)": "yes yes yes",
    "np.clip(signal.lfilter(b, a, x), -1, 1)": "no yes yes",
    "signal.sosfilt(sos, x)": "yes yes yes",
    "signal.filtfilt(b, a, x)": "yes yes no ends",
    'signal.filtfilt(b, a, x, method="gust")': "yes yes no ends",
    'signal.fftconvolve(x, h, "same")': "yes yes no",
    "signal.savgol_filter(x, 7, 2)": "yes yes no ends",
    "np.imag(signal.hilbert(x))": "yes yes no ends",
    "np.abs(signal.hilbert(x))": "no yes no ends",
    "signal.detrend(x)": "yes no no",
    "signal.medfilt(x, 5)": "no yes no homogeneous",
    "signal.wiener(x, 5)": "no yes no homogeneous ends",
    "x[::2]": "yes no yes 2",
    "np.repeat(x, 2)": "yes no yes 2",
    "np.repeat(x[::2], 2)": "yes no yes 2",
    "signal.decimate(x, 2)": "yes no no 2",
    'signal.decimate(x, 3, ftype="fir")': "yes no no 3",
    "signal.resample_poly(x, 2, 1)": "yes no no 2",
    "signal.resample_poly(x, 3, 2)": "yes no no 3",
    "signal.resample(x, x.size // 2)": "yes no no 2",
    GAUSSIAN.format("reflect"): "yes yes no ends",
    GAUSSIAN.format("constant"): "yes yes no",
    GAUSSIAN.format("nearest"): "yes yes no ends",
    GAUSSIAN.format("mirror"): "yes yes no ends",
    GAUSSIAN.format("wrap"): "yes yes no ends",
    GAUSSIAN.format("grid-constant"): "yes yes no",
    GAUSSIAN.format("grid-mirror"): "yes yes no ends",
    GAUSSIAN.format("grid-wrap"): "yes yes no ends",
    'ndimage.gaussian_filter1d(x, 2, mode="constant", cval=1)': "no yes no affine ends",
    "ndimage.median_filter(x, 5)": "no yes no homogeneous ends",
    "ndimage.maximum_filter1d(x, 3)": "no yes no ends",
    "ndimage.uniform_filter1d(x, 5)": "yes yes no ends",
    "ndimage.uniform_filter1d(x.astype(int), 5)": "no yes no truncates ends",
    "ndimage.convolve1d(x.astype(np.int16), [0.5, 0.5])": "no yes no truncates ends",
}


@pytest.fixture(scope="module")
def found():
    return reports()


def in_words(report):
    words = ["yes" if verdict else "no" for verdict in (report.linear, report.time_invariant, report.causal)]
    words += ["affine"] * report.affine + ["truncates"] * report.truncates
    words += ["homogeneous"] * (report.homogeneous and not report.additive)
    words += ["ends"] * report.edge_only + [str(report.period)] * (report.period is not None)
    return " ".join(words)


def test_every_verdict_is_right(found):
    assert {name: in_words(report) for name, report in found.items()} == TRUTH


def test_what_breaks_a_law_has_a_small_counterexample(found):
    for name, report in found.items():
        example = report.counterexample
        assert (example is None) == (report.linear and report.time_invariant and not report.edge_only), name
        if example:
            assert all((x.samples != 0).sum() <= 4 for x in example.inputs), name
            assert example.left != example.right, name


def test_the_page_in_the_docs_is_current(found):
    assert (Path(__file__).parents[1] / "docs" / "probe.md").read_text(encoding="utf-8") == page(found)


def test_the_command_prints_the_page_or_writes_it(monkeypatch, capsys, tmp_path):
    module = sys.modules["ltisys.probe.__main__"]
    monkeypatch.setattr(module, "reports", dict)
    main([])
    assert capsys.readouterr().out == page({})
    main(["--write", str(tmp_path / "docs" / "probe.md")])
    assert (tmp_path / "docs" / "probe.md").read_text(encoding="utf-8") == page({})
    assert [file.name for file in (tmp_path / "docs").iterdir()] == ["probe.md"]
