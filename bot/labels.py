"""What the tabs beside the chat say, in English and in Chinese."""

import re
from collections.abc import Mapping, Sequence

from bot.points import Kind, Series

KINDS: Mapping[str, Mapping[Kind, str]] = {
    "en": {
        "rule": "Rules",
        "statement": "Warnings and statements",
        "mining": "Mining",
        "court": "Courts and police",
        "market": "Exchanges and prices",
        "hong-kong": "Hong Kong",
        "yuan": "Digital yuan",
    },
    "zh": {
        "rule": "规定",
        "statement": "警示与表态",
        "mining": "挖矿",
        "court": "法院与警方",
        "market": "交易所与价格",
        "hong-kong": "香港",
        "yuan": "数字人民币",
    },
}
"""The kinds of events, in the order of their rows."""

SERIES: Mapping[str, Mapping[Series, str]] = {
    "en": {
        "hash-rate": "Mainland China's share of Bitcoin's computing power (hash rate)",
        "bitcoin-fall": "Bitcoin's fall on 24 September 2021, by outlet",
        "bitcoin-price": "Price to which Bitcoin fell on 24 September 2021, in US dollars, by outlet",
    },
    "zh": {
        "hash-rate": "中国大陆在比特币算力（哈希率）中的份额",
        "bitcoin-fall": "2021年9月24日比特币跌幅（各媒体）",
        "bitcoin-price": "2021年9月24日比特币跌至的价格，美元（各媒体）",
    },
}

_ZH = {
    "Timeline": "时间线",
    "Figures": "数据图",
    "Sources": "来源",
    "About": "关于",
    "Date": "日期",
    "Event": "事件",
    "Kind": "类别",
    "Source": "来源",
    "Ask": "提问",
    "Figure": "数据",
    "Given by": "出处",
    "Title": "标题",
    "Publisher": "发布者",
    "Standing": "效力",
    "Language": "语言",
    "Read": "阅读范围",
    "Filter the sources": "筛选来源",
    "A word of the title, publisher, date, kind or standing": "标题、发布者、日期、类别或效力中的词",
    "{} of {} sources": "{}/{} 个来源",
    "These sources come without a timeline.": "这些来源没有附带时间线。",
    "These sources come without figures.": "这些来源没有附带数据。",
    "A mark opens its sentence in the source. Years are drawn as wide as they are full. The same events stand in the "
    "table below.": "点击标记可打开来源中的句子。年份宽度取决于事件多少。下表列出相同的事件。",
    "A bar or dot opens its sentence in the source. Only what a source gives is drawn; the axis of prices does not "
    "begin at zero.": ("点击条形或圆点可打开来源中的句子。仅绘出来源给出的数据；价格轴不从零开始。"),
    "What happened on {}: {}?": "{}发生了什么：{}？",
    "What happened in {}: {}?": "{}发生了什么：{}？",
    "What happened at {}: {}?": "{}发生了什么：{}？",
    "Events": "事件",
    "the end of 2019": "2019年末",
    "spring 2020": "2020年春",
    "unknown": "未知",
    "What is held": "收录内容",
    "Official": "官方来源",
    "Kinds": "类别",
    "Languages": "语言",
    "Years of publication": "发布年份",
    "Newest": "最新",
    "Without a date": "无日期",
    "Originals read whole": "通读原文",
    "Originals read in part": "读过原文摘录",
    "Background that was not read anywhere": "未读原文的背景知识",
    "Each source is a digest, not the original; its card links to the original where the address is known. What "
    "happened after the newest source is not known here, and no answer is legal or financial advice.": (
        "每个来源是摘要而非原文；已知地址时，来源卡片附有原文链接。最新来源之后的事情这里并不知晓，回答不构成法律或投资建议。"
    ),
    "How good the answers are": "回答质量",
    "No result of the evaluation is here. This command measures the answers:": "此处没有评测结果。可用以下命令评测：",
    "Measured on {} with the half of the questions that is held back while building.": (
        "于{}以开发时未使用的一半问题测得。"
    ),
    "Shares from 0 to 1; in brackets their 95 per cent intervals.": "数值为0到1的比例，括号内为95%置信区间。",
    "{} to {}": "{}至{}",
    "whole": "全文",
    "excerpt": "节选",
    "not read": "未读",
    "of the questions are answered where the sources hold an answer, and declined where they hold none": (
        "的问题：来源有答案时作答，无答案时拒答"
    ),
    "of what a right answer must say is said": "的正确答案要点被说出",
    "of the sentences carry a citation": "的句子附有引用",
    "of the citations are exact and carry their statement": "的引用准确并支持其陈述",
    "of the answers say nothing that must not be said": "的回答没有不该说的内容",
    "of the declined questions have no answer in the sources": "的拒答问题在来源中确无答案",
    "of the questions without an answer in the sources are declined": "的无答案问题被拒答",
}


_WAYS = (
    (r" \(citing ([^)]+)\)", r"（引用\1）"),
    (r" \(copy of ([^)]+)\)", r"（\1的副本）"),
    (r" \(law firm article\)", "（律师事务所文章）"),
    (r" \(legal explainer\)", "（法律解读）"),
    (r" \(Chinese crypto news\)", "（中文加密货币新闻）"),
    (r", via (?:a )?(?:repost|aggregator)\b", "，转载"),
    (r", via (.+)", r"，经\1转载"),
    (r", reposted$| \(repost\)| repost$", "，转载"),
    (r"^Reposted local government notice$", "地方政府通知，转载"),
    (r"^Forum copy of (.+)$", r"\1，论坛副本"),
    (r" \(copy\); original most probably (?:the )?(.+)$", r"，副本，原文很可能出自\1"),
    (r" copy$", "，副本"),
    (r" abstract$", "，摘要"),
    (r" and nine other bodies$", "等十部门"),
)
_AMOUNTS = (
    (r"^a little over ", "略高于"),
    (r"^just under ", "略低于"),
    (r"^(?:about|around) ", "约"),
    (r"^(?:more than|over) ", "超过"),
    (r"^almost ", "近"),
    (r"^as much as ", "最多"),
    (r"^zero$", "零"),
    (r"(?<=\d) to (?=\d)", "至"),
    (r" per cent$", "%"),
    (r" dollars$", "美元"),
)


def published_by(name: str, language: str = "en") -> str:
    """A publisher: its name as it is, and what we say of the way (reposted, via, citing) in the language."""
    return _put(name, _WAYS) if language == "zh" else name


def amount(says: str, language: str = "en") -> str:
    """A figure as its sentence says it, in the language: about 44 per cent is 约44%."""
    return _put(says, _AMOUNTS) if language == "zh" else says


def _put(text: str, patterns: Sequence[tuple[str, str]]) -> str:
    for pattern, put in patterns:
        text = re.sub(pattern, put, text)
    return text


def say(text: str, language: str = "en") -> str:
    """A text of the tabs in a language, or in English where it has none."""
    return _ZH.get(text, text) if language == "zh" else text
