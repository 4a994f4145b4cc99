"""Values, kinds and actions in plain words, in every language that the pages speak."""

from __future__ import annotations

from typing import Final

from plainscore.characteristics import NEVER, NOT_APPLICABLE, TOO_FEW, Entry
from plainscore.ledger import ARREARS

Words = dict[str, str]

LANGUAGES: Final = ("en", "es")

KIND: Final[dict[str, Words]] = {
    "revolving": {"en": "Card", "es": "Tarjeta"},
    "instalment": {"en": "Loan", "es": "Préstamo"},
    "mortgage": {"en": "Mortgage", "es": "Hipoteca"},
    "utility": {"en": "Utility bill", "es": "Suministro"},
    "telecom": {"en": "Phone or internet", "es": "Teléfono o internet"},
    "rent": {"en": "Rent", "es": "Alquiler"},
    "tax_plan": {"en": "Tax payment plan", "es": "Plan de pago de impuestos"},
}

ACTION: Final[dict[str, Words]] = {
    "pay": {"en": "Pay each bill by its due date.", "es": "Pague cada factura antes de su vencimiento."},
    "clear": {"en": "Pay what is overdue.", "es": "Pague lo que está vencido."},
    "reduce": {
        "en": "Bring the balances down.",
        "es": "Reduzca los saldos.",
    },
    "wait": {
        "en": "Time helps: this weighs less as the months pass.",
        "es": "El tiempo ayuda: esto pesa menos con los meses.",
    },
}
NOTHING_TO_DO: Final[Words] = {
    "en": "There is nothing you need to do about this.",
    "es": "No tiene que hacer nada al respecto.",
}

STATUS: Final[tuple[Words, ...]] = tuple(
    {"en": english, "es": spanish}
    for english, spanish in zip(
        ("paid as agreed", *ARREARS[1:]),
        (
            "al corriente",
            "1-29 días de retraso",
            "30-59 días de retraso",
            "60-89 días de retraso",
            "90-119 días de retraso",
            "120 o más días de retraso",
        ),
        strict=True,
    )
)
UNKNOWN_STATUS: Final[Words] = {"en": "status not reported", "es": "estado no comunicado"}
NOT_COUNTED: Final[Words] = {"en": "not counted", "es": "no se cuenta"}
"""A month whose status was reported, but counts nowhere: disputed, too old, or under an arrangement."""

EVENT: Final[dict[str, Words]] = {
    "charge_off": {"en": "written off", "es": "dada por perdida"},
    "collection": {"en": "in collection", "es": "en gestión de cobro"},
    "repossession": {"en": "repossessed", "es": "bien recuperado"},
    "foreclosure": {"en": "foreclosed", "es": "ejecución hipotecaria"},
    "settled_short": {"en": "settled for less", "es": "liquidada por menos"},
}

STATE: Final[dict[str, str]] = {
    "too few known months": "muy pocos meses conocidos",
    "never delayed": "nunca con retraso",
    "never late": "nunca 30 días tarde",
    "never seriously late": "nunca con retraso grave",
    "no card": "sin tarjeta",
    "cards not in use": "tarjetas sin usar",
    "no open account": "ninguna cuenta abierta",
    "no household bill on record": "ninguna factura del hogar",
    "no account that reports delays from day 1": "ninguna cuenta que comunique retrasos desde el día 1",
    "no open card with a known limit": "ninguna tarjeta abierta con límite conocido",
    "no bill with a known payment": "ninguna factura con pago conocido",
    "no open account with a known bill": "ninguna cuenta abierta con factura conocida",
    "no open account with a known status in 3 months": (
        "ninguna cuenta abierta con estado conocido en 3 meses"
    ),
    "no card with a known limit in 6 months": "ninguna tarjeta con límite conocido en 6 meses",
    "no card with a known limit in 12 months": "ninguna tarjeta con límite conocido en 12 meses",
    "no card with a known balance both now and 6 months ago": (
        "ninguna tarjeta con saldo conocido ahora y hace 6 meses"
    ),
    "no card balance to repay": "ningún saldo de tarjeta por devolver",
    "no open loan with a known balance": "ningún préstamo abierto con saldo conocido",
    "no debt a year ago to compare with": "ninguna deuda hace un año con la que comparar",
    "no credit account with a known opening date": "ninguna cuenta de crédito con fecha de apertura conocida",
    "no account with a known opening date": "ninguna cuenta con fecha de apertura conocida",
    "no account with a known opening date and a known status in 12 months": (
        "ninguna cuenta con fecha de apertura conocida y estado conocido en 12 meses"
    ),
}

LOWER: Final[Words] = {
    "en": "Lower values earn more points.",
    "es": "Los valores más bajos dan más puntos.",
}
HIGHER: Final[Words] = {
    "en": "Higher values earn more points.",
    "es": "Los valores más altos dan más puntos.",
}
OTHER: Final[Words] = {
    "en": "Other values earn more points.",
    "es": "Otros valores dan más puntos.",
}
EARNS: Final[Words] = {
    "en": "This earns more points than is typical.",
    "es": "Esto da más puntos de lo habitual.",
}

_COUNTED: Final[dict[str, tuple[Words, Words]]] = {
    "months": ({"en": "month", "es": "mes"}, {"en": "months", "es": "meses"}),
    "accounts": ({"en": "account", "es": "cuenta"}, {"en": "accounts", "es": "cuentas"}),
    "times": ({"en": "time", "es": "vez"}, {"en": "times", "es": "veces"}),
    "kinds": ({"en": "kind", "es": "tipo"}, {"en": "kinds", "es": "tipos"}),
}


def state_words(name: str) -> Words:
    """Return a named state in every language; one that a lender named itself stays as it is."""
    return {"en": name, "es": STATE.get(name, name)}


def value_words(entry: Entry, value: float | None) -> Words:
    """Return a characteristic's value as a person reads it.

    Examples
    --------
    >>> from plainscore.characteristics import select_entries
    >>> value_words(select_entries(["use_now"])[0], 0.823)["en"]
    '82%'
    >>> value_words(select_entries(["worst_6"])[0], 2)["es"]
    '30-59 días de retraso'
    >>> value_words(select_entries(["since_late"])[0], -9_999_001)["en"]
    'never late'
    """
    if value is None:
        return {"en": "nothing known", "es": "nada conocido"}
    if value in (NEVER, NOT_APPLICABLE, TOO_FEW) or (value == 0 and entry.zero):
        return state_words(entry.special_codes.get(float(value), "nothing known"))
    if entry.unit == "class of lateness":
        return dict(STATUS[int(value)])
    if entry.unit in _COUNTED:
        return _counted(entry.unit, value)
    if entry.unit == "ratio":
        return {"en": f"{value:.2f} times", "es": f"{value:.2f} veces".replace(".", ",")}
    return _share(value, signed=entry.unit.startswith("change"))


def label_words(entry: Entry) -> Words:
    """Return what a characteristic is called, in every language that it has a name in."""
    return {"en": entry.label} | ({"es": entry.label_es} if entry.label_es else {})


def _spanish(entry: Entry) -> str:
    return f"«{entry.label_es}»" if entry.label_es else "este factor"


def reason_words(entry: Entry, value: float | None) -> Words:
    """Return why a value costs points; a value that is missing gets a text of its own.

    Examples
    --------
    >>> from plainscore.characteristics import select_entries
    >>> reason_words(select_entries(["worst_6"])[0], 2)["en"]
    'You were late with a payment in the last 6 months.'
    >>> reason_words(select_entries(["use_max"])[0], -9_999_002)["en"]
    'There is nothing to measure for "Use of the fullest card": no open card with a known limit.'
    """
    if value is None or value == TOO_FEW:
        return {
            "en": f'Too few months are known to measure "{entry.label}".',
            "es": f"Se conocen muy pocos meses para medir {_spanish(entry)}.",
        }
    if value == NOT_APPLICABLE:
        name = state_words(entry.absence)
        return {
            "en": f'There is nothing to measure for "{entry.label}": {name["en"]}.',
            "es": f"No hay nada que medir en {_spanish(entry)}: {name['es']}.",
        }
    if value == NEVER or (value == 0 and entry.zero):
        return stated_words(entry, value, OTHER)
    return dict(entry.reason)


def stated_words(entry: Entry, value: float | None, closing: Words) -> Words:
    """Return a value as it stands, for where the catalogue's sentence would not be true of the person.

    Examples
    --------
    >>> from plainscore.characteristics import select_entries
    >>> stated_words(select_entries(["use_max"])[0], 0.35, LOWER)["en"]
    'Your value for "Use of the fullest card" is 35%. Lower values earn more points.'
    """
    words = value_words(entry, value)
    return {
        "en": f'Your value for "{entry.label}" is {words["en"]}. {closing["en"]}',
        "es": f"Su valor en {_spanish(entry)} es {words['es']}. {closing['es']}",
    }


def _share(value: float, *, signed: bool) -> Words:
    """Return a share in percent; what is not quite all, or not quite nothing, is never rounded to it."""
    percent = value * 100
    sign = "+" if signed and value > 0 else ""
    if percent == round(percent) or round(percent) not in (0, 100):
        text = f"{sign}{percent:.0f}"
    elif abs(percent) >= 0.05 and abs(percent - 100) >= 0.05:
        text = f"{sign}{percent:.1f}"
    elif percent > 50:
        most = "99.9" if percent < 100 else "100"
        return {"en": f"more than {most}%", "es": f"más del {most.replace('.', ',')} %"}
    else:
        up, sube = (" up", " de subida") if percent > 0 else (" down", " de bajada")
        return {"en": f"less than 0.1%{up * signed}", "es": f"menos del 0,1 %{sube * signed}"}
    return {"en": f"{text}%", "es": f"{text.replace('.', ',')} %"}


def _counted(unit: str, value: float) -> Words:
    one, many = _COUNTED[unit]
    text = f"{value:.0f}" if float(value).is_integer() else f"{value:.1f}"
    words = one if value == 1 else many
    return {"en": f"{text} {words['en']}", "es": f"{text.replace('.', ',')} {words['es']}"}


def action_words(entry: Entry, value: float | None) -> Words:
    """Return what a person can do about a characteristic; nothing where the value is missing."""
    if not entry.action or value is None or value in (TOO_FEW, NOT_APPLICABLE):
        return dict(NOTHING_TO_DO)
    return {lang: " ".join(ACTION[name][lang] for name in entry.action) for lang in LANGUAGES}


def status_words(arrears: int | None, event: str | None) -> Words:
    """Return what was reported for a month."""
    if arrears is None:
        return dict(UNKNOWN_STATUS if event is None else EVENT[event])
    status = STATUS[arrears]
    if event is None:
        return dict(status)
    return {lang: f"{status[lang]}, {EVENT[event][lang]}" for lang in LANGUAGES}
