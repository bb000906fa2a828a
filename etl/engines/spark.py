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
    "spark.ui.enabled": "false",
    "spark.ui.showConsoleProgress": "false",
}


@contextmanager
def session(master: str) -> Iterator["SparkSession"]:
    """A Spark session on `master`: local[N], local-cluster[executors,cores,megabytes] or spark://host:port.

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
        spark = _started(SparkSession.builder, master, Path(folder))
        try:
            yield spark
        finally:
            spark.stop()


def _started(builder: Any, master: str, folder: Path) -> "SparkSession":
    os.environ.setdefault("SPARK_CONF_DIR", str(Path(__file__).parent / "conf"))
    conf = CONF | {"spark.local.dir": str(folder)}
    if master.startswith("local"):
        os.environ["SPARK_LOCAL_IP"] = THIS_MACHINE
        conf |= {"spark.driver.host": THIS_MACHINE, "spark.driver.bindAddress": THIS_MACHINE}
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
    """The engine on a Spark session. One per run; it does not see changes of a table that it was handed before."""

    def __init__(self, con: duckdb.DuckDBPyConnection, spark: "SparkSession") -> None:
        self.con = con
        self.spark = spark
        self.handed: set[str] = set()

    def create(self, table: str, select: str) -> None:
        """Make `table` anew, in DuckDB, from what `select` returns on Spark."""
        made = self.frame(select, table).toArrow()
        self._settle()
        self.con.register("handed_back", made)
        self.con.execute(f"create or replace table {table} as select * from handed_back")
        self.con.unregister("handed_back")
        self.handed.discard(table)

    def count(self, select: str) -> int:
        """The number of rows that `select` returns."""
        return int(self.frame(select).count())

    def frame(self, select: str, name: str = "") -> "DataFrame":
        """What a select in DuckDB's words returns, not yet computed."""
        for table in sorted(tables_of(select, name) - self.handed):
            self._settle()
            self.hand_over(table, self.con.sql(f"select * from {table}").to_arrow_table())
        return self.spark.sql(to_spark(select, name))

    def hand_over(self, table: str, rows: Any) -> None:
        """Let Spark see an Arrow table under the name of `table`."""
        self.spark.createDataFrame(rows).createOrReplaceTempView(view_name(table))
        self.handed.add(table)

    def _settle(self) -> None:
        # Where somebody fetched one row of a result and left the rest, DuckDB gives and takes no Arrow.
        self.con.execute("select 1").fetchall()
