"""What a letter can hold: the one list of field names that packs and letters share."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

NOTICE_FIELDS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "letter_date": "day of the letter",
        "applicant_name": "name of the person",
        "applicant_address": "postal address of the person",
        "creditor_name": "name of the lender",
        "creditor_address": "postal address of the lender",
        "credit_requested": "the account or credit asked for",
        "action_taken": "what the lender did",
        "agency_name": "authority that oversees this lender",
        "agency_address": "postal address of that authority",
        "principal_reasons": "the specific reasons, those that weigh most",
        "reasons_office_name": "person or office that gives the reasons",
        "reasons_office_address": "postal address of that office",
        "reasons_office_phone": "telephone number of that office",
        "offer_terms": "what the lender offers instead",
        "offer_until": "last day to accept the offer",
        "score": "the score that was used",
        "score_low": "lowest score that the card can give",
        "score_high": "highest score that the card can give",
        "score_date": "day the score was made",
        "score_provider": "who made the score",
        "score_distribution": "how many people score in each of six or more ranges",
        "key_factors": "what lowered the score most, in that order",
        "bureau_name": "reporting agency whose data were used",
        "bureau_address": "postal address of that agency",
        "bureau_phone": "telephone number of that agency, toll-free where it is nationwide",
        "report_how_to_get": "how to get the report from that agency",
        "annual_report_source": "where the free yearly reports are had",
        "regulator_site": "web site of the authority, with more about reports",
        "automated": "whether the decision was made by automated processing alone, or in part",
        "explanation": "how the decision came about: which data, how they counted, with what risks",
        "significance": "what the processing means for the person",
        "human_review": "how to have a person look at it again",
        "contest": "how to give one's own view and to contest the decision",
        "debt_advice": "where advice on debt is had",
        "database_name": "database that was consulted",
        "database_categories": "categories of data taken from it",
        "database_contact": "how to reach who keeps the database",
        "adverse_items": "the adverse records, one by one",
        "furnisher_name": "who reports the records",
        "objection_contact": "where to object to a record",
        "correction_contact": "where to ask for a correction and add a note of one's own",
        "ombudsman": "where to complain when the lender's answer does not settle it",
        "criteria": "criteria and procedures behind the decision",
        "sources": "where the data came from",
        "review_contact": "where to ask for a review of the automated decision",
    }
)
"""Field ids with what each one holds."""
