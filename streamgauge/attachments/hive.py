"""Hive's tables: partitions are committed when the metastore lists them."""

from __future__ import annotations

from dataclasses import replace

from pymetastore.hive_metastore.ttypes import Database

from streamgauge.attachments.committed import COMMITTED, POLICY, Partition, warehouse
from streamgauge.attachments.ddl import create_catalog, create_table, named, with_own
from streamgauge.attachments.partitions import Partitions
from streamgauge.attachments.place import Place
from streamgauge.files import located, uri
from streamgauge.services import metastore
from streamgauge.tables import Sink
from streamgauge.values.schema import Schema

_ALL = -1
_HIVE_SITE = """\
<configuration>
  <property><name>hive.metastore.uris</name><value>thrift://{address}</value></property>
</configuration>
"""


class HiveDatabase:
    """A database of the metastore for all of a run's tables, with a folder of our own."""

    def __init__(self, place: Place) -> None:
        self.name = place.name
        self.address = place.services["metastore"]
        self.conf = place.folder / "hive-conf"
        self._folder = warehouse(place)
        self._made = False

    def create(self) -> None:
        """Make it, where it is not there yet, and the settings by which Flink finds it."""
        if self._made:
            return
        self.conf.mkdir()
        (self.conf / "hive-site.xml").write_text(_HIVE_SITE.format(address=self.address.for_jobs))
        with metastore.connect(self.address) as client:
            client.create_database(Database(self.name, "", uri(self._folder), {}))
        self._made = True

    def drop(self) -> None:
        """Drop it, if it was made."""
        if self._made:
            with metastore.connect(self.address) as client:
                client.drop_database(self.name, deleteData=False, cascade=True)
            self._made = False


class HiveTable(Partitions):
    """A table of a catalog: who reads it asks the metastore alone what is there."""

    def __init__(self, place: Place, database: HiveDatabase, sink: Sink) -> None:
        super().__init__(place, sink)
        self._database = database
        # By the zone of the JVM.
        self._written_in = place.zone

    def ddl(self) -> list[str]:
        """A catalog, and a table in it: a Hive table is nowhere else."""
        catalog = {"type": "hive", "hive-conf-dir": str(self._database.conf)}
        options = {
            "connector": "hive",
            "hive.storage.file-format": "parquet",
            POLICY: "metastore,success-file",
        }
        schema, partitions = _hive_schema(self.sink.schema), self.sink.partitions
        table = create_table(
            self.target(), schema, (), with_own(self.sink, options, COMMITTED), (), partitions
        )
        # It is in the metastore, and still there when a job is started again.
        table = table.replace("CREATE TABLE", "CREATE TABLE IF NOT EXISTS", 1)
        return [create_catalog(self._catalog, catalog), table]

    def target(self) -> str:
        """The path of the table in its catalog."""
        return named(self._catalog, self._database.name, self.sink.name)

    def create(self) -> None:
        """Make the folder, and the database with the first table."""
        super().create()
        self._database.create()

    def partitions(self) -> list[Partition]:
        """What the metastore lists."""
        with metastore.connect(self._database.address) as client:
            listed = client.get_partitions(self._database.name, self.sink.name, _ALL)
        return sorted(Partition(located(p.sd.location), tuple(p.values)) for p in listed)

    def drop(self) -> None:
        """Drop the table with all of its database, and remove the folder."""
        try:
            self._database.drop()
        finally:
            super().drop()

    @property
    def _catalog(self) -> str:
        """One a sink: its DDL stands alone."""
        return f"hive_{self.sink.name}"


def _hive_schema(schema: Schema) -> Schema:
    """Hive has one timestamp, with nanoseconds."""
    return Schema(
        tuple(
            replace(column, type="TIMESTAMP(9)") if column.kind == "TIMESTAMP" else column
            for column in schema.columns
        )
    )
