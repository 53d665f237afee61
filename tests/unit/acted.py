"""The command line over a harness that gives made-up verdicts: `python acted.py run ...`.

The environment's ACTED has them in order, such as `pass fail`; then it waits for Ctrl-C.
"""

import os
import time

from streamgauge import cli
from streamgauge.cli import running
from streamgauge.run import Outcome, new_record


class Harness:
    def __init__(self, space, *_, **__):
        self.space = space

    def prepare(self, cells):
        pass

    def close(self):
        pass


def run_cells(harness, runs):
    verdicts = os.environ["ACTED"].split()
    for each in runs:
        record = new_record(harness, each)
        if record.verdict != "absent":
            if not verdicts:
                running._log.info("starting kafka")
                time.sleep(60)
            record.verdict = verdicts.pop(0)
            record.reason = "" if record.verdict == "pass" else "counts: extra 1: ('caf\u00e9', 2)"
            record.seconds = {"job": 1.5}
        yield Outcome(record, {})


if __name__ == "__main__":
    running.Harness, running.run_cells, running.at_once = Harness, run_cells, lambda **_: 1
    cli.main()
