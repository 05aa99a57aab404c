"""Measure what is not measured yet, keep it in a file of results, and write the page of tables.

A run that was stopped goes on where it was; cells measured with another state of the engine are measured again.
"""

import argparse
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from . import banks, ceilings, features, filters, first_call, growth, images, machine, paddings, page, small, training
from .measure import Budget, Job
from .record import FOLDER, Record

PARTS = {
    "1d": filters.jobs,
    "cold": filters.cold_jobs,
    "2d": images.jobs,
    "banks": banks.jobs,
    "training": training.jobs,
    "paddings": paddings.jobs,
    "growth": growth.jobs,
    "small": small.jobs,
    "features": features.jobs,
    "first": first_call.jobs,
}
QUICK = Budget(0.15, 7)


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--only", nargs="+", choices=PARTS, metavar="PART", help=f"of {', '.join(PARTS)}; else all")
    parser.add_argument("--quick", action="store_true", help="a few cells of each part, within two minutes")
    parser.add_argument("--fresh", action="store_true", help="forget what the file holds")
    parser.add_argument("--seconds", type=float, help="of samples for each candidate of a cell")
    parser.add_argument("--results", type=Path, help="the file, results/grid.json or results/quick.json by default")
    parser.add_argument("--tables", action="store_true", help="measure nothing, write the pages from the files")
    options = parser.parse_args()
    path = options.results or FOLDER / ("quick.json" if options.quick else "grid.json")
    if options.tables:
        for each in [path] if options.results else page.records():
            page.write(each)
        return
    machine.with_allocator_settings()
    budget = QUICK if options.quick else Budget()
    if options.seconds is not None:
        budget = budget._replace(seconds=options.seconds)
    try:
        record = Record(path, machine.describe(), fresh=options.fresh)
    except ValueError as error:
        sys.exit(str(error))
    wrong = measure(record, list(_jobs(options.only or list(PARTS), options.quick)), budget)
    print(f"{page.write(path)} is written")
    if wrong:
        sys.exit("not measured, because results differ:\n" + "\n".join(wrong))


def _jobs(parts: list[str], quick: bool) -> Iterator[Job]:
    for part in PARTS:
        if part in parts:
            yield from (job for job in PARTS[part]() if job.is_quick or not quick)


def measure(record: Record, jobs: list[Job], budget: Budget) -> list[str]:
    """Measure the jobs whose cells are missing or of another engine, and keep each cell at once.

    Returns what was wrong in the cells whose results differ: they are not timed, and the others go on.
    """
    engine, commit = machine.engine(), machine.commit()
    record.limit(ceilings.measured())
    missing = [job for job in jobs if not record.has(job.suite, job.name, engine)]
    left = sum(_expected(record, job) for job in missing)
    print(f"{len(missing)} of {len(jobs)} cells to measure, in about {left / 60:.0f} minutes", file=sys.stderr)
    wrong = []
    for job in missing:
        start, expected = time.perf_counter(), _expected(record, job)
        try:
            cell = job.measure(budget, record.cells)
        except AssertionError as error:
            wrong.append(str(error))
            print(error, file=sys.stderr, flush=True)
            continue
        cell.commit, cell.engine, cell.took = commit, engine, round(time.perf_counter() - start, 2)
        record.keep(cell)
        left -= expected
        ratio = f"{cell.ratio():.2f}" if cell.peers() else "–"
        line = f"{cell.suite:38} {cell.name:34} {ratio:>7} {cell.took:7.1f} s, {left / 60:.0f} min left"
        print(line, file=sys.stderr, flush=True)
    return wrong


def _expected(record: Record, job: Job) -> float:
    known = record.cells.get((job.suite, job.name))
    return known.took if known else job.seconds


if __name__ == "__main__":
    main()
