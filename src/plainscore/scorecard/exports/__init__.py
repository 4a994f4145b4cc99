"""A frozen card in the forms that other systems run: SQL, PMML, a workbook, a Python file and JSON's schema.

Every export reads the card alone, and scores every kind of value as `Card.score` does.
"""

from plainscore.scorecard.exports._excel import to_excel
from plainscore.scorecard.exports._pmml import to_pmml
from plainscore.scorecard.exports._python import to_python
from plainscore.scorecard.exports._schema import card_schema
from plainscore.scorecard.exports._sql import to_sql

__all__ = ["card_schema", "to_excel", "to_pmml", "to_python", "to_sql"]
