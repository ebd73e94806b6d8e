"""Conditions on metrics, as the policy writes them."""

from typing import Annotated, Literal, get_args

from pydantic import BaseModel, BeforeValidator, ConfigDict

from seatrial.policy.fields import Between, Column, OneOf, Share, Whole
from seatrial.policy.metrics import METRICS, MetricInfo, user_defined
from seatrial.policy.values import some

LimitKind = Literal["min", "max", "margin", "min_gain"]

LIMITS: tuple[LimitKind, ...] = get_args(LimitKind)


class Section(BaseModel):
    """A mapping of the policy: frozen, and closed to unknown keys."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


class Limits(Section):
    """What is demanded of a metric."""

    min: Share | None = None
    """The least it may be, where higher is better; held against the worse end of the interval."""
    max: Share | None = None
    """The most it may be, where lower is better; held against the worse end of the interval."""
    margin: Share | None = None
    """The loss against the baseline that you accept; skipped, and said so, where there is no baseline."""
    min_gain: Share | None = None
    """The gain over the baseline that you demand; skipped, and said so, where there is no baseline."""


class Largest(Section):
    """What is accepted of a difference between groups."""

    max: Share
    """The largest difference between two groups that you accept."""


class Settings(Section):
    """The settings of a metric beside its limits; `parse` fills the defaults in."""

    cut: Share | None = None
    """The score from which a row counts as predicted positive; 0.5 where it is left out."""
    k: Annotated[int | None, Whole(1, 1_000)] = None
    """How many of the most probable classes top_k_accuracy looks at; 5 where it is left out."""
    quantile: Annotated[float | None, Between(0, 1)] = None
    """The quantile that pinball takes the prediction for; 0.5 where it is left out."""
    bins: Annotated[int | None, Whole(2, 100)] = None
    """How many bins of the probability ece compares; 10 where it is left out."""


# Fields come in the order of the last base first: limits, then settings.
class Metric(Settings, Limits):
    """A condition on a metric: at least one limit, and the settings of the metric."""

    column: Column | None = None
    """For a metric of your own: the column of the predictions whose mean it is."""
    direction: Annotated[Literal["higher", "lower"] | None, OneOf(("higher", "lower"))] = None
    """For a metric of your own: whether higher or lower is better."""

    @property
    def limits(self) -> tuple[tuple[LimitKind, float], ...]:
        """Kind and value of each limit, in a fixed order."""
        found = ((kind, getattr(self, kind)) for kind in LIMITS)
        return tuple((kind, value) for kind, value in found if value is not None)

    def info(self, name: str) -> MetricInfo:
        """The metric of this name: one of the table, or the policy's own."""
        return METRICS.get(name) or user_defined(name, self.direction or "higher")


class Gap(Settings, Largest):
    """How far apart the groups may be in a metric, and the settings of the metric."""


Metrics = Annotated[dict[str, Metric], BeforeValidator(some)]
Gaps = Annotated[dict[str, Gap], BeforeValidator(some)]
