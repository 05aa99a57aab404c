"""What every kernel takes on an H100 or H200, as a table, made without one: ``python tests/on_device/report.py``."""

from all_kernels import DTYPES, PARTS, kernel_of
from machine_code import compiled


def main() -> None:
    """Print registers, stack and spills of a thread, shared bytes of a block, and the share of multiply-adds."""
    print("| kernel | dtype | registers | stack | spills | shared | multiply-adds | of instructions | share |")
    print("|---|---|---|---|---|---|---|---|---|")
    for part in PARTS:
        for name in DTYPES:
            code = compiled(*kernel_of(part, name))
            taken = code.registers, code.stack, code.spills, code.shared, code.fused, code.instructions
            print(f"| {part} | {name} | {' | '.join(map(str, taken))} | {code.share:.0%} |", flush=True)


if __name__ == "__main__":
    main()
