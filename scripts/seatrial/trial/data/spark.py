"""Where the policy wants the data read by Spark."""

from seatrial.engines.spark.scanning import SparkCall
from seatrial.policy.model import Policy
from seatrial.trial.call import Call


def spark_of(policy: Policy, call: Call) -> SparkCall | None:
    """None where this machine's own engine reads them."""
    engine = policy.data.engine
    if engine is None:
        return None
    return SparkCall(engine.spark, call.environ, policy.place("data", "engine", "spark"))
