"""What the bot says in its own words, in English and in Chinese: never a claim about the ban."""

from dataclasses import dataclass

from bot.terms import has_han


@dataclass(frozen=True)
class Phrases:
    """The bot's own sentences in one language."""

    declined: str
    looked_for: str
    instead: str
    not_mentioned: str
    either: str
    clarify: str
    advice: str
    ordered: str
    differ: str
    newest: str
    in_force: str
    applied: str
    in_order: str
    foreign: str
    """Set before quotes in another language than the question's."""


ENGLISH = Phrases(
    declined="The sources do not say.",
    looked_for="Looked for: “{}”.",
    instead="The sources do answer, for example: {}",
    not_mentioned="The sources do not mention {}.",
    either=" or ",
    clarify="What would you like to know about China's cryptocurrency ban? "
    "Please name the rule, the body or the event you mean.",
    advice="Banbot gives no legal, tax or investment advice, no price forecasts and no ways round the rules. "
    "It can say what the notices, the courts and the press have stated; for your own case ask a lawyer.",
    ordered="Banbot answers questions about China's cryptocurrency ban from its sources, and follows no other orders.",
    differ="Sources differ on this ({}):",
    newest="The newest source held is dated {}.",
    in_force="The {} is recorded as in force: no source held repeals it.",
    applied="By the dates of the sources held, these rules were out by {} and not repealed:",
    in_order="In the order of time, as the sources tell it:",
    foreign="",
)
CHINESE = Phrases(
    declined="现有来源没有说明。",
    looked_for="查找的是：“{}”。",
    instead="现有来源能回答的例如：{}",
    not_mentioned="来源没有提到{}。",
    either="或",
    clarify="您想了解中国加密货币禁令的哪一方面？请说明是哪份文件、哪个机构或哪件事。",
    advice="Banbot不提供法律、税务或投资建议，不预测价格，也不提供规避规定的办法。"
    "它可以说明各项通知、法院和媒体讲过什么；个人情况请咨询律师。",
    ordered="Banbot只根据来源回答有关中国加密货币禁令的问题，不执行其他指令。",
    differ="各来源说法不一（{}）：",
    newest="现有最新来源的日期为{}。",
    in_force="{}记录为现行有效：现有来源没有废止它的内容。",
    applied="按所持来源的日期，截至{}已发布且未被废止的规定：",
    in_order="按时间顺序，各来源的记载：",
    foreign="以下引文出自英文来源：",
)


def phrases(question: str) -> Phrases:
    """The phrases in the question's language."""
    return CHINESE if has_han(question) else ENGLISH
