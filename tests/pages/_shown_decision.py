"""A card and decisions under it, of the documented shapes, for pages to render."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

CHARACTERISTICS = [
    # id, family, label, attributes as (label, points), attribute of the case, value in words, typical points
    ("since_late", "payment history", "Time since 30 or more days late",
     [("below 6 months", -48), ("6 up to 24 months", -12), ("24 months or more", 21), ("never late", 44)],
     0, "5 months", "24.6"),
    ("on_time", "payment history", "Months paid on time in the last 24",
     [("below 18", -30), ("18 up to 23", -4), ("23 or more", 16)], 1, "21 of 24", "9.2"),
    ("use", "amounts owed", "Share of card limits in use",
     [("below 30%", 31), ("30% up to 80%", 2), ("80% or more", -37), ("no card", 4)], 2, "86%", "8.1"),
    ("oldest", "length of history", "Age of the oldest account",
     [("below 24 months", -22), ("24 up to 96 months", 3), ("96 months or more", 25)], 2, "11 years", "6.3"),
    ("new_12", "new credit", "Accounts opened in the last 12 months",
     [("none", 9), ("one", 1), ("two or more", -18)], 0, "none", "3.9"),
    ("kinds", "credit mix", "Kinds of account",
     [("one", -5), ("two or more", 6)], 1, "3", "2.8"),
]  # fmt: skip
BASE = 561
SPANISH = {"30-59 days late": "30-59 días de retraso", "paid as agreed": "al corriente de pago"}
CHINESE = {"30-59 days late": "逾期30至59天", "paid as agreed": "按约付款"}
WORDS = {
    "Time since 30 or more days late": (
        "Tiempo desde un retraso de 30 días o más",
        "距上次逾期30天或以上的时间",
    ),
    "below 6 months": ("menos de 6 meses", "不到6个月"),
    "5 months": ("5 meses", "5个月"),
    "Months paid on time in the last 24": (
        "Meses pagados a tiempo de los últimos 24",
        "最近24个月内按时付款的月数",
    ),
    "18 up to 23": ("de 18 a 23", "18至不到23"),
    "21 of 24": ("21 de 24", "24个月中的21个月"),
    "Share of card limits in use": ("Parte usada de los límites", "信用卡额度使用率"),
    "80% or more": ("80 % o más", "80%或以上"),
    "86%": ("86 %", "86%"),
    "Age of the oldest account": ("Antigüedad de la cuenta más antigua", "最早账户的开户时长"),
    "96 months or more": ("96 meses o más", "96个月或以上"),
    "11 years": ("11 años", "11年"),
    "Accounts opened in the last 12 months": (
        "Cuentas abiertas en los últimos 12 meses",
        "最近12个月内新开的账户数",
    ),
    "none": ("ninguna", "没有"),
    "Kinds of account": ("Tipos de cuenta", "账户种类数"),
    "two or more": ("dos o más", "两种或以上"),
    "3": ("3", "3"),
}


def words(english: str) -> dict[str, str]:
    """Give a label or a value in every language, as a decision holds it."""
    spanish, chinese = WORDS[english]
    return {"en": english, "es": spanish, "zh": chinese}


def make_card() -> dict[str, Any]:
    """Make the JSON of a card."""
    return {
        "schema": "plainscore/card/1",
        "name": "Sample card",
        "purpose": "credit_scoring",
        "population": {
            "text": "simulated people with at least one open account",
            "from": "2021-12-31",
            "to": "2022-12-31",
            "cases": 9000,
            "goods": 8100,
            "bads": 900,
        },
        "revalidate_by": "2026-06-30",
        "scale": {"base_score": "600", "base_odds": "20", "pdo": "40", "low": 401, "high": 692},
        "base_points": BASE,
        "characteristics": [
            {
                "id": name,
                "family": family,
                "label": label,
                "unit": "",
                "direction": "ascending",
                "attributes": [
                    {"kind": "special", "code": -9999001, "name": text, "label": text, "points": points}
                    if text in {"never late", "no card"}
                    else {"kind": "range", "from": None, "to": None, "points": points, "label": text}
                    for text, points in attributes
                ],
            }
            for name, family, label, attributes, *_ in CHARACTERISTICS
        ],
        "baselines": {
            "all": {
                "count": 9000,
                "sums": {},
                "population": "all applicants in development",
                "date": "2022-12-31",
            }
        },
        "coverage": {"oldest_account_months": 6, "known_within_months": 6},
    }


def record(
    month: str, reported: str, without: int | None, in_order: int | None, number: str
) -> dict[str, Any]:
    """Make one record of a reason."""
    return {
        "account": {"en": "Card (Bank A)", "es": "Tarjeta (Bank A)", "zh": "Bank A的信用卡"},
        "account_id": "a-1",
        "month": month,
        "reported": {"en": reported, "es": SPANISH[reported], "zh": CHINESE[reported]},
        "reported_at": f"{month[:8]}28T06:00:00Z",
        "furnisher": "Bank A",
        "consent_id": "c-0041",
        "statement_id": number,
        "score_without": without,
        "score_in_order": in_order,
    }


def make_decision() -> dict[str, Any]:
    """Make a decision with four reasons: statements, a set, the whole list, and absence."""
    parts = [
        {
            "id": name,
            "family": family,
            "label": words(label),
            "value": index,
            "value_text": words(said),
            "attribute": attributes[index][0],
            "attribute_text": words(attributes[index][0]),
            "points": attributes[index][1],
            "best": max(p for _, p in attributes),
            "worst": min(p for _, p in attributes),
            "baseline": typical,
        }
        for name, family, label, attributes, index, said, typical in CHARACTERISTICS
    ]
    score = BASE + sum(p["points"] for p in parts)
    by_id = {p["id"]: p for p in parts}

    def reason(
        name: str, text: tuple[str, str, str], action: list[str], kind: str, says: str, records: list[Any]
    ) -> Any:
        part = by_id[name]
        return {
            "id": name,
            "label": part["label"],
            "family": part["family"],
            "text": dict(zip(("en", "es", "zh"), text, strict=True)),
            "lost": f"{float(part['baseline']) - part['points']:.1f}",
            "points": part["points"],
            "typical": part["baseline"],
            "best": part["best"],
            "action": action,
            "evidence": {
                "kind": kind,
                "says": says,
                "read": 12 if kind == "statements" else len(records),
                "score_without_all": score + 20 if kind == "set" else None,
                "records": records,
            },
        }

    reasons = [
        reason("since_late", ("You were late with a payment not long ago.",
               "Se retrasó en un pago hace poco.", "您不久前有付款逾期。"), ["wait"], "statements",
               "This one month decides it.",
               [record("2024-01-31", "30-59 days late", score + 69, score + 92, "s-7731")]),
        reason("use", ("Your cards are close to their limits.", "Sus tarjetas están cerca de su límite.",
               "您的信用卡接近额度上限。"),
               ["reduce"], "statements", "These are the latest balances that were reported.",
               [record("2024-06-30", "paid as agreed", score, None, "s-9120")]),
        reason("on_time", ("Some months were not paid on time.", "Algunos meses no se pagaron a tiempo.",
               "有些月份没有按时付款。"),
               ["pay", "wait"], "set", "No single month decides it; these two together do.",
               [record("2024-01-31", "30-59 days late", score, score, "s-7731"),
                record("2023-08-31", "30-59 days late", score, score, "s-6650")]),
    ]  # fmt: skip
    return {
        "schema": "plainscore/decision/1",
        "id": "d123" * 16,
        "card_id": "3f" * 32,
        "card_name": "Sample card",
        "made_at": "2024-07-15T09:30:00Z",
        "case": {
            "subject_id": "p-1",
            "recipient_id": "Lender One",
            "purpose": "credit_scoring",
            "pack": "eu",
            "as_of": "2024-06-30",
            "known_at": "2024-07-15T09:30:00Z",
            "used_at": "2024-07-15T09:30:00Z",
            "disputes": "set aside",
        },
        "refusal": None,
        "score": score,
        "low": 401,
        "high": 692,
        "pd": "0.127512",
        "pd_low": "0.118204",
        "pd_high": "0.137438",
        "calibration": "simulated people, December 2022",
        "coverage": {
            "accounts": 3,
            "months": 71,
            "kinds": ["revolving", "instalment", "utility"],
            "first_month": "2013-05-31",
            "last_month": "2024-06-30",
            "excluded": [{"reason": "other_recipient", "rows": 14}, {"reason": "superseded", "rows": 1}],
        },
        "base_points": BASE,
        "parts": parts,
        "baseline": {
            "name": "all applicants",
            "population": "simulated people with at least one open account",
            "date": "2022-12-31",
            "count": 9000,
        },
        "reasons": reasons,
        "favourable": [
            {"id": "oldest", "label": words("Age of the oldest account"), "gain": "18.7", "points": 25,
             "text": {"en": "You have had an account for long.", "es": "Tiene una cuenta desde hace mucho.",
                      "zh": "您有一个账户已开立很久。"}},
            {"id": "new_12", "label": words("Accounts opened in the last 12 months"),
             "gain": "5.1", "points": 9,
             "text": {"en": "You opened no account lately.", "es": "No ha abierto cuentas últimamente.",
                      "zh": "您最近没有新开账户。"}},
        ],
        "consents": [
            {"consent_id": "c-0041", "purpose": "credit_scoring", "recipient_id": "Lender One",
             "basis": "consent", "valid_from": "2024-02-01T00:00:00Z", "valid_to": "2025-01-31T00:00:00Z",
             "furnisher": "Bank A", "data_from": "2013-01-31", "data_to": None},
        ],
        "inputs": {
            "furnishers": [{"furnisher_id": "f-1", "name": "Bank A", "late_floor_days": 0}],
            "accounts": [{"account_id": "a-1", "furnisher_id": "f-1", "kind": "revolving"}],
            "statements": [
                {
                    "statement_id": "s-7731",
                    "account_id": "a-1",
                    "month": "2024-01-31",
                    "arrears": 2,
                    "retracted": False,
                },
                {
                    "statement_id": "s-6650",
                    "account_id": "a-1",
                    "month": "2023-08-31",
                    "arrears": 2,
                    "retracted": False,
                },
            ],
        },
    }  # fmt: skip


def make_corrected() -> dict[str, Any]:
    """Make the decision after January 2024 was corrected to on time."""
    after = deepcopy(make_decision())
    after["reconsiders"] = {"id": after["id"], "made_at": after["made_at"], "same_rules": True}
    after["id"], after["made_at"] = "d140" * 16, "2024-08-02T10:00:00Z"
    late = next(p for p in after["parts"] if p["id"] == "since_late")
    late |= {
        "points": 21,
        "value_text": {"en": "26 months", "es": "26 meses", "zh": "26个月"},
        "attribute": "24 months or more",
    }
    after["score"] = BASE + sum(p["points"] for p in after["parts"])
    after["reasons"] = after["reasons"][1:]
    after["inputs"]["statements"][0] |= {"statement_id": "s-9902", "arrears": 0}
    after |= {"pd": "0.040612", "pd_low": "0.036100", "pd_high": "0.045702"}
    after["correction"] = {
        "en": "Bank A confirmed that the payment of January 2024 arrived on time.",
        "es": "Bank A confirmó que el pago de enero de 2024 llegó a tiempo.",
        "zh": "Bank A 确认2024年1月的付款已按时到账。",
    }
    return after


def make_refusal() -> dict[str, Any]:
    """Make a decision that gives no number."""
    decision = make_decision()
    decision |= {
        "score": None,
        "pd": None,
        "parts": [],
        "reasons": [],
        "favourable": [],
        "refusal": {
            "code": "too_new",
            "sentence": "Your oldest account is less than six months old: too little to score fairly.",
            "route": "Ask the lender to look at other proof of payment, such as rent receipts.",
        },
    }
    decision["coverage"] |= {"accounts": 1, "months": 3, "kinds": ["revolving"], "first_month": "2024-04-30"}
    return decision
