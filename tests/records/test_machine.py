"""Any changes in any order, some of them failing: the store is as a model of it, and the log agrees."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule
from small_records import LENDER, Place, a_decision, a_dispute, a_sequel, an_appeal, hex_id

from plainscore.records import ConflictError, ErasedError, HeldBackError, RowError, RunRow, UnknownRowError

MEMORY = Path("/dev/shm")
PEOPLE = ("anna", "bert", "cleo")
people = st.sampled_from(PEOPLE)


class WentWrongError(Exception):
    """What a caller raises in the middle of a change."""


class StoreMachine(RuleBasedStateMachine):
    """A store in a file beside a model of it; every so often it is closed and opened again."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = TemporaryDirectory(
            prefix="plainscore-machine-", dir=MEMORY if MEMORY.is_dir() else None
        )
        folder = Path(self.folder.name)
        self.place = Place(str(folder / "r.sqlite"), str(folder / "p.sqlite"), folder / "keys.json")
        self.context = self.place.opened()
        self.store = self.context.__enter__()
        self.person: dict[str, str] = {}
        self.chain: dict[str, str] = {}
        self.members: dict[str, list[str]] = {}  # of a chain, in the order in which they were added
        self.run: dict[str, str | None] = {}
        self.sequels: dict[str, int] = {}
        self.appeals: dict[str, tuple[str | None, int]] = {}
        self.versions = dict.fromkeys(PEOPLE, 0)
        self.overlay: dict[str, set[str]] = {one: set() for one in PEOPLE}
        self.erased: set[str] = set()  # decisions
        self.runs: dict[str, bool] = {}
        self.count = 0

    def teardown(self) -> None:
        """Close the store, and compare every row with its leaf."""
        try:
            assert self.store.verify([self.store.log.checkpoint()]).findings == []
        finally:
            self.context.__exit__(None, None, None)
            self.folder.cleanup()

    def is_void(self, name: str) -> bool:
        """Return whether a decision was made in a run that is void."""
        return self.runs.get(self.run[name] or "", False)

    def newest(self, name: str) -> str | None:
        """Return the newest of a decision's chain that is not void."""
        standing = [one for one in self.members[self.chain[name]] if not self.is_void(one)]
        return standing[-1] if standing else None

    def live_run(self, *, wanted: bool) -> str | None:
        """Return a run that is not void, where one is wanted and there is one."""
        live = sorted(run for run, void in self.runs.items() if not void)
        return live[-1] if live and wanted else None

    def new(self) -> str:
        """Return a name that was not used."""
        self.count += 1
        return f"row {self.count}"

    @rule(person=people, fails=st.booleans(), with_run=st.booleans())
    def decide(self, person: str, fails: bool, with_run: bool) -> None:
        """Add a decision, or fail after having added it."""
        name = self.new()
        run = self.live_run(wanted=with_run)
        try:
            with self.store.of(LENDER).change(people=[person]) as change:
                change.add(a_decision(name, person, run=run, request=name))
                if fails:
                    raise WentWrongError
        except WentWrongError:
            return
        self.person[name], self.members[name], self.chain[name], self.run[name] = person, [name], name, run
        self.sequels[name] = 0

    @precondition(lambda self: self.person)
    @rule(data=st.data(), with_run=st.booleans())
    def follow(self, data: st.DataObject, with_run: bool) -> None:
        """Let a decision take the place of one that is not erased, and in force."""
        earlier = data.draw(st.sampled_from(sorted(self.person)))
        person, chain, name = self.person[earlier], self.chain[earlier], self.new()
        run = self.live_run(wanted=with_run)
        try:
            with self.store.of(LENDER).change(people=[person]) as change:
                change.add(a_decision(name, person, follows=hex_id(earlier), run=run))
        except ErasedError:
            assert earlier in self.erased
            return
        except ConflictError:
            assert earlier not in self.erased
            assert self.newest(earlier) != earlier
            return
        assert earlier not in self.erased
        assert self.newest(earlier) == earlier
        self.person[name], self.chain[name], self.run[name], self.sequels[name] = person, chain, run, 0
        self.members[chain].append(name)

    @precondition(lambda self: self.person)
    @rule(data=st.data())
    def settle_outcome(self, data: st.DataObject) -> None:
        """Add an outcome to a decision; an erased one and one of a void run take none."""
        name = data.draw(st.sampled_from(sorted(self.person)))
        void = self.is_void(name)
        try:
            with self.store.of(LENDER).change(people=[self.person[name]]) as change:
                change.add(a_sequel(self.new(), name, self.person[name]))
        except ErasedError:
            assert name in self.erased
            return
        except ConflictError:
            assert void
            return
        assert not void
        assert name not in self.erased
        self.sequels[name] += 1

    @precondition(lambda self: self.person)
    @rule(data=st.data(), state=st.sampled_from(["open", "upheld", "rejected"]), seen=st.integers(1, 3))
    def appeal(self, data: st.DataObject, state: str, seen: int) -> None:
        """Open an appeal, or put it into another state with the version that somebody saw."""
        name = data.draw(st.sampled_from(sorted(self.person)))
        row = an_appeal(name, self.person[name], state=state, open=state == "open")
        try:
            with self.store.of(LENDER).change(people=[self.person[name]]) as change:
                if name in self.appeals:
                    change.replace(row, was=seen)
                else:
                    change.add(row)
        except ConflictError:
            assert self.appeals[name][1] != seen
            return
        except ErasedError:
            assert name in self.erased
            return
        assert name not in self.erased
        version = self.appeals.get(name, ("", 0))[1]
        assert version in (0, seen)
        self.appeals[name] = (state, version + 1)

    @rule(person=people)
    def lay_over(self, person: str) -> None:
        """Lay a dispute over a person's deliveries."""
        name = self.new()
        with self.store.of(LENDER).change(people=[person]) as change:
            assert change.versions == {person: self.versions[person]}
            change.add(a_dispute(name, person))
        self.versions[person] += 1
        self.overlay[person].add(hex_id(name))

    @rule(person=people)
    def erase(self, person: str) -> None:
        """Erase a person, unless an appeal of theirs is open."""
        theirs = {name for name, of in self.person.items() if of == person}
        held = any(self.appeals[name][0] == "open" for name in theirs if name in self.appeals)
        try:
            with self.store.of(LENDER).change(people=[person]) as change:
                change.erase(person)
        except HeldBackError:
            assert held
            return
        assert not held
        for name in theirs - self.erased:
            if name in self.appeals:
                self.appeals[name] = (None, self.appeals[name][1] + 1)
        self.erased |= theirs
        self.versions[person] += 1
        self.overlay[person] = set()

    @rule()
    def begin_run(self) -> None:
        """Begin a run."""
        name = self.new()
        with self.store.of(LENDER).change() as change:
            change.add(RunRow(id=name, state="started", body=b""))
        self.runs[name] = False

    @precondition(lambda self: any(not void for void in self.runs.values()))
    @rule(data=st.data())
    def void_run(self, data: st.DataObject) -> None:
        """Make a run void, once."""
        name = data.draw(st.sampled_from(sorted(run for run, void in self.runs.items() if not void)))
        with self.store.of(LENDER).change() as change:
            change.replace(RunRow(id=name, state="void", body=b"", void=True), was=1)
        self.runs[name] = True
        with pytest.raises(RowError), self.store.of(LENDER).change() as change:
            change.replace(RunRow(id=name, state="done", body=b""), was=2)

    @rule()
    def open_again(self) -> None:
        """Close the store and open it again."""
        self.context.__exit__(None, None, None)
        self.context = self.place.opened()
        self.store = self.context.__enter__()

    @invariant()
    def as_the_model(self) -> None:
        """Compare what the store answers with the model."""
        ask = self.store.of(LENDER).ask
        assert ask.versions(PEOPLE) == self.versions
        for person in PEOPLE:
            theirs = {hex_id(name): name for name, of in self.person.items() if of == person}
            rows = {row.id: row for row in ask.decisions_of(person).rows}
            assert set(rows) == set(theirs)
            assert {one for one, row in rows.items() if row.erased} == {
                one for one, name in theirs.items() if name in self.erased
            }
            assert {row.id for row in ask.touched_by_person(person).rows} == {
                one for one, name in theirs.items() if self.newest(name) == name and name not in self.erased
            }
            assert {row.id for row in ask.overlay_of(person)} == self.overlay[person]
        for name in sorted(self.person)[-3:]:
            newest = self.newest(name)
            if newest is not None:
                assert ask.newest(hex_id(name)).id == hex_id(newest)
            else:
                with pytest.raises(UnknownRowError, match="are void"):
                    ask.newest(hex_id(name))
        if self.appeals:
            name = max(self.appeals)
            row = ask.row("appeal", an_appeal(name).id)
            assert (row.columns["state"], row.version) == self.appeals[name]


class TestMachine(StoreMachine.TestCase):  # type: ignore[name-defined, misc]
    """Two hundred steps."""

    settings = settings(max_examples=8, stateful_step_count=25)


@pytest.mark.slow
class TestMachineForLong(StoreMachine.TestCase):  # type: ignore[name-defined, misc]
    """A thousand steps."""

    settings = settings(max_examples=25, stateful_step_count=40)
