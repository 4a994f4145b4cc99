"""The denied list, both ways: what it must refuse, and what it must let through."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plainscore.rules import MalformedRulesError, denied_categories, denied_category, parse_denied

REFUSED = {
    "sex": ["gender", "SEX", "CODE_GENDER", "applicantGender", "is_female", "sexual_orientation"],
    "origin": ["race", "ethnicGroup", "ethnicity", "nationality", "country_of_birth", "citizenship", "caste"],
    "belief": ["religion", "Religious Belief", "church_member"],
    "politics": ["political_party", "partyMembership", "voter_turnout", "trade_union"],
    "age": [
        "age", "AGE", "Age Years", "age_group", "applicant_age", "DAYS_BIRTH", "date_of_birth", "dob",
        "birthYear", "dateofbirth", "customer_age_mean", "is_elderly",
    ],
    "family": [
        "marital_status", "MARRIAGE", "maritalstatus", "NAME_FAMILY_STATUS", "CNT_CHILDREN", "spouse_income",
        "siblings", "n_dependants", "family", "dependencies_child", "household_size",
    ],
    "social_ties": ["friends", "friend_count", "contacts", "contactList", "social_network_size", "call_logs"],
    "social_media": ["social_media_posts", "socialCreditScore", "facebook_likes", "personality_type"],
    "browsing": ["browsing_history", "browserHistory", "cookies", "device_model", "video_games_hours", "URL"],
    "purchases": ["purchases", "purchase_amount", "spendingHabits", "merchant_category", "mcc", "diapers"],
    "location": [
        "ip_address", "IPAddress", "ip", "location", "postcode", "zip_code", "ZIP", "home_address",
        "latitude", "gps_lat", "neighborhoods", "city", "REGION_RATING",
    ],
    "health": ["health", "medical_history", "bloodType", "disability", "fingerprints", "dna_sample"],
    "criminal": ["criminal_record", "court_list", "convictions", "arrests", "judgment_defaulter"],
    "status": ["EDUCATION", "NAME_EDUCATION_TYPE", "public_assistance"],
    "identity": ["surname", "firstName", "email", "e-mail", "phone_number", "passport_no"],
}  # fmt: skip

CATALOGUE = [
    "worst_6", "worst_24", "behind_now", "slips_12", "late_n24", "late_accounts", "since_slip",
    "since_late", "since_serious", "worsened_12", "paid_share", "overdue_ratio", "use_now", "use_max",
    "use_6", "use_change", "full_12", "pay_rate", "loan_left", "debt_change", "age_oldest", "age_mean",
    "months_known", "age_card", "new_12", "age_newest", "new_share", "new_late", "kinds", "kept_good",
    "closed_good", "bills_ok",
]  # fmt: skip

HARMLESS = [
    "average_age_of_accounts", "avgAgeCredit", "age_of_oldest_account", "card_age_months", "mortgage", "page",
    "percentage", "stage", "coverage", "usage", "trace", "racer", "sussex", "message_id", "telecom",
    "relocated", "chip", "zipped", "shipped", "grace_period", "unhealthy_ratio_x", "recourse", "courtesy",
    "friendly_name",
    "late", "lateness", "latest", "platform", "PAY_0", "BILL_AMT1", "LIMIT_BAL", "tax_plan", "credit_union",
    "statement_id", "last_payment", "country", "ownership", "membership_fee", "utility",
]  # fmt: skip


@pytest.mark.parametrize(("category", "name"), [(c, n) for c, names in REFUSED.items() for n in names])
def test_denied_names_are_refused(category: str, name: str) -> None:
    """A name of a denied category is refused under that category, in snake, camel or spaced writing."""
    found = denied_category(name)
    assert found is not None
    assert found.id == category


@pytest.mark.parametrize("name", CATALOGUE + HARMLESS)
def test_repayment_names_are_let_through(name: str) -> None:
    """A characteristic of the catalogue, or a word that merely contains a denied one, is not refused."""
    assert denied_category(name) is None


def test_every_category_is_exercised() -> None:
    """Each category of the data file has names in this test, so none can rot unseen."""
    assert {category.id for category in denied_categories()} == set(REFUSED)


@pytest.mark.parametrize("words", [(c.id, w) for c in denied_categories() for w in c.words])
def test_every_phrase_works_in_every_writing(words: tuple[str, tuple[str, ...]]) -> None:
    """Each phrase of the data file is met in snake, camel, spaced, capital and plural writing."""
    _, phrase = words
    writings = [
        "_".join(phrase), " ".join(phrase), "_".join(phrase).upper(), "".join(phrase), "-".join(phrase) + "s",
        "x_" + "_".join(phrase) + "_12", phrase[0] + "".join(word.title() for word in phrase[1:]),
    ]  # fmt: skip
    for writing in writings:
        assert denied_category(writing) is not None, writing


@given(st.text(max_size=40))
def test_any_text_has_an_answer(name: str) -> None:
    """No column name, however odd, makes the check fail."""
    denied_category(name)


def test_categories_are_described() -> None:
    """Each category has plain words, a reason and at least one term of the public vocabulary."""
    for category in denied_categories():
        assert category.label
        assert category.why
        assert all(term.startswith("pd:") for term in category.terms)
        assert category.terms


def test_the_list_is_read_strictly() -> None:
    """An unknown key in the denied list is an error that names it."""
    with pytest.raises(MalformedRulesError, match="unknown key 'extra'"):
        parse_denied('schema = "plainscore/denied/1"\ncategories = []\nextra = 1')
