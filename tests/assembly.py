"""The inner loops of the register tiles as a processor sees them, as a program: ``python tests/assembly.py TARGET``.

The engine is imported as it would be on that processor, each tile is compiled to LLVM code, and that to the assembly of
the target, which need not be this machine's. It prints, as JSON, for every tile its innermost loops that multiply: how
many vector multiply-adds they have, and which instructions are narrower than a vector, call, or keep vectors on the
stack.
"""

import json
import re
import sys
from typing import Any, NamedTuple
from unittest import mock

import llvmlite.binding as llvm


class Target(NamedTuple):
    """A processor: how LLVM names it, what it can, how wide its vectors are, and how its assembly is read."""

    triple: str
    cpu: str
    features: tuple[str, ...]
    fma: str  # a multiply-add of whole vectors
    narrow: str  # arithmetic on less than that
    call: str
    spill: str
    jump: str


X86 = {
    "narrow": r"\bv?(f?n?m?(add|sub|mul|div)\d*[sp][sd])\b",
    "call": r"^\s*call",
    "spill": r"%[xyz]mm.*\(%rsp[,)]|\(%rsp[,)].*%[xyz]mm",
    "jump": r"^\s*j\w+\s+(\.L\w+)",
}
TARGETS = {
    "avx2": Target("x86_64-unknown-linux-gnu", "haswell", ("avx2", "fma"), r"vfn?m(add|sub)\d+p[sd].*%ymm", **X86),
    "avx512": Target(
        "x86_64-unknown-linux-gnu", "skylake-avx512", ("avx2", "fma", "avx512f"), r"vfn?m(add|sub)\d+p[sd].*%zmm", **X86
    ),
    "neon": Target(
        "aarch64-unknown-linux-gnu",
        "neoverse-n1",
        ("neon",),
        fma=r"\bfml[as]\s+v\d+\.(4s|2d)",
        narrow=r"\bf(madd|msub|mul|add|sub)\s+[sd]\d+",
        call=r"^\s*blr?\s",
        spill=r"\b[qvds]\d+\b.*\[sp\b",
        jump=r"^\s*(?:b\.\w+|cbn?z\s+\w+,|tbn?z.*,)\s*(\.L\w+)",
    ),
}
WIDE = {"avx2": "%ymm", "avx512": "%zmm", "neon": ""}


def tiles() -> dict[str, tuple]:
    """Return each tile of sums that the engine uses on this processor, and the kinds of its arguments."""
    from ltisys.convolution import fir_tile, image_tile, map_products, products, tiles

    found = {name: (getattr(fir_tile, name), "xiixixii") for name in ("wide", "narrow", "single")}
    found |= {f"image_{n}": (getattr(image_tile, f"_wide{n}"), "x3xx5i") for n in range(1, image_tile.STACK + 1)}
    found["image_column"] = image_tile._column, "xixx4i"
    heights = [n for n in (1, 2, 4, 8) if n <= tiles.MAPS]
    for n in heights:
        found |= {f"bank_{n}_{v}": (getattr(tiles, f"_tile_{n}_{v}"), "xixiti32xi3") for v in (1, 2)}
    for n in (1, 2, 3):
        for kind in ("long", "short"):
            found[f"map_products_{n}_{kind}"] = getattr(map_products, f"_tile_{n}_{kind}"), "xixijitiiiixii"
    for n in (n for n in (1, 2, 4) if n <= products.MAPS):
        found[f"products_{n}"] = getattr(products, f"_tile_{n}"), "xiixjiiix"
    return found


def passes() -> dict[str, tuple]:
    """Return the passes of transforms: their points fill all registers and more."""
    from ltisys.convolution import butterflies, tile_passes

    found = {f"pass_{n}": (getattr(tile_passes, f"_{n}"), "xiiixi") for n in ("forward8", "forward4", "inverse8")}
    found |= {f"filter_{n}": (getattr(tile_passes, f"_filter{n}"), "xixi") for n in (4, 8)}
    found |= {f"lane_{n}": (getattr(butterflies, n), "xiixi") for n in ("forward8", "inverse8", "forward4")}
    return found


def assembly_of(tile, kinds: str, target: Target, real) -> list[str]:
    """Return the lines of assembly of a function that runs a tile."""
    from numba import njit, types

    known = {"x": real[::1], "i": types.intp, "j": types.intp[::1], "t": types.intp[:, ::1]}
    signature = tuple(known.get(kind) or types.UniTuple(types.intp, int(kind)) for kind in kinds)
    names = ", ".join(f"a{n}" for n in range(len(kinds)))
    compiler: Any = njit  # its stubs know fewer words than it does
    function = compiler(eval(f"lambda {names}: tile({names})", {"tile": tile}), no_cpython_wrapper=True)
    function.compile(signature)
    (code,) = function.inspect_llvm().values()
    module = llvm.parse_assembly(re.sub(r"^target (triple|datalayout) = .*$", "", code, flags=re.MULTILINE))
    features = ",".join(f"+{name}" for name in target.features)
    machine = llvm.Target.from_triple(target.triple).create_target_machine(cpu=target.cpu, features=features, opt=3)
    module.triple, module.data_layout = target.triple, str(machine.target_data)
    return machine.emit_assembly(module).splitlines()


def inner_loops(lines: list[str], target: Target) -> list[list[str]]:
    """Return the innermost loops: from a label to a jump back to it, without another such pair between."""
    labels = {match[1]: n for n, line in enumerate(lines) if (match := re.match(r"(\.L\w+):", line))}
    spans = [
        (labels[match[1]], n)
        for n, line in enumerate(lines)
        if (match := re.search(target.jump, line)) and labels.get(match[1], n) < n
    ]
    inner = [s for s in spans if not any(t != s and s[0] <= t[0] and t[1] <= s[1] for t in spans)]
    return [lines[first : last + 1] for first, last in inner]


def described(loop: list[str], target: Target, width: str) -> dict[str, object]:
    """Return what matters of a loop."""
    products = [line for line in loop if re.search(target.fma, line)]
    narrow = [line.strip() for line in loop if re.search(target.narrow, line) and (not width or width not in line)]
    calls = [line.strip() for line in loop if re.search(target.call, line)]
    spills = [line.strip() for line in loop if re.search(target.spill, line)]
    return {"products": len(products), "narrow": narrow, "calls": calls, "spills": spills}


def main() -> None:
    target, width = TARGETS[sys.argv[1]], WIDE[sys.argv[1]]
    llvm.initialize_all_targets()
    llvm.initialize_all_asmprinters()
    from numba import njit, types

    njit(types.intp())(lambda: 0)  # Numba asks what this machine is, and keeps the answer
    asked = {
        "get_host_cpu_features": lambda: dict.fromkeys(target.features, True),
        "get_process_triple": lambda: target.triple,
    }
    with mock.patch.multiple(llvm, **asked):
        import ltisys.convolution  # noqa: F401  (as on that processor)

    report = {}
    for kind, chosen, reals in (
        ("tile", tiles(), (types.float32, types.float64)),
        ("pass", passes(), (types.float32,)),
    ):
        for real in reals:
            for name, (tile, kinds) in chosen.items():
                found = inner_loops(assembly_of(tile, kinds, target, real), target)
                loops = [described(loop, target, width) for loop in found]
                report[f"{kind} {name} {real}"] = [loop for loop in loops if loop["products"] or loop["narrow"]]
    print(json.dumps(report))


if __name__ == "__main__":
    main()
