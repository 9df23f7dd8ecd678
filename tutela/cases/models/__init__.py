from tutela.cases.models.case import Case, CaseLink, CaseReport
from tutela.cases.models.reading import Reading
from tutela.cases.models.unplaced import Unplaced, Unweighed

__all__ = ["Case", "CaseLink", "CaseReport", "Reading", "Unplaced", "Unweighed"]
