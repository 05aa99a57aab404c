"""How the engine's functions are compiled: kernels, which Python calls, and parts, which kernels take in.

Numba optimises every function by itself and makes machine code of it, even if it only ever runs inside of another one,
where it is optimised again. Here a part is handed on as it is, and the kernel around it is optimised once, as a whole:
a first call takes about half as long. Kernels are kept on disk, see `cache`, with their parts inside.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from numba import njit
from numba.core.codegen import JITCodeLibrary
from numba.core.compiler import Compiler
from numba.extending import register_jitable

from .cache import EngineCache

_jit: Any = njit  # its stubs know only some of its options
_OPTIONS: dict[str, Any] = {"error_model": "numpy", "no_cfunc_wrapper": True}


def kernel(function: Callable) -> Any:
    """Compile a function on first use, without the interpreter lock, and keep the result on disk."""
    # what a task of `team` works on lives until the job is done, not until it is mentioned for the last time
    dispatcher = _jit(nogil=True, pipeline_class=_Whole, _dbg_extend_lifetimes=True, **_OPTIONS)(function)
    dispatcher._cache = EngineCache(function)
    return dispatcher


def part(function: Callable, *, reassociate: bool = False) -> Any:
    """Compile a function into the kernels that call it; for Python it stays what it is.

    With `reassociate` sums may be made in vectors: their order follows from the length and the machine.
    """
    allowed = {"fastmath": {"reassoc", "nsz"}} if reassociate else {}
    return register_jitable(**_OPTIONS, **allowed)(function)


def addressed(function: Callable) -> Any:
    """Compile a part whose address is handed around, see `team.task_of`; Python cannot call it."""
    return _jit(no_cpython_wrapper=True, **_OPTIONS)(function)


class _Whole(Compiler):
    """Compiles a function, and what it calls as parts of it."""

    def compile_extra(self, func):
        codegen = self.state.targetctx.codegen()
        self.state.library = codegen.create_library(func.__qualname__)
        self.state.library.enable_object_caching()
        with _libraries(codegen, _Part):
            return super().compile_extra(func)


@contextmanager
def _libraries(codegen, kind: type) -> Iterator[None]:
    """Make libraries of this kind only; Numba's lock keeps other compilations away meanwhile."""
    before = codegen._library_class
    codegen._library_class = kind
    try:
        yield
    finally:
        codegen._library_class = before


class _Part(JITCodeLibrary):
    """Code that is linked into other code as it is, unless Python is to call it."""

    _called = False

    @classmethod
    def _unserialize(cls, codegen, state):
        """Code from the disk is whole, and Python may call it."""
        with _libraries(codegen, JITCodeLibrary):
            return JITCodeLibrary._unserialize(codegen, state)

    def get_pointer_to_function(self, name):
        """Return where a function begins, or 0 for one that Python does not call and which begins nowhere."""
        self._called |= any(function.name == name for function in self._final_module.functions)
        return super().get_pointer_to_function(name) if self._called else 0

    def _optimize_final_module(self):
        if self._called:
            super()._optimize_final_module()

    def _finalize_final_module(self):
        if self._called:
            super()._finalize_final_module()
        else:
            self._finalized = True

    @property
    def codegen(self) -> Any:
        """What sets the environment of a function, which those that Python does not call have no place for."""
        return super().codegen if self._called else self

    def set_env(self, env_name, env):
        """Leave the environment out."""
