"""The disk cache of compiled kernels: an entry lives as long as every source file of the engine stays as it is."""

import numpy as np

from ltisys.convolution import cache, cpu, fir
from ltisys.convolution.compilation import kernel


def test_the_stamp_of_a_kernel_covers_every_file_of_the_engine(monkeypatch):
    stamps = {dispatcher._cache._cache_file._source_stamp for dispatcher in (fir.filter_rows, cpu.convolve_direct)}
    assert {stamp[1] for stamp in stamps} == {cache.fingerprint()}
    monkeypatch.setattr(cache, "fingerprint", lambda: "another state")
    assert cache.EngineCache(fir.filter_rows.py_func)._cache_file._source_stamp[1] == "another state"


def test_the_fingerprint_changes_with_any_source(tmp_path, monkeypatch):
    monkeypatch.setattr(cache, "__file__", str(tmp_path / "cache.py"))
    seen = set()
    for text in ("a", "b", "a "):
        (tmp_path / "simd.py").write_text(text)
        seen.add(cache.fingerprint.__wrapped__())
    (tmp_path / "more.py").write_text("")
    seen.add(cache.fingerprint.__wrapped__())
    assert len(seen) == 4


def test_a_stale_entry_is_not_loaded(tmp_path, monkeypatch):
    monkeypatch.setattr("numba.core.config.CACHE_DIR", str(tmp_path))

    def double(x):
        return x + x

    loads = []
    for state in ("old", "old", "new"):
        monkeypatch.setattr(cache, "fingerprint", lambda state=state: state)
        compiled = kernel(double)
        assert compiled(np.ones(2)).tolist() == [2, 2]
        loads.append(sum(compiled.stats.cache_hits.values()))
    assert loads == [0, 1, 0]
