"""Apache Spark: for those who outgrow one machine. The same SQL files, put into Spark's words as they run.

Spark computes, DuckDB keeps: a table that a select reads is handed to Spark when it is first asked for, and what the
select returns is handed back. No Python runs on the executors, so they need nothing but Spark itself.
"""

import os
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import duckdb

from etl.engines.dialect import tables_of, to_spark, view_name
from etl.engines.java import check_spark
from etl.errors import EngineError

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession

THIS_MACHINE = "127.0.0.1"
CONF = {
    "spark.sql.session.timeZone": "UTC",
    "spark.sql.ansi.enabled": "true",
    "spark.sql.caseSensitive": "true",
    "spark.sql.catalogImplementation": "in-memory",
    "spark.driver.maxResultSize": "0",
    # What is handed over stays Arrow, for tasks to read. Otherwise a table below 48 MB becomes part of the plan, and
    # the driver works through its rows one by one while it plans.
    "spark.sql.execution.arrow.localRelationThreshold": "0",
    "spark.ui.enabled": "false",
    "spark.ui.showConsoleProgress": "false",
}


@contextmanager
def session(master: str, memory: str = "2GB") -> Iterator["SparkSession"]:
    """A Spark session on `master`: local[N], local-cluster[executors,cores,megabytes] or spark://host:port.

    `memory` is what Spark may use in this process, where it runs on this machine.

    A session that runs already is used, and left running. What else a cluster needs (memory, an object store's keys)
    stands in spark-defaults.conf of $SPARK_CONF_DIR. Raises EngineError where Spark or its Java is missing, or nobody
    answers at the master's address.
    """
    check_spark()
    warnings.filterwarnings("ignore", message="PySpark does not yet fully support pandas")
    from pyspark.sql import SparkSession

    if running := SparkSession.getActiveSession():
        yield running
        return
    with tempfile.TemporaryDirectory(prefix="porchlight-spark-") as folder:
        spark = _started(SparkSession.builder, master, memory, Path(folder))
        try:
            yield spark
        finally:
            spark.stop()


def _started(builder: Any, master: str, memory: str, folder: Path) -> "SparkSession":
    os.environ.setdefault("SPARK_CONF_DIR", str(Path(__file__).parent / "conf"))
    conf = CONF | {"spark.local.dir": str(folder)}
    if master.startswith("local"):
        os.environ["SPARK_LOCAL_IP"] = THIS_MACHINE
        conf |= {"spark.driver.host": THIS_MACHINE, "spark.driver.bindAddress": THIS_MACHINE}
        # DuckDB says 2GB or 512MB, Java 2g or 512m.
        conf["spark.driver.memory"] = memory.replace(" ", "").lower().removesuffix("b").removesuffix("i")
    if master.startswith("local-cluster"):
        # Its executors write their logs below Spark's home: let that be a folder of ours, that goes away.
        import pyspark

        for part in ("bin", "jars"):
            (folder / part).symlink_to(Path(pyspark.__file__).parent / part)
        os.environ["SPARK_HOME"] = str(folder)
    for key, value in conf.items():
        builder = builder.config(key, value)
    try:
        return builder.master(master).appName("porchlight").getOrCreate()
    except Exception as error:
        said = str(error).strip().splitlines() or [type(error).__name__]
        raise EngineError(f"Spark did not start on {master}: {said[0][:300]}") from error


class Spark:
    """The engine on a Spark session. A table of DuckDB's is handed over anew for every select that reads it.

    `files`: URL of the folder in which executors find files that lie elsewhere on this machine.
    """

    reads_parquet = True

    def __init__(self, con: duckdb.DuckDBPyConnection, spark: "SparkSession", files: str | None = None) -> None:
        self.con = con
        self.spark = spark
        self.files = files
        self.landed: set[str] = set()

    def land(self, table: str, path: Path) -> None:
        """Let `table` be the rows of a Parquet file; they are never handed to DuckDB."""
        where = f"{self.files.rstrip('/')}/{path.name}" if self.files else path.resolve().as_uri()
        with speaking(f"{path.name} as Parquet"):
            self.spark.read.parquet(where).createOrReplaceTempView(view_name(table))
        self.landed.add(table)

    def create(self, table: str, select: str) -> None:
        """Make `table` anew, in DuckDB, from what `select` returns on Spark."""
        with speaking(table):
            made = self.frame(select, table).toArrow()
        self._settle()
        self.con.register("handed_back", made)
        self.con.execute(f"create or replace table {table} as select * from handed_back")
        self.con.unregister("handed_back")

    def count(self, select: str) -> int:
        """The number of rows that `select` returns."""
        with speaking("a check"):
            return int(self.frame(select).count())

    def frame(self, select: str, name: str = "") -> "DataFrame":
        """What a select in DuckDB's words returns, not yet computed."""
        for table in sorted(tables_of(select, name) - self.landed):
            self._settle()
            rows = self.con.sql(f"select * from {table}").to_arrow_table()
            # Of an empty table DuckDB gives columns without a single chunk, which Spark does not take.
            rows = rows if rows.num_rows else rows.schema.empty_table()
            self.spark.createDataFrame(rows).createOrReplaceTempView(view_name(table))
        return self.spark.sql(to_spark(select, name))

    def _settle(self) -> None:
        # Where somebody fetched one row of a result and left the rest, DuckDB gives and takes no Arrow.
        self.con.execute("select 1").fetchall()


@contextmanager
def speaking(of: str) -> Iterator[None]:
    """EngineError in place of an error of Spark, whose message may quote a value."""
    from py4j.protocol import Py4JError
    from pyspark.errors import PySparkException

    try:
        yield
    except (Py4JError, PySparkException) as error:
        kind = error.getCondition() if isinstance(error, PySparkException) else None
        raise EngineError(f"Spark failed at {of} ({kind or type(error).__name__}). Nothing was published.") from error
