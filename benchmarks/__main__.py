"""Measure, write the JSON and the page of tables."""

import argparse
import json
import sys
from dataclasses import asdict
from pathlib import Path

from . import banks, filters, images, machine, tables, training

SUITES = {"1d": filters.cells, "2d": images.cells, "banks": banks.cells, "training": training.cells}


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("suites", nargs="*", choices=[*SUITES, []], help="which ones; all by default")
    parser.add_argument("--quick", action="store_true", help="a few cells of each suite, within two minutes")
    parser.add_argument("--rounds", type=int, default=15, help="samples of each candidate")
    parser.add_argument("--out", type=Path, help="write NAME.json and NAME.md here instead of printing only")
    options = parser.parse_args()
    machine.with_allocator_settings()
    rounds = min(options.rounds, 7) if options.quick else options.rounds
    described, limits = machine.describe(), machine.ceilings(rounds)
    done = []
    for suite in options.suites or SUITES:
        for cell in SUITES[suite](options.quick, rounds):
            done.append(cell)
            print(f"{cell.suite:18} {cell.name:32} {cell.ratio():6.2f}", file=sys.stderr, flush=True)
    page = tables.markdown(described, limits, done)
    print(page)
    if options.out:
        content = {"machine": described, "limits": limits, "cells": [asdict(cell) for cell in done]}
        for suffix, text in ((".json", json.dumps(content, indent=1, ensure_ascii=False)), (".md", page)):
            temporary = options.out.with_suffix(suffix + ".part")
            temporary.write_text(text, encoding="utf-8")
            temporary.replace(options.out.with_suffix(suffix))


if __name__ == "__main__":
    main()
