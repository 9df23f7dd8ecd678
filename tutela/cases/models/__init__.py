from tutela.cases.models.case import Case, CaseLink, CaseReport
from tutela.cases.models.reading import Reading

__all__ = ["Case", "CaseLink", "CaseReport", "Reading"]
