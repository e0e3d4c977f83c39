"""What a question asks for, read off its words: a date, a number, a name, a reason; what holds now; which names."""

import math
import re
from functools import lru_cache

from bot.kinds import names_any
from bot.terms import NUMBER_WORDS, content_terms, has_han, is_chinese, numbers, simplified

_DATE = re.compile(
    r"\b(?:\d{1,2} )?(?:January|February|March|April|May|June|July|August|September|October|November|December) \d{4}\b"
    r"|\b(?:19|20)\d\d\b|\d{4}年|\b\d{1,2}(?:st|nd|rd|th)[ -]centur|\b\d{3,4}s\b"
)
_CAPITAL = re.compile(
    r"(?<!^)(?<![.?!:\"“] )(?<![\w.-])(?>[A-Z][A-Za-z-]*(?:['’](?!s\b)[a-z]+)?(?<!-)"  # Ya'an, not China's
    r"(?: [A-Z][A-Za-z-]*(?<!-))*)(?![\w.]\w)"
    r"|(?<![\w.-])[a-z]+[A-Z][A-Za-z]*(?![\w.]\w)"
)
_LATIN = re.compile(
    r"(?<![A-Za-z0-9])(?!Banbot)(?=[A-Za-z0-9]*[A-Z])[A-Za-z][A-Za-z0-9-]*[A-Za-z0-9](?: [A-Z][A-Za-z0-9-]+)*"
)
"""A name within Chinese: any word of Latin letters with a capital one, but for the bot's own."""
_MIXED = re.compile(r"[A-Za-z][一-鿿]|[一-鿿][A-Za-z]")
_COMMON = frozenset("AI AML APP ASIC CEO CFO CPU CTO FAQ GDP GPU ID IT KYC OK PC PDF VPN".split())
"""Abbreviations of everyday Chinese, which name nothing in particular."""
_DEMONYM = re.compile(r"^[A-Z][a-z]+(?:ish|ese|ians?|eans?|icans?)$")
_SEVERAL = re.compile(
    r"(?<=[\w)\]\"’”,] )(?:and|or|vs|versus|than)\b(?! (?:what|how|when|who|why|which|where|is|are|did|does|do)\b)"
    r"|,|(?<!\d)/(?!\d)|(?<=[A-Za-z0-9])[和与與跟及、]|(?<![参參])[和与與跟及、](?=[A-Za-z])|还是|還是",
    re.IGNORECASE,
)
_NAME = re.compile(r"(?<![.!?] )(?<!^)\b[A-Z][\w’'-]+(?: (?:of|and|for|the|on) [A-Z][\w’'-]+| [A-Z][\w’'-]+)*")

VERB = r"(?:did|do|does|was|were|is|are|has|have|had|can|could|will|would|may|might|must|should)\b"
_SIGNS: dict[str, tuple[str, ...]] = {
    "when": (
        r"^\W*when\b(?!.*, (?:what|who|which|how|why|where|is|are|do|does|did)\b)|[,;:.?!] when\b|\bwhen\W*$"
        rf"|\bwhen {VERB}|\b(?:since|until|till|by|and|or|know|say|exactly) when\b|\bwhen exactly\b"
        r"|\b(?:what|which) (?:date|day|year|month)\b|\bhow long\b",
        r"何时|什么时候|几时|啥时候|哪一?[天日年月]|几号|日期",
    ),
    "how many": (
        r"\bhow (?:many|much|big|large|high|far)\b(?! (?:up|along)\b)"
        r"|\bwhat (?:share|percentage|price|number|figure)\b",
        r"多少|(?<!哪)几个|多大",
    ),
    "who": (
        r"\bwho(?:m|se)?\b",
        r"\bwhich (?:bod|agenc|departm|minist|bank|exchang|compan|regulat|provinc|countr|firm)",
        r"谁|哪位|哪[些几]?[家个]?(?:部门|机构|单位|交易所|公司|法院)|哪家",
    ),
    "why": (
        r"\bwhy\b|\breasons?\b|\bmotiv|\bwhat (?:caused|led)\b",
        r"为什么|为何|为啥|因为啥|凭什么|怎么会|缘由|理由|原因",
    ),
    "what is forbidden": (
        r"^\W*(?:what|which)\b.*\b(?:forbid|forbids|forbade|forbidden|prohibit|prohibits|prohibited|ban|bans|banned)\b",
        r"禁止(?:什么|哪些)|(?:什么|哪些)\S{0,8}禁止",
    ),
    "what is": (
        r"^\W*(?:what(?:'s| is| are| does)|define|meaning of)\b(?!.*\b(?:for|under|in|about|share|price)\b)",
        r"什么是|是什么",
    ),
}
ASKS = {name: re.compile("|".join(signs), re.IGNORECASE) for name, signs in _SIGNS.items()}
_PLURAL = re.compile(
    r"\b(?:which|what|whose|name|list|all) (?:(?:the|of|all|every|other|kinds?|sorts?|types?|\w+) ){0,3}?"
    r"(?!was\b|does\b|is\b|has\b|this\b|says\b|means\b|happens\b|counts\b|makes\b|us\b|\w*(?:ss|us|is)\b)\w{3,}s\b"
    r"|\bwho all\b|\bwho (?:are|were|signed|else)\b|^\W*(?:name|list)\b|\bboth\b"
    r"|哪些|哪几|列出",
    re.IGNORECASE,
)
_ITEM = re.compile(r",|;|、|；|\band\b|\bas well as\b|和|及")
_MONTH = "(?:January|February|March|April|May|June|July|August|September|October|November|December)"
DATES = re.compile(
    rf"\b(?:\d{{1,2}} )?{_MONTH}(?: \d{{1,2}}(?!\d))?(?:,? (?:19|20)\d\d)?\b|\b(?:19|20)\d\d\b|\b\d{{1,2}}:\d\d\b"
    r"|\d{4}年(?:\d{1,2}月)?(?:\d{1,2}日)?|\d{1,2}月\d{1,2}日|\b\d{1,2}(?:st|nd|rd|th)[ -]century|\b\d{3,4}s\b",
    re.IGNORECASE,
)
"""Days, months and years, and times of day."""
AMOUNT = re.compile(
    r"\bhow (?:much|large|big|high|old|tall)\b|\b(?:what|which)(?! is an? )(?:'s| is| was| were| are)? (?:the |an? )?"
    r"(?:\w+ ){0,2}(?<!hash )(?:(?P<of>fine|price|fee|cost|salary|turnover|temperature)"
    r"|sum|amount|rate|percentage|share|number(?! one\b)|figure|value|term|threshold)\b"
    r"(?! (?:(?:and|or) [\w-]+ )?(?!(?:is|was|has|does|as)\b)[a-z]+s\b)",
    re.IGNORECASE,
)
"""What asks for an amount, `of` a thing that the answer then must name; not "which price portals"."""
NUMERAL = re.compile(
    r"\d[\d.,]*|\b(?:"
    + "|".join(NUMBER_WORDS)
    + r"|hundreds?|thousands?|million|billion|dozens?|half|an? (?:third|quarter|fifth|tenth)(?= of))\b",
    re.I,
)
_HAN_COUNT = re.compile(r"[一二两三四五六七八九十百千]+(?:(?:多|余)?[个名人位家种项类条份次台枚天年成倍]|分之)|一半")
EXACT = ("when", "how many")
"""What is asked for with an answer that shows: without a date or a number no sentence answers."""

_POINTS = re.compile(
    r"\b(?:it|its|they|them|their|he|she|him|his|her|that|this|those|these|there|then|ones?|same|such|else|others?"
    r"|another|former|latter|again|too|also|instead|more|either|both)\b|^\W*(?:and|but|or|so|what about|how about)\b"
    r"|它|他|她|这|這|那|其|呢|也|同样|同樣",
    re.IGNORECASE,
)
_ANOTHER = re.compile(
    r"^\W*(?:and|but|or|what about|how about) (?:the )?(?!wh|how|is\b|are\b|was\b|were\b|did\b|does\b)\w|呢",
    re.IGNORECASE,
)
"""How a question begins that asks the same of another thing."""
_HAN, _HAN_NAMED = re.compile("[一-鿿]"), re.compile(r"[A-Za-z]{2,}|\d\d")
SHORT = 14
"""Most characters of a Chinese question that, naming nothing, says too little by itself."""
_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")
_NOW = re.compile(
    r"\b(?:now|nowadays|today|currently|current|latest|newest|at the moment|at present|these days|still)\b"
    r"|\bany ?(?:more|longer)\b|现在|目前|如今|最新|还|仍|現在|還",
    re.IGNORECASE,
)
_PRESENT = re.compile(
    r"^\W*(?:(?:and|so|but) )?(?:(?:what|which|who|where|how|why)(?:'s| \w+){0,3}? )?(?:is|are|does|do|can|may|must)\b"
    r"|吗|是否|能否|可以",
    re.IGNORECASE,
)
_PAST = re.compile(
    r"(?<!\d)(?:19|20)\d\d|\b(?:was|were|did|had|been|became|said|say|call|mean|stand for|ago|originally|first)\b"
    r"|曾|当时|过",
    re.IGNORECASE,
)
_BECAUSE = re.compile(
    r"because|in order to|so as to|reason|owing to|aim|goal|in view of|risk|harm|protect|due to|thanks to|linked"
    r"|因|为了|目标|风险",
    re.IGNORECASE,
)
_FORBIDS = re.compile(
    r"\b(?:forbid\w*|prohibit\w*|may not|must not|not allowed|not permitted|illegal|barred|banned)\b"
    r"|禁止|不得|严禁|非法",
    re.IGNORECASE,
)
_DEFINES = re.compile(r"\b(?:is|are|means|refers? to|stands for)\b|是指|指|即", re.I)


@lru_cache(8192)
def asked_for(query: str) -> str:
    """The sort of thing that the query asks for, a key of `ASKS`, or nothing that is known."""
    text = simplified(query)
    if ASKS["why"].match(text):
        return "why"
    return next((name for name, pattern in ASKS.items() if pattern.search(text)), "")


def holds(query: str, text: str) -> float:
    """How far the text holds a thing of the sort that the query asks for, from 0 to 1; names count up to five."""
    asks = asked_for(query)
    if asks == "when":
        return float(bool(_DATE.search(text)))
    if asks == "how many":
        bare, asked = DATES.sub("", text), DATES.sub("", _asking(query))
        worded = _HAN_COUNT.search(text) or any(not m[0][0].isdigit() for m in NUMERAL.finditer(bare))
        return float(bool(worded or numbers(bare) - numbers(asked)))
    if asks == "who":
        return min(1.0, len(set(_NAME.findall(text)) - set(re.findall(r"\w+", query))) / 5)
    if asks == "why":
        return float(bool(_BECAUSE.search(text)))
    if asks == "what is forbidden":
        return float(bool(_FORBIDS.search(text)))
    return float(bool(asks) and bool(_DEFINES.search(text)))


def _asking(query: str) -> str:
    """The query up to the mark after what is counted: what follows are numbers that the asker has read."""
    counted = ASKS["how many"].search(query)
    end = re.compile("[?？]").search(query, counted.start() if counted else 0)
    return query[: end.end()] if end else query


def lists(query: str, text: str) -> float:
    """How far the text lists what the query asks to be listed, from 0 to 1; eight items are a full list."""
    return min(1.0, math.log2(1 + len(_ITEM.findall(text))) / 3) if asks_for_list(query) else 0.0


@lru_cache(64)
def asks_for_list(query: str) -> bool:
    """Whether the query asks for several things of a kind."""
    return bool(_PLURAL.search(simplified(query)))


@lru_cache(64)
def asks_for_now(query: str) -> bool:
    """Whether the query asks for what holds at present."""
    return bool(_NOW.search(query))


def asks_at_present(query: str) -> bool:
    """Whether the query asks in the present tense and names no year: "Is trading illegal?", "Who may issue coins?"."""
    return asks_for_now(query) or bool(_PRESENT.search(query) and not _PAST.search(query))


def follows_up(query: str) -> bool:
    """Whether the query leans on what was said before: it points there, begins in mid-talk, or names too little."""
    return bool(_POINTS.search(query)) or says_little(query)


def refers(query: str) -> bool:
    """Whether the query points to something named before it: "it", "they", "the same"."""
    return bool(_POINTS.search(query))


def says_little(query: str) -> bool:
    """Whether the query names nothing and has too few words to be about anything by itself."""
    if has_han(query):
        return len(_HAN.findall(query)) <= SHORT and not _HAN_NAMED.search(query) and not names_any(query)
    return len(content_terms(query)) < 4 and not names(query)


def points_back(query: str) -> bool:
    """Whether what the query is about was said before and not in it: it names nothing and says next to nothing."""
    return not names(query) and not _ANOTHER.search(query) and len(set(content_terms(query))) < 4


def shared_year(query: str, text: str, published: str) -> float:
    """1 if the query names a year that the text names too, half if only the date of publication does, else 0."""
    years = set(_YEAR.findall(query))
    if years & set(_YEAR.findall(text)):
        return 1.0
    return 0.5 if published[:4] in years else 0.0


def names(query: str) -> list[str]:
    """Words written as names inside the query: with a capital letter, but not because a sentence begins; "mBridge"."""
    if is_chinese(query) or _MIXED.search(query):
        return [name for name in _LATIN.findall(query) if name not in _COMMON]
    words = query.split()
    titled = sum(word[0].isupper() for word in words) > 0.6 * len(words)
    found = [] if titled and len(words) > 2 else _CAPITAL.findall(query)
    return [name for name in found if not _DEMONYM.match(name)]


def asks_for_several(query: str) -> bool:
    """Whether the query puts two things side by side, of which the sources may hold one."""
    return bool(_SEVERAL.search(query))
