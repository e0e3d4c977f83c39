"""What the page itself says, in English and in Chinese."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Words:
    """The page's own words in one language."""

    code: str
    tagline: str
    chat: str
    programs: str
    conversation: str
    question: str
    placeholder: str
    ask: str
    stop: str
    new: str
    export_text: str
    export_json: str
    filters: str
    since: str
    until: str
    official: str
    language: str
    any: str
    examples: str
    empty: str
    warming: str
    asked: str
    answering: str
    sources_cited: str
    source: str
    next: str
    copy: str
    copied: str
    retry: str
    edit: str
    send: str
    good: str
    bad: str
    reason: str
    thanks: str
    why: str
    searched: str
    searched_before: str
    chosen: str
    left_out: str
    strong: str
    fair: str
    weak: str
    checked: str
    times: str
    within: str
    says: str
    by: str
    close: str
    back: str
    published: str
    undated: str
    kind: str
    kinds: tuple[tuple[str, str], ...]
    is_official: str
    not_official: str
    standing: str
    in_force: str
    repealed: str
    draft: str
    read: str
    seen: tuple[tuple[str, str], ...]
    digest: str
    original: str
    no_original: str
    unknown_source: str
    outcomes: tuple[tuple[str, str], ...]
    languages: tuple[tuple[str, str], ...]


ENGLISH = Words(
    code="en",
    tagline="What China's cryptocurrency ban says, who issued it, what came before and after. "
    "Every sentence rests on a source that you can open.",
    chat="Chat",
    programs="For programs",
    conversation="Conversation",
    question="Your question",
    placeholder="Ask about the ban",
    ask="Ask",
    stop="Stop",
    new="New chat",
    export_text="Export as text",
    export_json="Export as JSON",
    filters="Search only in",
    since="From year",
    until="To year",
    official="Official sources only",
    language="Language of sources",
    any="any",
    examples="For example",
    empty="Ask a question, read the answer, and click a number to see the sentence in its source.",
    warming="Getting ready: sources and models are being loaded. You can ask already; the answer will come then.",
    asked="You asked",
    answering="Looking in the sources …",
    sources_cited="Sources",
    source="Source",
    next="Ask next",
    copy="Copy with citations",
    copied="Copied",
    retry="Ask again",
    edit="Edit the question",
    send="Send",
    good="Good answer",
    bad="Bad answer",
    reason="Why? (kept on this machine only)",
    thanks="Thank you. Kept on this machine.",
    why="Why this answer",
    searched="Searched for",
    searched_before="with what was said before",
    chosen="Chosen",
    left_out="Found, but left out",
    strong="strong match",
    fair="fair match",
    weak="weak match",
    checked="Every quoted sentence was found word for word in its source.",
    times="{search:.0f} ms to search, {write:.0f} ms to write and check, {total:.0f} ms in all",
    within="Searched only in:",
    says="Says",
    by="According to",
    close="Close the source",
    back="Back to the answer",
    published="Published",
    undated="date not known",
    kind="Kind",
    kinds=(
        ("notice", "notice"),
        ("law", "law"),
        ("statement", "official statement"),
        ("court", "court"),
        ("data", "data"),
        ("analysis", "analysis"),
        ("news", "news"),
    ),
    is_official="official",
    not_official="not official",
    standing="Standing",
    in_force="in force",
    repealed="repealed {}",
    draft="draft",
    read="Read for this digest",
    seen=(
        ("full", "the whole original"),
        ("excerpt", "an excerpt of the original"),
        ("memory", "nothing: from memory"),
    ),
    digest="A digest in Banbot's own words, not the original's wording: open the original before quoting it.",
    original="Open the original",
    no_original="The original's address is not known.",
    unknown_source="There is no such source.",
    outcomes=(
        ("partial", "Partly in the sources"),
        ("declined", "Not in the sources"),
        ("clarify", "A question back"),
        ("out_of_scope", "Not what Banbot answers"),
        ("failed", "Something failed"),
        ("stopped", "Stopped"),
    ),
    languages=(("en", "English"), ("zh", "Chinese")),
)
CHINESE = Words(
    code="zh",
    tagline="中国加密货币禁令说了什么、由谁发布、前因后果。每句话都有可以打开查看的来源。",
    chat="问答",
    programs="程序接口",
    conversation="对话",
    question="您的问题",
    placeholder="请提出有关禁令的问题",
    ask="提问",
    stop="停止",
    new="新对话",
    export_text="导出文本",
    export_json="导出 JSON",
    filters="只查找",
    since="起始年份",
    until="截止年份",
    official="仅官方来源",
    language="来源语言",
    any="不限",
    examples="例如",
    empty="提出问题，阅读回答，点击数字即可查看来源中的原句。",
    warming="正在准备：加载来源和模型。现在即可提问，准备好后就会回答。",
    asked="您的提问",
    answering="正在查找来源……",
    sources_cited="来源",
    source="来源",
    next="接着问",
    copy="连同引文复制",
    copied="已复制",
    retry="重新提问",
    edit="修改问题",
    send="发送",
    good="回答得好",
    bad="回答得不好",
    reason="原因（只保存在本机）",
    thanks="谢谢，已保存在本机。",
    why="为何这样回答",
    searched="查找内容",
    searched_before="结合前文",
    chosen="已采用",
    left_out="找到但未采用",
    strong="很相关",
    fair="较相关",
    weak="不太相关",
    checked="每个引用的句子都与来源逐字相符。",
    times="查找 {search:.0f} 毫秒，撰写和核对 {write:.0f} 毫秒，共 {total:.0f} 毫秒",
    within="检索范围：",
    says="说法",
    by="出处",
    close="关闭来源",
    back="回到回答",
    published="发布日期",
    undated="日期不详",
    kind="类型",
    kinds=(
        ("notice", "通知"),
        ("law", "法律法规"),
        ("statement", "官方表态"),
        ("court", "法院"),
        ("data", "数据"),
        ("analysis", "分析"),
        ("news", "新闻"),
    ),
    is_official="官方",
    not_official="非官方",
    standing="效力",
    in_force="现行有效",
    repealed="{}废止",
    draft="草案",
    read="编写时读过",
    seen=(("full", "原文全文"), ("excerpt", "原文节选"), ("memory", "未读原文，凭记忆")),
    digest="本文为Banbot自行编写的摘要，并非原文措辞；引用前请打开原文。",
    original="打开原文",
    no_original="原文地址不详。",
    unknown_source="没有这一来源。",
    outcomes=(
        ("partial", "来源只说明了一部分"),
        ("declined", "来源没有说明"),
        ("clarify", "请补充说明"),
        ("out_of_scope", "不在回答范围内"),
        ("failed", "出错了"),
        ("stopped", "已停止"),
    ),
    languages=(("en", "英文"), ("zh", "中文")),
)


def words(language: str) -> Words:
    """The page's words in a language, `zh` or any other."""
    return CHINESE if language.startswith("zh") else ENGLISH
