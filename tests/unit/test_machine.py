"""What processes of ours used of the machine, whatever ends meanwhile."""

import psutil

from streamgauge.measure import machine


class Process:
    """A process of this number, which has used as many seconds; the second has ended."""

    def __init__(self, pid):
        self.pid = pid

    def children(self, *, recursive):
        return [Process(2), Process(3)]

    def cpu_times(self):
        if self.pid == 2:
            raise psutil.NoSuchProcess(2)
        return (float(self.pid), 0.0, 0.0, 0.0, 9.0)


def test_one_that_ends_takes_no_other_along(monkeypatch):
    """What the others used would be said to be somebody else's."""
    monkeypatch.setattr(psutil, "Process", Process)
    monkeypatch.setattr("os.getpid", lambda: 1)

    assert 1 + 3 + 7 == machine.usage([7]).ours
