"""What the tabs beside the chat say, in English and in Chinese."""

from collections.abc import Mapping

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
    "A bar or dot opens its sentence in the source. Only what a source gives is drawn.": (
        "点击条形或圆点可打开来源中的句子。仅绘出来源给出的数据。"
    ),
    "What happened on {}: {}?": "{}发生了什么：{}？",
    "Events": "事件",
    "Where the words come from": "说明",
    "unknown": "未知",
    "the whole original": "全文",
    "an excerpt": "摘录",
    "nothing": "未读原文",
}


def say(text: str, language: str = "en") -> str:
    """A text of the tabs in a language, or in English where it has none."""
    return _ZH.get(text, text) if language == "zh" else text
