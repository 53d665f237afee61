"""How a job lives is plain data."""

import pytest

from streamgauge.lifecycle import ONCE, Lifecycle


@pytest.mark.parametrize(
    ("lifecycle", "partitions"),
    [
        (ONCE, 1),
        (Lifecycle(parallelism=2), 2),
        (Lifecycle(parallelism=2, restored=3), 3),
        (Lifecycle(parallelism=3, restored=2), 3),
        (Lifecycle(restored=1), 1),
    ],
)
def test_every_source_task_has_a_partition(lifecycle, partitions):
    """Before and after the restore: a task without one would hold the watermark back."""
    assert partitions == lifecycle.partitions


def test_once_is_one_job_to_the_end():
    """A job that nothing is done to is not restored."""
    assert (1, None) == (ONCE.parallelism, ONCE.restored)
