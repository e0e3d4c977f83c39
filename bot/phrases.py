"""What the bot says in its own words, in English and in Chinese: never a claim about the ban."""

from collections.abc import Mapping
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
    in_general: str
    """Set between the refusal of advice and what the sources do say."""
    ordered: str
    differ: str
    newest: str
    in_force: str
    nothing_passes: str
    no_twin: str
    """Said where what was answered is not held in the other language."""
    rests_on: str
    """Set above what the last answer quoted, each with its source."""
    of_source: str
    """An item of that list: takes a title, who published it when, and what was quoted."""
    what_else: str
    """Said where a turn asks for nothing."""
    applied: str
    in_order: str
    side: str
    """Set above what is told of one of two things that are compared."""
    foreign: str
    """Set before quotes in another language than the question's."""
    without_model: str
    """Set behind an answer that a chat model was to write; takes one of the reasons."""
    reasons: Mapping[str, str]
    removed: tuple[str, str]
    """What is told of one sentence of a chat model's draft, and of several."""
    replaced: tuple[str, str]
    not_given: str
    draft: str
    """Set above what a chat model writes until it is checked."""


ENGLISH = Phrases(
    declined="The sources do not say.",
    looked_for="Looked for: “{}”.",
    instead="The sources do answer, for example: {}",
    not_mentioned="The sources do not mention {}.",
    either=" or ",
    clarify="What would you like to know about China's cryptocurrency ban? "
    "Please name the rule, the body or the event you mean.",
    advice="Banbot gives no legal, tax or investment advice, no forecasts or opinions and no ways round the rules. "
    "It can say what the notices, the courts and the press have stated; for your own case ask a lawyer.",
    in_general="In general, the sources say:",
    ordered="Banbot answers questions about China's cryptocurrency ban from its sources, and takes no other requests.",
    differ="Sources differ on this ({}):",
    newest="The newest source held is dated {}.",
    in_force="The {} is recorded as in force: no source held repeals it.",
    nothing_passes="No source held passes these filters: widen the period, the language or the kinds of sources.",
    no_twin="The sources just cited are not held in English.",
    rests_on="The last answer rests on these sources, quoted to the letter:",
    of_source="{} ({}): {}",
    what_else="What else would you like to know about China's cryptocurrency ban?",
    applied="By the dates of the sources held, these rules were out by {} and not repealed:",
    in_order="In the order of time, as the sources tell it:",
    side="{}:",
    foreign="",
    without_model="Written without the chat model: {}.",
    reasons={
        "silent": "it did not begin in time",
        "slow": "it did not finish in time",
        "endless": "it did not stop",
        "empty": "it wrote nothing",
        "key": "its key was refused",
        "unknown": "no such model is known at its address",
        "busy": "it takes no more requests for now",
        "unreachable": "it could not be reached",
        "long": "the evidence is too long for it",
        "refused": "it refused the request",
        "cut": "the connection broke off",
        "failed": "it reported an error",
        "unsupported": "too little of what it wrote stands in the sources",
    },
    removed=("1 sentence removed: no source.", "{} sentences removed: no source."),
    replaced=("1 sentence replaced by its source's own words.", "{} sentences replaced by their sources' own words."),
    not_given="The sources found do not say: {}.",
    draft="A draft, not yet checked against the sources …",
)
CHINESE = Phrases(
    declined="现有来源没有说明。",
    looked_for="查找的是：“{}”。",
    instead="现有来源能回答的例如：{}",
    not_mentioned="来源没有提到{}。",
    either="或",
    clarify="您想了解中国加密货币禁令的哪一方面？请说明是哪份文件、哪个机构或哪件事。",
    advice="Banbot不提供法律、税务或投资建议，不作预测和评论，也不提供规避规定的办法。"
    "它可以说明各项通知、法院和媒体讲过什么；个人情况请咨询律师。",
    in_general="来源的一般说法：",
    ordered="Banbot只根据来源回答有关中国加密货币禁令的问题，不处理其他请求。",
    differ="各来源说法不一（{}）：",
    newest="现有最新来源的日期为{}。",
    in_force="{}记录为现行有效：现有来源没有废止它的内容。",
    nothing_passes="没有来源符合这些筛选条件：请放宽年份、语言或来源类别。",
    no_twin="刚才引用的来源没有中文摘要。",
    rests_on="上一条回答依据下列来源的原文：",
    of_source="{}（{}）：{}",
    what_else="关于中国加密货币禁令，您还想了解什么？",
    applied="按所持来源的日期，截至{}已发布且未被废止的规定：",
    in_order="按时间顺序，各来源的记载：",
    side="{}：",
    foreign="以下引文出自英文来源：",
    without_model="未使用聊天模型：{}。",
    reasons={
        "silent": "它没有按时开始回答",
        "slow": "它没有按时答完",
        "endless": "它一直没有停止",
        "empty": "它什么也没写",
        "key": "它的密钥被拒绝",
        "unknown": "该地址没有这个模型",
        "busy": "它暂时不再接受请求",
        "unreachable": "无法连接到它",
        "long": "证据对它来说太长",
        "refused": "它拒绝了请求",
        "cut": "连接中断",
        "failed": "它报告了错误",
        "unsupported": "它写的内容大多没有来源",
    },
    removed=("删去1句：没有来源。", "删去{}句：没有来源。"),
    replaced=("1句换成了来源原文。", "{}句换成了来源原文。"),
    not_given="找到的来源没有说明：{}。",
    draft="草稿，尚未与来源核对……",
)


def phrases(question: str) -> Phrases:
    """The phrases in the question's language."""
    return CHINESE if has_han(question) else ENGLISH
