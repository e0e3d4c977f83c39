"""Questions no source could answer: advice, forecasts, ways round the rules; and questions without a subject."""

import re

from bot.records import Question
from bot.terms import content_terms

ADVICE = (
    "Banbot gives no legal, tax or investment advice, no price forecasts and no ways round the rules. "
    "It can say what the notices, the courts and the press have stated; for your own case ask a lawyer."
)

_ONE = r"(?:i|we|you|one|people|someone|anyone)"
_THING = r"(?:price|bitcoin|btc|ether|eth|crypto|coins?|market)"
_EVADE = r"(?:get (?:around|round|past)|bypass|evade|avoid|circumvent|dodge|hide|sneak|smuggle|cash out)"
_DEAL = r"(?:buy|sell|trade|invest|mine|move|transfer|recover|access|use a vpn)"
_OWN = (
    r"(?:money|coins?|bitcoins?|crypto|contract|tax(?:es)?|accounts?|savings|case|clients?|company|wallet|miners?"
    r"|mining|funds)"
)

# What the asker should or may do; what will come; how to get round a rule. In English and in Chinese.
_PATTERNS = (
    rf"\bshould {_ONE}\b",
    r"\b(?:may|shall|can|could|will|am|are) (?:i|we|my)\b(?! (?:ask|know|see|find|read|say))",
    r"\bis it (?:ok|okay|safe|legal|fine|allowed) (?:for (?:me|us)|if (?:i|we))\b",
    r"\bwould (?:i|we) be\b|\bdo (?:i|we) (?:need|have|owe|pay)\b",
    rf"\bmy (?:own |chinese |old )?{_OWN}\b",
    rf"\bhow (?:can|could|do|would|should|to|might) (?:{_ONE} )?(?:still )?(?:{_EVADE}|{_DEAL})\b",
    rf"\b(?:ways?|tricks?|tips?|work-?arounds?) (?:to|of) (?:{_EVADE}|{_DEAL})",
    r"\bvpns?\b.*\b(?:use|best|buy|trade)\b",
    r"\b(?:best|safest|easiest|cheapest) (?:way|exchange|wallet|vpn|coin|method|app)s?\b",
    rf"\bwill\b.*\b{_THING}\b.*\b(?:rise|fall|go|reach|hit|recover|crash|drop|double|be worth)\b",
    rf"\b(?:predict|forecast|prediction)\w*\b.*\b{_THING}\b|\b{_THING}\b.*\b(?:predictions?|price target)\b",
    r"\bgood (?:time|idea|moment|investment)\b|\bbuy the dip\b|\bworth (?:buying|investing|holding)\b",
    r"我(?:们|們)?(?:可以|能|该|該|应该|應該|会|會|要|是否|可不可以|可否|的)",
    r"(?:怎么|如何|怎样|怎麼)(?:才能)?(?:绕过|繞過|规避|規避|避开|翻墙|翻牆|买|買|卖|賣|炒)",
    r"(?:价格|價格|比特币|比特幣|币价|幣價).*(?:会涨|會漲|会跌|會跌|预测|預測|涨到|漲到|跌到)",
    r"值得(?:买|買|投资|投資)",
)
_ADVICE = re.compile("|".join(_PATTERNS), re.IGNORECASE)


def asks_advice(text: str) -> bool:
    """Whether the question asks what the asker should or may do, for a forecast, or for a way round the rules."""
    return bool(_ADVICE.search(text))


def is_vague(question: Question) -> bool:
    """Whether the question names nothing to search for, and no turn before it does."""
    return not content_terms(question.text) and not any(content_terms(turn.content) for turn in question.history)
