"""Kernels that share their work: helpers wait in compiled code, so that handing them a job takes about a microsecond.

A kernel gives `shared` a task: a part of it, for a range of items. Whoever is awake does its part of the range, chunk
by chunk, and then what is left of the others': the caller always, the helpers if the work is worth them and nobody else
has them. Which thread computes a chunk never shows in a result. A helper that finds nothing to do for SPIN turns
sleeps, and is called by the next job that is worth it (`threads`).

They meet on a board of integers. A job is open while JOB is odd. A helper counts itself in, looks whether the job is
still the one it saw, and only then reads what the job is; the caller closes the job and waits until all are out.
"""

from typing import Any

from llvmlite import ir
from numba.core import cgutils, types
from numba.extending import intrinsic

from .compilation import addressed, kernel, part

# each word that several threads write has a cache line (of 8 integers) of its own
JOB, INSIDE, TAKEN, FAILED = (8 * line for line in range(4))
CALL, CONTEXT, N_ITEMS, UNIT, CHUNK, THREADS = range(32, 38)
MOST_THREADS = 256
NEXT = 40  # and every eighth from there on: the next item of each thread's own part
WORDS = NEXT + 8 * MOST_THREADS

SPIN = 6_000  # turns a helper waits for the next job: about a millisecond
PATIENT = 4_000  # turns after which whoever waits lets others run: a thread it waits for may need this processor
CHUNKS = 4  # per thread: enough to even out delays

WORD = ir.IntType(64)
_BODY = ir.FunctionType(WORD, [ir.IntType(8).as_pointer(), WORD, WORD, WORD])


@part
def shared(task, n, unit, board, threads):
    """Run a task on parts of range(n); tell whether every run returned True.

    Parameters
    ----------
    task : pair of int
        What `task_of` makes.
    n, unit : int
        How many items; parts begin at multiples of `unit`.
    board : array of int64 (WORDS,)
        Where the helpers wait.
    threads : int
        How many threads may work on this, the caller included; with 1 nobody is asked.
    """
    call, context = task
    n_units = (n + unit - 1) // unit
    if threads == 1 or n_units <= 1 or _exchange(board, TAKEN, 0, 1) != 0:
        return _call(call, context, 0, 0, n) != 0
    board[CALL], board[CONTEXT], board[N_ITEMS], board[UNIT], board[THREADS] = call, context, n, unit, threads
    board[CHUNK] = unit * max(1, n_units // (CHUNKS * threads))
    _write(board, FAILED, 0)
    for who in range(threads):
        _write(board, NEXT + 8 * who, _begin(n, unit, threads, who))
    _add(board, JOB, 1)
    _take_chunks(board, 0)
    _add(board, JOB, 1)
    turns = 0
    while _read(board, INSIDE) != 0:
        turns += 1
        _wait(turns)
    done = _read(board, FAILED) == 0
    _write(board, TAKEN, 0)
    return done


@part
def _begin(n, unit, threads, who):
    """Return where the part of a thread begins; that of the last one ends at n."""
    n_units = (n + unit - 1) // unit
    return min(n, unit * (n_units * who // threads))


@part
def _take_chunks(board, who):
    """Do the part of a thread, which is the same in every job of a size and so in its cache, then what others left."""
    n, unit, chunk, threads = board[N_ITEMS], board[UNIT], board[CHUNK], board[THREADS]
    for turn in range(threads):
        owner = (who + turn) % threads
        stop = _begin(n, unit, threads, owner + 1)
        while True:
            start = _add(board, NEXT + 8 * owner, chunk)
            if start >= stop:
                break
            if not _call(board[CALL], board[CONTEXT], who, start, min(start + chunk, stop)):
                _write(board, FAILED, 1)


@part
def _wait(turns):
    if turns < PATIENT:
        _pause()
    else:
        _give_way()


@kernel
def serve(board, who):
    """Help with the jobs of a board, until there was none for a while."""
    last, idle = 0, 0
    while idle < SPIN:
        job = _read(board, JOB)
        if job == last or job % 2 == 0:
            idle += 1
            _wait(idle)
            continue
        _add(board, INSIDE, 1)
        if _read(board, JOB) == job and who < board[THREADS]:
            _take_chunks(board, who)
        _add(board, INSIDE, -1)
        last, idle = job, 0


def task_of(function) -> Any:
    """Return the intrinsic that makes a task for `shared` of the arguments of a part.

    The part `function(*arguments, who, start, stop)` works on the items start … stop − 1, in a way that does not
    depend on the other items, and returns whether that was possible. `who` < threads tells the threads apart, so that
    each can have its own room to work in. The arguments stay in the frame of the caller, a kernel, and live to the
    end of the block of statements in which the task is made, see `compilation.kernel`: run it there.
    """
    dispatcher = addressed(function)

    @intrinsic
    def task(typing_context, arguments):
        types_of_call = (*arguments.types, types.intp, types.intp, types.intp)
        signature = types.Dispatcher(dispatcher).get_call_type(typing_context, types_of_call, {})

        def generate(context, builder, outer, args):
            compiled = dispatcher.overloads[tuple(signature.args)]
            context.active_code_library.add_linking_library(compiled.library)
            name = builder.module.get_unique_name(f"part.{compiled.fndesc.mangled_name}")
            body = ir.Function(builder.module, _BODY, name)
            body.linkage = "internal"
            inside = ir.IRBuilder(body.append_basic_block())
            packed = inside.load(inside.bitcast(body.args[0], args[0].type.as_pointer()))
            lent = _lent(context, inside, arguments, packed)
            values = [*cgutils.unpack_tuple(inside, lent), *body.args[1:]]
            status, result = context.call_internal_no_propagate(inside, compiled.fndesc, signature, values)
            inside.ret(inside.zext(inside.and_(status.is_ok, inside.trunc(result, ir.IntType(1))), WORD))
            kept = cgutils.alloca_once_value(builder, args[0])
            addresses = [builder.ptrtoint(place, WORD) for place in (body, kept)]
            return context.make_tuple(builder, outer.return_type, addresses)

        return types.UniTuple(types.intp, 2)(arguments), generate

    return task


def _lent(context, builder, kind, value):
    """Return a value whose arrays, in tuples as well, are not counted by those who hold them.

    Each part that is handed an array counts itself in and out; on counters that threads share that takes longer than
    the work on a pixel.
    """
    if isinstance(kind, types.Array):
        array = context.make_array(kind)(context, builder, value=value)
        array.meminfo, array.parent = (
            cgutils.get_null_value(array.meminfo.type),
            cgutils.get_null_value(array.parent.type),
        )
        return array._getvalue()
    if isinstance(kind, types.UniTuple | types.Tuple | types.NamedTuple | types.NamedUniTuple):
        for n, inner in enumerate(kind.types):
            member = _lent(context, builder, inner, builder.extract_value(value, n))
            value = builder.insert_value(value, member, n)
    return value


def _call_address(typing_context, call, context_of_call, who, start, stop):
    """Run a task."""

    def generate(context, builder, signature, args):
        body = builder.inttoptr(args[0], _BODY.as_pointer())
        return builder.call(body, [builder.inttoptr(args[1], _BODY.args[0]), *args[2:]])

    return types.intp(*[types.intp] * 5), generate


def _word(context, builder, signature, args):
    """Return the pointer to word args[1] of the board args[0]."""
    board = context.make_array(signature.args[0])(context, builder, value=args[0])
    return builder.gep(board.data, [args[1]])


def _read_word(typing_context, board, index):
    def generate(context, builder, signature, args):
        return builder.load_atomic(_word(context, builder, signature, args), "seq_cst", 8)

    return types.int64(board, types.intp), generate


def _write_word(typing_context, board, index, value):
    def generate(context, builder, signature, args):
        builder.store_atomic(args[2], _word(context, builder, signature, args), "seq_cst", 8)
        return context.get_dummy_value()

    return types.void(board, types.intp, types.int64), generate


def _add_to_word(typing_context, board, index, value):
    """Add to a word and return what it was before."""

    def generate(context, builder, signature, args):
        return builder.atomic_rmw("add", _word(context, builder, signature, args), args[2], "seq_cst")

    return types.int64(board, types.intp, types.int64), generate


def _exchange_word(typing_context, board, index, expected, value):
    """Write a word if it is as expected, and return what it was before."""

    def generate(context, builder, signature, args):
        pair = builder.cmpxchg(_word(context, builder, signature, args), args[2], args[3], "seq_cst", "seq_cst")
        return builder.extract_value(pair, 0)

    return types.int64(board, types.intp, types.int64, types.int64), generate


def _relax(typing_context):
    """Tell the processor that this thread only waits."""

    def generate(context, builder, signature, args):
        target, integer = builder.module.triple.split("-")[0], ir.IntType(32)
        if target == "x86_64":
            builder.call(_declared(builder, "llvm.x86.sse2.pause", []), [])
        elif target in ("aarch64", "arm64"):
            builder.call(_declared(builder, "llvm.aarch64.hint", [integer]), [integer(1)])  # yield
        return context.get_dummy_value()

    return types.void(), generate


def _let_others_run(typing_context):
    """Offer this processor to another thread."""

    def generate(context, builder, signature, args):
        name = "SwitchToThread" if "windows" in builder.module.triple else "sched_yield"
        function = ir.FunctionType(ir.IntType(32), [])
        builder.call(cgutils.get_or_insert_function(builder.module, function, name), [])
        return context.get_dummy_value()

    return types.void(), generate


def _declared(builder, name, arguments):
    return cgutils.get_or_insert_function(builder.module, ir.FunctionType(ir.VoidType(), arguments), name)


_call: Any = intrinsic(_call_address)
_read: Any = intrinsic(_read_word)
_write: Any = intrinsic(_write_word)
_add: Any = intrinsic(_add_to_word)
_exchange: Any = intrinsic(_exchange_word)
_pause: Any = intrinsic(_relax)
_give_way: Any = intrinsic(_let_others_run)
