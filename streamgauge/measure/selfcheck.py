"""The measure measured: what comparisons would say of rounds of one and the same job. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from streamgauge.measure.statistics import BLOCK, Array, Ratio, concluded

COMPARISONS = 100
# Shares that are planted, with how many of the comparisons have to find them; of nothing at
# all so many may.
PLANTED = {0.05: 95, 0.1: 100}
ALLOWED = 1


class Checked(NamedTuple):
    """Of so many comparisons of so many rounds at most: how many found what was planted.

    `different` is how many found something where nothing was.
    """

    comparisons: int
    most: int
    different: int
    found: dict[float, int]

    @property
    def ok(self) -> bool:
        """Whether the measure may be trusted on this machine, for this job."""
        return self.different <= ALLOWED and all(
            self.found[share] >= least for share, least in PLANTED.items()
        )

    def __str__(self) -> str:
        planted = ", ".join(f"{share:.0%} in {found}" for share, found in self.found.items())
        return (
            f"of {self.comparisons} comparisons of a job with itself {self.different} say that it"
            f" differs; a slow-down is found of {planted} of {self.comparisons}"
        )


def checked(times: Sequence[float], most: int, seed: int = 0) -> Checked:
    """What comparisons of at most `most` rounds say of real rounds of one job, in their order.

    Blocks of them are drawn, with replacement, as often as a comparison needs, and which of the
    two is the first in each: else what these few rounds happen to differ by would be found each
    time. A slow-down is planted into the times of the second.
    """
    rng = np.random.default_rng(seed)
    blocks = np.array(times[: len(times) // len(BLOCK) * len(BLOCK)]).reshape(-1, len(BLOCK))
    drawn = [_drawn(blocks, most // len(BLOCK), rng) for _ in range(COMPARISONS)]
    found = {share: _found(drawn, share) for share in (0.0, *PLANTED)}
    different = sum(bool(each.found) for each in found.pop(0.0))
    slower = {s: sum(each.found == "slower" for each in seen) for s, seen in found.items()}
    return Checked(COMPARISONS, most, different, slower)


def _drawn(blocks: Array, many: int, rng: np.random.Generator) -> Array:
    drawn = blocks[rng.integers(len(blocks), size=many)]
    turned = rng.random(many) < 0.5  # noqa: PLR2004 - half of them
    drawn[turned] = drawn[turned][:, [1, 0, 3, 2]]
    return drawn


def _found(drawn: Sequence[Array], share: float) -> list[Ratio]:
    planted = np.where(np.array(BLOCK) == 1, 1 + share, 1)
    return [concluded([*(blocks * planted).ravel()]) for blocks in drawn]
