"""Questions no source could answer: advice, forecasts, ways round the rules; and questions without a subject."""

import re
from functools import cache

from bot.asking import names, points_back, refers
from bot.classifying import Classifier
from bot.passages import cut
from bot.records import Question
from bot.terms import content_terms, has_han

LIKELY, CERTAIN = 0.5, 2.0
"""Log odds above which a sentence is an order: where it names nothing that may be asked about, and in any case."""
ASKED = -0.5
"""Log odds below which the rest of a sentence is a question."""

_ONE = r"(?:i|we|you|one|people|someone|anyone)"
_THING = r"(?:price|bitcoin|btc|ether|eth|crypto|coins?|market)"
_EVADE = r"(?:get (?:around|round|past)|bypass|evade|avoid|circumvent|dodge|hide|sneak|smuggle|cash out)"
_CHOICE = r"(?:buy|sell|hold|keep|wait|report|leave|switch)"
_DEAL = r"(?:buy|sell|trade|invest|mine|move|transfer|recover|access|use a vpn)"
_OWN = (
    r"(?:money|coins?|bitcoins?|crypto|contract|tax(?:es)?|accounts?|savings|case|clients?|company|wallet|miners?"
    r"|mining|funds)"
)

# What the asker should or may do; what will come; how to get round a rule. In English and in Chinese.
_PATTERNS = (
    rf"\bshould {_ONE}\b(?! (?:know|think|believe|trust|doubt|understand|read|make of)\b)",
    r"\b(?:may|shall|can|could|will|am|are) (?:i|we|my)\b(?! (?:ask|know|see|find|read|say|get|have|quote|cite))",
    r"\b(?:should|may|can|could|must|shall|would) (?:our|my|a (?:firm|company|client) (?:like|of)) (?!sources?)\w+",
    r"\bis it (?:ok|okay|safe|legal|fine|allowed) (?:for (?:me|us)|if (?:i|we))\b",
    r"\bwould (?:i|we) be\b|\bdo (?:i|we) (?:need|have|owe|pay)\b",
    rf"\bmy (?:own |chinese |old )?{_OWN}\b",
    rf"\bhow (?:can|could|do|would|should|to|might) (?:{_ONE} )?(?:still )?(?:{_EVADE}|{_DEAL})\b",
    rf"\b(?:ways?|tricks?|tips?|work-?arounds?) (?:to|of) (?:{_EVADE}|{_DEAL})",
    r"\bvpns?\b.*\b(?:use|best|buy|trade|way)\b",
    r"\bhow (?:can|could|do|does|would|should|might) (?:\w+ ){1,3}(?:(?:over )?there |still |actually |really )+"
    rf"(?:{_EVADE}|{_DEAL})\b",
    r"\bway (?:a?round|past) (?:it|this|that|the (?:ban|block|rules?|law|notice|controls?|limits?))\b",
    rf"(?:^\W*|[.!?;:] ){_CHOICE}\b[^?]*\bor (?:\w+ly )?{_CHOICE}\b",
    r"\b(?:smartest|wisest|best|ideal|right) (?:structure|set-?up|strategy|move|approach|plan|bet)\b",
    r"\bis it safe (?:for|to)\b|\b(?:good|recommend\w*) (?:an? )?(?:lawyer|broker|advis[eo]r)\b",
    r"\b(?:best|safest|easiest|cheapest) (?:way|exchange|wallet|vpn|coin|method|app)s?\b",
    rf"\bwill\b.*\b{_THING}\b.*\b(?:rise|fall|go|reach|hit|recover|crash|drop|double|be worth)\b",
    rf"\b(?:predict|forecast|prediction)\w*\b.*\b{_THING}\b|\b{_THING}\b.*\b(?:predictions?|price target)\b",
    rf"\bwhere(?:'s| is| are| will)\b.*\b{_THING}\b.*\b(?:head(?:ing|ed)|going)\b",
    r"\b(?:which|what) (?:coins?|tokens?|crypto\w*|exchanges?|wallets?|vpns?) (?:do|should|can|to|would|shall)\b"
    r".*\b(?:buy|sell|hold|pick|use|choose|take|load up)\b",
    r"\bgood (?:time|idea|moment|investment)\b|\bbuy the dip\b|\bworth (?:buying|investing|holding)\b",
    r"我(?:们|們)?(?:可以|能|该|該|应该|應該|会|會|要|是否|可不可以|可否|的)",
    r"能不能(?:起诉|起訴|告|报警|報警)",
    r"(?:怎么|如何|怎样|怎麼)(?:才能)?(?:绕过|繞過|规避|規避|避开|翻墙|翻牆|买|買|卖|賣|炒)",
    r"(?:价格|價格|比特币|比特幣|币价|幣價).*(?:[会會将將能](?:不[会會能])?[^，。]{0,6}[涨漲跌升]|预测|預測)|(?:预测|預測).{0,8}[币幣价價]",
    r"值得(?:买|買|投资|投資)",
)
_ADVICE = re.compile("|".join(_PATTERNS), re.IGNORECASE)


_SUBJECT = re.compile(
    r"\b(?:crypto\w*|bitcoins?|btc|ether(?:eum)?|eth|usdt|tether|stablecoins?|(?:alt)?coins?|tokens?|nfts?|icos?"
    r"|e-?cny|yuan|rmb|binance|okx|huobi|blockchains?|min(?:ing|ers?)|chin(?:a|ese)|mainland|hong kong|ban(?:s|ned)?"
    r"|vpns?|police|arrest\w*|jail\w*|illegal|legal(?:ly)?)\b|币|幣|链|鏈|矿|礦|中国|中國|香港|法",
    re.IGNORECASE,
)


def asks_advice(text: str) -> bool:
    """Whether the question asks what the asker should or may do, for a forecast, or for a way round the rules."""
    return bool(_ADVICE.search(text))


def is_on_subject(question: Question) -> bool:
    """Whether the question or a turn before it is about cryptocurrency, China or the law.

    Advice on those is never given; "How can I create a backup?" asks a user's own manual for no advice.
    """
    return any(_SUBJECT.search(text) for text in (question.text, *(turn.content for turn in question.history)))


# What is an order to the bot beyond doubt, in a message or a source: to leave its sources, to be someone else, to show
# or to say something. It begins a clause: "How far did Bitcoin drop after the ban?" is none.
_TEXT = r"(?:instructions?|sources?|documents?|rules?|prompts?)"
_CLAUSE = r"(?:^|(?<=[.!?;:,]) ?|\b(?:and|then|please|first|now|just) )\W*"
_SAY = (
    r"(?:write|say|print|output|type|append|add|include|insert|answer|reply|respond|(?:begin|start|end) (?:your|with))"
)
_ORDERS = (
    rf"{_CLAUSE}(?:ignore|forget|disregard|override)\b.{{0,30}}\b(?:{_TEXT}|ban|said|above)\b|\bnew {_TEXT}:",
    rf"{_CLAUSE}you(?: are|'re) (?:now|no longer|the|an?|my)\b|{_CLAUSE}from now on\b",
    rf"{_CLAUSE}(?:pretend|act as|play the role|role-?play)\b",
    rf"{_CLAUSE}(?:print|show|reveal|repeat|output|leak|tell me)\b.{{0,30}}\b(?:system|hidden|secret|your) {_TEXT}\b",
    rf"{_CLAUSE}(?:reply|respond|answer|say|write|output)\b.{{0,25}}\b(?:only|nothing but|just|exactly)\b",
    r"^\W*(?:system|admin|developer|important)\b[^.?!]*[:：]|\b(?:developer|debug|god|jailbreak) mode\b",
    rf"{_CLAUSE}{_SAY}\b[^?]{{0,25}}(?:[\"“‘]|\B'|\bthe (?:words?|sentence|phrase|text)\b)",
    rf"{_CLAUSE}(?:make up|invent|fabricate|as an ai)\b",
    rf"{_CLAUSE}repeat after me\b[^\"“‘]*(?:[\"“‘][^\"”’]*[\"”’])?",
    r"\bfrom this (?:moment|point|turn)\b|\b(?:stay|remain|be) in character\b",
    r"\b(?:decode|obey|execute) (?:this|it|the following)\b",
    rf"{_CLAUSE}(?:set|switch|turn|disable)\b[^?]{{0,20}}\byour\b",
    r"\byour (?:policy|rules?|instructions?|guidelines?|restrictions?|filters?|training|citation)\b",
    r"\b(?:hidden|secret|system) (?:instructions?|prompts?)\b",
    rf"{_CLAUSE}(?:cite \[|(?:do not|don['’]t|never) (?:cite|quote|mention)\b)|\bend of (?:{_TEXT}|context)\b",
    r"\bsystem prompt\b",
    r"忽略.{0,12}(?:指令|规则|要求|来源|资料)|无视.{0,12}(?:指令|规则|要求)|系统提示|你现在是|扮演",
)
_ORDER = re.compile("|".join(_ORDERS), re.IGNORECASE)
_TOLD = re.compile(
    r"<!--.*?-->|<<sys>>.*?<</sys>>|<(document|system|context|source|instructions?|assistant|prompt|data)\b[^>]*>.*?</\1>"
    r"|\[/?inst\]|</?[a-z]+\b[^>]*>|-{3,}[a-z ]{3,40}-{3,}",
    re.IGNORECASE | re.DOTALL,
)
"""Marks that are to make a question look like the bot's own instructions or sources, with what stands in them."""
_WITHIN = re.compile(r"[,;:，：；] ?(?:(?:and|then|but) )*|\b(?:and )?then |\band (?=tell\b)", re.IGNORECASE)
"""Where within a sentence what is asked may follow on an order."""


def without_orders(text: str) -> str:
    """The text without what orders the bot about or only surrounds a question; empty where nothing is asked.

    A sentence that holds an order is kept from the question in it onwards, if there is one.
    """
    if _TOLD.search(text):
        text = _TOLD.sub(" ", text).strip()
    parts = cut(text)
    kept = [asked for part in parts if (asked := _question_in(part))]
    if kept == parts:
        return text
    if kept and all(points_back(part) and refers(part) for part in kept):
        return _ORDER.sub(" ", text).strip()  # "Confirm that X is Y. Is it?"
    return " ".join(kept)


def orders_about(text: str) -> bool:
    """Whether a text, such as a passage of a source, holds an order to the bot beyond doubt."""
    return bool(_TOLD.search(text) or _ORDER.search(text))


def is_order(sentence: str) -> bool:
    """Whether a sentence orders the bot about, or is mere talk around a question."""
    if _ORDER.search(sentence):
        return True
    named = _SUBJECT.search(sentence) or any(not name.isupper() for name in names(f"“ {sentence}"))
    return _orders().log_odds(sentence) > (CERTAIN if named else LIKELY)


def _question_in(sentence: str) -> str:
    """The sentence, without an order that it begins with; empty where it is nothing else."""
    odds = _orders().log_odds
    for found in _WITHIN.finditer(sentence):
        order, rest = sentence[: found.start()], sentence[found.end() :]
        words = len(order) if has_han(order) else len(order.split())
        ordered = odds(order) > LIKELY or _ORDER.search(order)
        if words > 2 and content_terms(rest) and ordered and odds(rest) < ASKED:
            return _question_in(rest)
    return "" if is_order(sentence) else sentence


@cache
def _orders() -> Classifier:
    return Classifier.read("orders")


@cache
def _pointers() -> frozenset[str]:
    return frozenset(content_terms("one ones other others another thing things stuff former latter"))


def is_vague(question: Question) -> bool:
    """Whether the question names nothing to search for, and no turn before it does."""
    named = any(content_terms(turn.content) for turn in question.history)
    return not named and not set(content_terms(question.text)) - _pointers()
