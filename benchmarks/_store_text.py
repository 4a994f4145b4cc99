"""The part of the report on the store, and its goals, from what was measured on each database."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from benchmarks._report import Goal, Section, milliseconds, seconds, table
from benchmarks._store_answers import DATABASES, Answers, Clients, Taken

MOST_BYTES: Final = 6_000
A_QUESTION: Final = 0.005
CHANGES: Final = {"sqlite": 150, "postgresql": 100}
A_CHANGE: Final = 0.5

ABOUT: Final = """\
**What is in the store.** A million decisions with what followed them. The first go through `change()`, and
questions with a body are about these; the rest are rows of the same sizes, written straight into the tables.
A record is as large as measured ones: a core of 3.4 kB in JSON, 1.7 kB of inputs in columns, 3.8 accounts.
Each decision has an outcome; one of 100 is appealed, of 20 the person disputes a record, of 50 something
waits for somebody.

**Questions** are each asked a thousand times, about somebody or something else each time, after a warm-up.
Opening and unpacking what is sealed is counted. The last column is what the asking thread itself worked,
which does not wait for others of a busy machine; a server's part is not in it. PostgreSQL has looked at its
tables before, as it does by itself in time (`VACUUM ANALYZE`); SQLite has not.

**Clients** are threads of one process, as a service has them; their own processor time, sealing and all, is
counted. They begin the next change as soon as the last is kept. The database waits for the disk at each
commit (`synchronous=FULL`, `synchronous_commit=on`).

**A writer is killed** (kill -9) some time after its first decision and started again, over and over, on a
store of its own. It has four threads, so that changes wait for each other. What it told of must be there,
once, and every row must agree with the log. **Edits** change one value of one row or leaf of another store
at a time; `verify` must name each. Random steps beside a model of the store are a test (`make test-slow`, a
thousand steps), and are not repeated here.
"""

NOT_MEASURED: Final = (
    "**Not measured yet.** `make bench-store ONLY={name}` measures it, and keeps the figures of the other."
)


def machine(answers: Mapping[str, Answers]) -> str:
    """Say on which machine each database was measured, and which was not."""
    return "\n\n".join(
        f"**{says}**: {answers[name].software}. {answers[name].machine}"
        if name in answers
        else f"**{says}** was not measured."
        for name, says in DATABASES.items()
    )


def sections(answers: Mapping[str, Answers]) -> list[Section]:
    """Return the sections of the part; a database that was not measured is named as such."""
    each = [
        _section(name, says, answers[name])
        if name in answers
        else Section(says, NOT_MEASURED.format(name=name))
        for name, says in DATABASES.items()
    ]
    return [Section("How the store is measured", ABOUT.strip()), *each]


def _section(name: str, says: str, a: Answers) -> Section:
    body = "\n\n".join(
        [
            f"{a.decisions:,} decisions take {a.size / 1e9:.2f} GB: {a.bytes_each:,.0f} bytes each, with "
            f"indexes, log and tree. In changes of a thousand, {a.loaded:,.0f} decisions a second are kept "
            "with what followed them.",
            f"### Questions to the store on {says}",
            _taken("question", a.questions),
            f"### Clients that write at once on {says}",
            _clients(a),
            f"### The log on {says}",
            f"The tree grew over {a.leaves:,} leaves in {seconds(a.grown)}.",
            _taken("proof", a.proofs),
            f"### Kill -9 and edits on {says}",
            f"{a.kills.rounds:,} rounds of kill -9: of {a.kills.told:,} decisions that the writer told of, "
            f"{a.kills.lost:,} were lost and {a.kills.doubled:,} doubled; {a.kills.findings:,} rows did not "
            f"agree with the log. Of {a.edits.tried:,} edits, {a.edits.noticed:,} were named.",
        ]
    )
    return Section(says, body, goals(name, says, a))


def goals(name: str, says: str, a: Answers) -> tuple[Goal, ...]:
    """Return the goals of one database beside what was measured."""
    alone = next(clients for clients in a.clients if clients.batch == 1)
    medians = {words: times.all.median for words, times in a.questions.items()}
    lates = {words: times.all.late for words, times in a.questions.items()}
    proof = max(times.all.late for times in a.proofs.values())
    harm = a.kills.lost + a.kills.doubled + a.kills.findings
    return (
        Goal(
            f"{says}: bytes a decision, of {a.decisions:,}",
            f"{MOST_BYTES:,}",
            f"{a.bytes_each:,.0f}",
            a.bytes_each <= MOST_BYTES,
        ),
        _slowest(f"{says}: slowest question, median", medians),
        _slowest(f"{says}: slowest question, 99th percentile", lates),
        Goal(
            f"{says}: changes a second, {alone.number} clients, one decision each",
            f"{CHANGES[name]}",
            f"{alone.changes:,.0f}",
            alone.changes >= CHANGES[name],
        ),
        Goal(
            f"{says}: such a change, 99th percentile",
            milliseconds(A_CHANGE),
            milliseconds(alone.each.late),
            alone.each.late <= A_CHANGE,
        ),
        Goal(
            f"{says}: proof among {a.leaves:,} leaves, 99th percentile",
            milliseconds(A_QUESTION),
            milliseconds(proof),
            proof <= A_QUESTION,
        ),
        Goal(f"{says}: lost, doubled or altered by kill -9", "0", f"{harm:,}", harm == 0),
        Goal(
            f"{says}: edits named",
            f"{a.edits.tried:,}",
            f"{a.edits.noticed:,}",
            a.edits.noticed == a.edits.tried,
        ),
    )


def _slowest(says: str, taken: Mapping[str, float]) -> Goal:
    words = max(taken, key=taken.__getitem__)
    within = sum(time <= A_QUESTION for time in taken.values())
    return Goal(
        says,
        milliseconds(A_QUESTION),
        f"{milliseconds(taken[words])} ({words}; {within} of {len(taken)} within)",
        within == len(taken),
    )


def _taken(what: str, taken: Mapping[str, Taken]) -> str:
    rows = [
        [
            words,
            milliseconds(times.all.median),
            milliseconds(times.all.late),
            milliseconds(times.processor.late),
        ]
        for words, times in sorted(taken.items())
    ]
    return table([what, "median", "99th percentile", "99th percentile of the asking thread's work"], rows)


def _clients(a: Answers) -> str:
    return table(
        [
            "clients",
            "decisions a change",
            "changes a second",
            "decisions a second",
            "median",
            "99th percentile",
        ],
        [_client_row(clients) for clients in a.clients],
    )


def _client_row(clients: Clients) -> list[str]:
    return [
        f"{clients.number}",
        f"{clients.batch}",
        f"{clients.changes:,.0f}" if clients.changes >= 10 else f"{clients.changes:.1f}",
        f"{clients.changes * clients.batch:,.0f}",
        seconds(clients.each.median),
        seconds(clients.each.late),
    ]
