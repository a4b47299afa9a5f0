"""What a safe copy of plain text leaves out."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from review.errors import UnreadableError
from review.safecopy.characters import squeezed, visible
from review.safecopy.copying import safe_copy


def test_zero_width_and_turning_characters_go() -> None:
    made = safe_copy("放\u200b假\u202e通\ufeff知\U000e0041\n".encode(), "x.txt")
    assert made.data == "放假通知\n".encode()
    assert [(one.kind, one.count) for one in made.removed] == [("零宽或控制字符", 4)]


def test_other_encodings_become_utf8() -> None:
    text = "云山职业学院关于元旦放假安排的通知。"
    assert safe_copy(text.encode("gb18030"), "x.txt").data.decode() == text


def test_the_look_of_a_letter_is_kept() -> None:
    family = "\U0001f468\u200d\U0001f469\u200d\U0001f467"
    assert visible(family) == (family, 0)
    assert visible("葛\U000e0100") == ("葛\U000e0100", 0)
    # A row of selectors carries words; one alone chooses a shape.
    assert visible("葛\U000e0100\U000e0101\U000e0102")[0] == "葛\U000e0100"


@given(st.text())
def test_nothing_invisible_is_left_and_nothing_visible_lost(text: str) -> None:
    plain, gone = visible(text)
    assert len(plain) + gone == len(text)
    assert visible(plain) == (plain, 0)
    assert squeezed(plain) == squeezed(text)


@given(
    st.text(st.characters(categories=["Lo", "Lu", "Nd", "Po"], max_codepoint=0x9FFF))
)
def test_ordinary_letters_are_never_touched(text: str) -> None:
    fillers = set("\u115f\u1160\u3164\u17b4\u17b5")
    if not fillers & set(text):
        assert visible(text) == (text, 0)


@pytest.mark.parametrize("data", [b"", bytes(range(256)) * 4])
def test_what_is_no_text_is_refused(data: bytes) -> None:
    with pytest.raises(UnreadableError):
        safe_copy(data, "x.txt")
