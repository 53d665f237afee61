"""How a cell delivers is said to its tables, and told of it."""

import pytest

from streamgauge.attachments.place import DELIVERIES
from streamgauge.cells import delivered, make_cell
from streamgauge.fed import place
from streamgauge.lifecycle import once
from streamgauge.records import GIVEN
from streamgauge.run import Run, new_record
from streamgauge.values.inputs import Inputs
from tests.unit.world import LINE, ROWS, World, copying


@pytest.mark.parametrize("delivery", DELIVERIES)
def test_delivery_goes_from_the_cell_to_its_place_and_record(tmp_path, delivery):
    """What a job was told decides what comes of it."""
    world = World(tmp_path)
    cell = delivered(make_cell(copying(), "sql", "streaming", "kafka", LINE), delivery)
    run = Run(cell, Inputs.of({"events": ROWS}), GIVEN, once(cell.form))

    assert delivery == place(world, cell, run.lifecycle).delivery
    assert delivery == new_record(world, run).delivery
