"""What states notified, what was found of them, and what providers prove."""

from tutela.compliance.models.batch import Batch, Decision, Measure
from tutela.compliance.models.finding import ArticleMeasure, Finding
from tutela.compliance.models.provider import Evidence, Measurement, Technology

__all__ = ["ArticleMeasure", "Batch", "Decision", "Evidence", "Finding", "Measure", "Measurement", "Technology"]
