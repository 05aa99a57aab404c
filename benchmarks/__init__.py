"""Benchmarks against the peers a user would pick: `python -m benchmarks --help`."""
