"""Benchmarks run seldom: here they are at least imported."""

import runpy

import pytest

from streamgauge import paths

BENCHMARKS = sorted((paths.PACKAGE.parent / "benchmarks").glob("test_*.py"))


@pytest.mark.parametrize("file", BENCHMARKS, ids=lambda file: file.stem)
def test_benchmark_can_be_imported(file):
    """What it needs of ours is there."""
    assert any(name.startswith("test_") for name in runpy.run_path(str(file)))
