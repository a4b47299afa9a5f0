"""Words of a text: the only file that knows jieba and rjieba.

jieba (pure Python) is the reference; rjieba, the same algorithm compiled, is
what the scan uses where it is installed, and a test holds the two together.
Both get the same user dictionary, generated from the lexicons.
"""

import functools
from collections.abc import Iterable
from typing import Protocol


class Segmenter(Protocol):
    """Cut a folded text into words."""

    def words(self, text: str) -> list[str]:
        """Return the words of `text`; joined, they are `text` again."""
        ...


class FastSegmenter:
    """rjieba with the lexicons' words added."""

    def __init__(self, user_words: Iterable[str] = ()) -> None:
        """Load the dictionary (0.1 s) and add `user_words`."""
        import rjieba  # noqa: PLC0415 - loads its dictionary when imported

        self._engine = rjieba.Jieba()
        for word in user_words:
            self._engine.add_word(word, None, None)

    def words(self, text: str) -> list[str]:
        """Return the words of `text`."""
        found: list[str] = self._engine.cut(text)
        return found


class ReferenceSegmenter:
    """jieba itself with the lexicons' words added."""

    def __init__(self, user_words: Iterable[str] = ()) -> None:
        """Load the dictionary (0.9 s) and add `user_words`.

        The dictionary's cache file in the shared temporary folder is not
        used: another user could plant one.
        """
        import jieba  # noqa: PLC0415 - slow to import, and only the reference

        self._engine = jieba.Tokenizer()
        self._engine.FREQ, self._engine.total = self._engine.gen_pfdict(
            self._engine.get_dict_file()
        )
        self._engine.initialized = True
        for word in user_words:
            self._engine.add_word(word)

    def words(self, text: str) -> list[str]:
        """Return the words of `text`."""
        found: list[str] = self._engine.lcut(text)
        return found


@functools.lru_cache(maxsize=4)
def segmenter_for(user_words: tuple[str, ...] = ()) -> Segmenter:
    """Return the fast segmenter, or the reference where no wheel of it exists."""
    try:
        return FastSegmenter(user_words)
    except ImportError:
        return ReferenceSegmenter(user_words)
