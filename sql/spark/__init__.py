"""What Spark needs of the warehouse: its statements in Spark's words, and the files of a snapshot."""

from sql.spark.dialect import Macro, NotTranslatable, macros, spark_text
from sql.spark.handover import HandedOver, hand_over

__all__ = ["HandedOver", "Macro", "NotTranslatable", "hand_over", "macros", "spark_text"]
