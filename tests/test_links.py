"""What versions.toml says of a line's connectors is what the jars say."""

import pytest

from streamgauge import versions
from streamgauge.cli import probe
from streamgauge.runtimes import environment, jars
from streamgauge.runtimes.links import Classes


@pytest.fixture(scope="module")
def flinks(flink):
    """The classes of the line, and of one more: what neither has is optional."""
    both = {flink.line.name, versions.default_line()}
    return {name: Classes(environment.install(versions.line(name)).jars) for name in both}


@pytest.mark.parametrize("kind", ["kafka", "jdbc", "cdc", "hive", "parquet"])
def test_a_connector_links_or_none_does(flink, flinks, kind):
    """The set of a line links; where it is absent, that of no other line does."""
    own = flink.line.connectors.get(kind)
    sets = [own] if own else [jar_set for jar_set, _ in probe._sets(kind).values()]
    lacks = [
        probe._lacks(Classes(jars.fetch(versions.locked(each))), flinks)[flink.line.name]
        for each in sets
    ]

    assert [bool(own)] * len(sets) == [not each for each in lacks], lacks
