"""A world whose jobs take so long, and a machine with nothing else to do."""

from streamgauge.attachments import Arrival
from streamgauge.graph import Node
from streamgauge.measure.machine import Clocks, Usage
from streamgauge.measure.pairs import Watch
from tests.unit.world import COPIED, TOO_MANY, World


class Timed(World):
    """A world whose jobs take `seconds(number, second)`, and have `plans` in turn.

    `wrong` is the number of the job whose answer has a row too many.
    """

    def __init__(
        self, tmp_path, *, seconds, wrong=0, plans=("", ""), trouble=None, restarts=0, operators=()
    ):
        super().__init__(tmp_path, operators=operators)
        self.seconds, self.wrong, self.plans = seconds, wrong, plans
        self.trouble, self.restarts = trouble, restarts
        self.parts = {}

    @property
    def second(self):
        return "second" in self.built.settings

    def times(self, job):
        number = len(self.jobs)
        took = {
            "accepted": 99.8,
            "running": 100.0,
            "finished": 100.0 + self.seconds(number, self.second),
        }
        return {**took, **({"restarting": 100.1} if number == self.restarts else {})}

    def read(self, sink):
        changes = TOO_MANY if len(self.jobs) == self.wrong else COPIED
        return [Arrival(change) for change in changes]

    def execute(self):
        if self.trouble and len(self.jobs) + 1 == self.trouble[0]:
            raise self.trouble[1]
        return super().execute()

    def compile(self):
        nodes = (
            '{"nodes": [{"id": 0, "type": "stream-exec-calc_1", "description": "%s"}], "edges": []}'
        )
        return nodes % self.plans[self.second]

    def graph(self):
        return [Node("", "Calc[1]", "[1]:Calc", "", (), state=None)]


class Steady:
    """A machine with nothing else to do: each look is a second after the one before.

    At the look `jumps` somebody sets the clock; `stolen` and `others` are shares of its time.
    """

    def __init__(self, jumps=0, stolen=0.0, others=0.0):
        self.looks, self.jumps, self.stolen, self.others = 0, jumps, stolen, others

    def clocks(self):
        self.looks += 1
        return Clocks(self.looks + 3600 * (self.jumps and self.looks >= self.jumps), self.looks)

    def usage(self, _):
        there = 2 * self.looks
        return Usage(there, there * (0.4 + self.others), there * self.stolen, there * 0.4)

    @property
    def watch(self):
        return Watch(self.clocks, self.usage)
