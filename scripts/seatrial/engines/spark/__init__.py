"""Spark as the second engine, in the consumer's PySpark."""
