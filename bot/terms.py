"""The words that lexical search and support count: stems of English words, Han bigrams, plain numbers.

BM25 over Han bigrams needs no segmenter and is a strong baseline for Chinese
(Nie, Gao, Zhang and Zhou, "On the use of words and n-grams for Chinese information retrieval", 2000).
"""

import re
from functools import cache

import opencc
import Stemmer

_WORD = re.compile(r"[一-鿿㐀-䶿]+|\d+(?:[.,]\d+)*|[^\W\d_]+(?:'[^\W\d_]+)?")
_HAN = re.compile(r"[一-鿿㐀-䶿]")
_NUMBER = re.compile(r"\d+(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?")

NUMBER_WORDS = {
    word: str(value)
    for value, word in enumerate(
        "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen "
        "sixteen seventeen eighteen nineteen twenty".split()
    )
}

# Everyday words that people and sources use for one thing; each group counts as one term.
SAME = (
    "body department agency authority regulator",
    "sign issue signatory issuer",
    "ban prohibit forbid outlaw prohibition",
    "crypto cryptocurrency",
    "bitcoin btc",
    "ether eth ethereum",
    "overseas foreign abroad offshore",
    "electricity power",
    "fall fell drop lose lost loss plunge slide decline tumble sink sank",
    "staff worker employee",
    "mining miner mine",
    "company firm",
    "people person individual",
    "repeal revoke abolish replace",
    "prison jail",
    "own ownership possess",
)

# Words that say how something is asked, not what about; they must not decide whether a question is covered.
MONTHS = {
    "jan": "january",
    "feb": "february",
    "mar": "march",
    "apr": "april",
    "jun": "june",
    "jul": "july",
    "aug": "august",
    "sep": "september",
    "sept": "september",
    "oct": "october",
    "nov": "november",
    "dec": "december",
}

STOP_WORDS = frozenset(
    "a an the this that these those it its he she they them their his her i me my we us our you your "
    "and or but nor so if then than as of at by for from in into on onto to with without about over under "
    "is are was were be been being am do does did done doing has have had having can could may might must "
    "shall should will would not no yes what which who whom whose when where why how there here any some "
    "all each every both such same only very just also too still ever yet even really exactly actually "
    "please tell explain describe give say says said know mean means many much get gets got let s t ok "
    "的 了 是 吗 呢 在 和 与 有 什么 哪些 多少 怎么 如何 为什么 是否".split()
)


@cache
def _stemmer() -> "Stemmer.Stemmer":
    return Stemmer.Stemmer("english")


def has_han(text: str) -> bool:
    """Whether any Chinese character stands in the text."""
    return bool(_HAN.search(text))


def is_chinese(text: str) -> bool:
    """Whether the text is Chinese, not merely a text in which a Chinese name stands."""
    return len(_HAN.findall(text)) > 0.3 * len(text)


def speaks_of_repeal(text: str) -> bool:
    """Whether the text says of a rule that it was repealed or no longer holds."""
    return any(word in text.lower() for word in ("repeal", "no longer in force", "废止"))


def numbers(text: str) -> frozenset[str]:
    """The numbers in the text as plain digits: "1,100" and "0.30" become "1100" and "0.3"."""
    found = (match.replace(",", "") for match in _NUMBER.findall(text))
    return frozenset(_plain(number) for number in found)


def _plain(number: str) -> str:
    whole, _, fraction = number.partition(".")
    fraction = fraction.rstrip("0")
    return f"{whole}.{fraction}" if fraction else whole


@cache
def _term(word: str) -> tuple[str, ...]:
    if _HAN.match(word):
        return tuple(word[i : i + 2] for i in range(len(word) - 1)) or (word,)
    if word[0].isdigit():
        return tuple(sorted(numbers(word)))
    word = word.removesuffix("'s").replace("'", "")
    stem = _stemmer().stemWord(MONTHS.get(word, word))
    return (NUMBER_WORDS.get(word) or _same().get(stem, stem),)


@cache
def _same() -> dict[str, str]:
    """The first stem of its group for each stem that stands in one."""
    stems = [[_stemmer().stemWord(word) for word in group.split()] for group in SAME]
    return {stem: group[0] for group in stems for stem in group}


def content_terms(text: str) -> list[str]:
    """The text's terms without the words that only shape a sentence or a question."""
    return [term for word in _words(text) if word not in STOP_WORDS for term in _term(word) if term not in STOP_WORDS]


@cache
def _simplifier() -> opencc.OpenCC:
    return opencc.OpenCC("t2s")


def simplified(text: str) -> str:
    """The text with its Chinese characters in their simplified form."""
    return _simplifier().convert(text) if has_han(text) else text


def _words(text: str) -> list[str]:
    """The lower-case words, runs of Chinese characters (simplified) and numbers of a text."""
    text = text.lower().replace("’", "'")
    return _WORD.findall(simplified(text))
