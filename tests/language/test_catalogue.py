"""A catalogue reads a folder of words, or says which file has to be mended and how."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from copy import deepcopy
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plainscore.language import (
    LANGUAGES,
    Catalogue,
    LanguageError,
    Months,
    Of,
    UnknownLanguageError,
    UnlikeWordsError,
    in_language,
)
from plainscore.language._catalogue import same_keys

WORDS = {
    "en": '[says]\nlate = "{who} was late {when}"\nlist = ["one"]\n',
    "es": '[says]\nlate = "{who} se retrasó {when}"\nlist = ["uno", "dos"]\n',
    "zh": '[says]\nlate = "{who}逾期{when}"\nlist = ["一"]\n',
}
Written = Callable[[dict[str, str]], Catalogue]
NUMBERS = itertools.count()


@pytest.fixture
def written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Written:
    """Give a function that writes a room with these files of words."""
    monkeypatch.syspath_prepend(tmp_path)

    def write(files: dict[str, str]) -> Catalogue:
        room = tmp_path / f"speaking_{next(NUMBERS)}"
        (room / "words").mkdir(parents=True)
        (room / "__init__.py").touch()
        for language, text in files.items():
            (room / "words" / f"{language}.toml").write_text(text, "utf-8")
        return Catalogue(room.name)

    return write


def test_a_text_is_filled_in_its_language(written: Written) -> None:
    """A value is the same everywhere, or a mapping of languages, or a function of the language."""
    catalogue = written(WORDS)
    who = {"en": "She", "es": "Ella", "zh": "她"}
    assert catalogue.words("says.late", who=who, when=Months(2)) == {
        "en": "She was late 2 months",
        "es": "Ella se retrasó 2 meses",
        "zh": "她逾期2个月",
    }
    assert catalogue.text("says.late", "es", who="X", when=3) == "X se retrasó 3"
    assert catalogue.raw("says.late", "en") == "{who} was late {when}"
    assert catalogue.of("es")["says"]["list"] == ["uno", "dos"]


def test_a_placeholder_may_have_any_name(written: Written) -> None:
    """Also those of the arguments: what fills a text does not meet what asks for it."""
    files = dict.fromkeys(LANGUAGES, '[says]\nit = "{key} {language}"\n')
    assert written(files).text("says.it", "en", key="a", language="b") == "a b"


def test_a_value_that_lacks_a_language_is_not_guessed(written: Written) -> None:
    """What fills a text is there in every language, or nothing is said at all."""
    with pytest.raises(KeyError, match="zh"):
        written(WORDS).words("says.late", who={"en": "She", "es": "Ella"}, when="")


def test_a_folder_is_read_once(written: Written) -> None:
    """Texts that were read stay, whatever becomes of the files."""
    catalogue = written(WORDS)
    assert catalogue.texts is catalogue.texts
    assert tuple(catalogue.texts) == LANGUAGES


def test_an_unknown_language_is_named_with_those_that_are_there(written: Written) -> None:
    """A language without words is refused with the list of those that have."""
    with pytest.raises(UnknownLanguageError, match=r"no words in 'xx'. Choose one of en, es, zh"):
        written(WORDS).of("xx")


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_missing_file_is_named(written: Written, language: str) -> None:
    """A room that lacks a language is refused by the name of the file to write."""
    files = {code: text for code, text in WORDS.items() if code != language}
    with pytest.raises(UnlikeWordsError, match=rf"speaking_\d+/words has no {language}\.toml.*Write it"):
        _ = written(files).texts


def test_a_language_that_nobody_speaks_is_named(written: Written) -> None:
    """A room cannot speak a language alone: the marks and numbers of it would be missing."""
    with pytest.raises(UnlikeWordsError, match=r"has fr\.toml, and only en, es, zh are spoken"):
        _ = written({**WORDS, "fr": WORDS["es"]}).texts


def test_a_file_that_is_no_toml_is_named(written: Written) -> None:
    """What cannot be read is refused by file and line."""
    with pytest.raises(UnlikeWordsError, match=r"words/es\.toml is not valid TOML: .*line 2.*Mend the line"):
        _ = written({**WORDS, "es": "[says]\nlate = \n"}).texts


@pytest.mark.parametrize(
    ("language", "text", "says"),
    [
        ("es", '[says]\nlist = ["uno"]\n', r"es\.toml has no text says\.late, which en\.toml has"),
        ("zh", WORDS["zh"] + 'more = "x"\n', r"en\.toml has no text says\.more, which zh\.toml has"),
        ("zh", WORDS["zh"] + '[more]\nit = "x"\n', r"en\.toml has no text more\.it, which zh\.toml has"),
        ("es", '[says]\nlate = ["x"]\nlist = ["uno"]\n', r"es\.toml has no text says\.late"),
        ("es", WORDS["es"].replace('["uno", "dos"]', "1"), r"es\.toml has no list says\.list"),
        ("es", 'says = "x"\n', r"es\.toml has no text says\.late"),
    ],
)
def test_a_key_of_one_language_alone_is_named(written: Written, language: str, text: str, says: str) -> None:
    """A text that is missing, is one too many or is no text is refused with its key and both files."""
    with pytest.raises(UnlikeWordsError, match=says) as refused:
        _ = written({**WORDS, language: text}).texts
    assert str(refused.value).endswith("Write it, or take it out of every language.")


NAMES = st.text("abc", min_size=1, max_size=3)
TEXTS = st.dictionaries(
    NAMES, st.dictionaries(NAMES, st.text(max_size=3), min_size=1, max_size=4), min_size=1
)


@given(texts=TEXTS, data=st.data())
def test_whatever_one_language_lacks_is_found(texts: dict[str, dict[str, str]], data: st.DataObject) -> None:
    """Languages with the same keys pass; with any one key taken from any one of them, it is named."""
    held = {language: deepcopy(texts) for language in LANGUAGES}
    same_keys("room/words", held)
    language = data.draw(st.sampled_from(LANGUAGES))
    group = data.draw(st.sampled_from(sorted(texts)))
    name = data.draw(st.sampled_from(sorted(texts[group])))
    del held[language][group][name]
    with pytest.raises(UnlikeWordsError) as refused:
        same_keys("room/words", held)
    assert f"room/words/{language}.toml has no text {group}.{name}, which " in str(refused.value)


@given(words=st.dictionaries(st.sampled_from(LANGUAGES), st.text()), language=st.sampled_from(LANGUAGES))
def test_english_stands_in(words: dict[str, str], language: str) -> None:
    """A record's text is that of the language asked for; where a record lacks it, the English one."""
    words = {"en": "late", **words}
    assert in_language(words, language) == Of(words)(language) == words.get(language, words["en"])


def test_the_errors_are_of_one_family() -> None:
    """Whoever reads words may catch one error."""
    assert issubclass(UnknownLanguageError, LanguageError)
    assert issubclass(UnlikeWordsError, LanguageError)
