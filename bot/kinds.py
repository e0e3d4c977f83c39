"""Things of one kind that are easily taken for each other: what holds of Jiangsu answers no question about Sichuan."""

import re
from functools import lru_cache

from bot.terms import simplified

# Each line names one thing in English and Chinese. Beijing is left out, as it stands for the government too, and
# Bitcoin as a thing asked about, as it stands for all coins.
_PLACES = """
Anhui 安徽
Chongqing 重庆
Fujian 福建
Gansu 甘肃
Guangdong 广东
Guangxi 广西
Guizhou 贵州
Hainan 海南
Hebei 河北
Heilongjiang 黑龙江
Henan 河南
Hong_Kong 香港
Hubei 湖北
Hunan 湖南
Inner_Mongolia 内蒙古 内蒙
Jiangsu 江苏
Jiangxi 江西
Jilin 吉林
Liaoning 辽宁
Macau Macao 澳门
Ningxia 宁夏
Qinghai 青海
Shaanxi 陕西
Shandong 山东
Shanghai 上海
Shanxi 山西
Sichuan 四川
Taiwan 台湾
Tianjin 天津
Tibet 西藏
Xinjiang 新疆
Yunnan 云南
Zhejiang 浙江
"""
_COUNTRIES = """
Australia Australian 澳大利亚
Canada Canadian 加拿大
El_Salvador 萨尔瓦多
India Indian 印度
Iran Iranian 伊朗
Japan Japanese 日本
Kazakhstan Kazakh 哈萨克斯坦
Malaysia Malaysian 马来西亚
Russia Russian 俄罗斯
Singapore 新加坡
South_Korea South_Korean 韩国
Ukraine Ukrainian 乌克兰
United_Kingdom UK Britain British England London 英国
United_States US America American Americans Texas 美国
Vietnam Vietnamese 越南
"""
_COINS = """
Bitcoin BTC 比特币
Dogecoin 狗狗币
Ether Ethereum ETH 以太币 以太坊
Litecoin 莱特币
Ripple XRP 瑞波币
Tether USDT 泰达币
USDC
"""
_EXCHANGES = """
Binance 币安
BitMart
BTCC BTCChina 比特币中国
Coinbase
Huobi HTX 火币
KuCoin 库币
OKEx OKX OKCoin 欧易
"""
_EVERYTHING = "Bitcoin"
_PREPOSITIONS = {"in", "by", "for", "on", "at", "from", "with", "of", "to"}


def _kind(lines: str) -> tuple[re.Pattern[str], dict[str, str]]:
    """What finds the names of a kind, and which thing each names."""
    things = [[name.replace("_", " ") for name in line.split()] for line in lines.split("\n") if line]
    named = {name.casefold(): names[0] for names in things for name in names}
    longest = sorted((name for names in things for name in names), key=len, reverse=True)
    return re.compile("|".join(map(_pattern, longest)), re.IGNORECASE), named


def _pattern(name: str) -> str:
    """What finds a name: a whole English word, of two letters only in capitals ("tell us"), but not a currency's."""
    if not name.isascii():
        return name
    found = rf"\b{re.escape(name)}\b(?! dollars?\b)"
    return f"(?-i:{found})" if len(name) == 2 else found


_KINDS = tuple(_kind(lines) for lines in (_PLACES, _COUNTRIES, _COINS, _EXCHANGES))
_COUNTRY = _KINDS[1][0]
_HOME = _kind("China 中国")
"""The country that nearly every question is about, and which so is none of its kind."""


def tells_of_another(query: str, text: str, held: str) -> bool:
    """Whether the text names a thing of a kind of which the query names another, that `held` does not name either."""
    asked, told, around = _named(query), _named(text), _named(held)
    return any(
        wanted - {_EVERYTHING} and other and not wanted & (other | more)
        for wanted, other, more in zip(asked, told, around, strict=True)
    )


def names_the_same(query: str, text: str) -> bool:
    """Whether both name the same thing of a kind, perhaps by different names."""
    return any(asked & told for asked, told in zip(_named(query), _named(text), strict=True))


def names_any(text: str) -> bool:
    """Whether the text names a thing of any kind."""
    return any(_named(text))


def swapped(text: str, new: str, at: str = "") -> str:
    """The text with a thing in place of the only other of its kind that it names, a country in place of China where it
    names no other; empty where that cannot be, or where another preposition than `at` leads to it."""
    for pattern, named in _KINDS:
        if pattern.fullmatch(new):
            old, things = _HOME if pattern is _COUNTRY and not pattern.search(text) else (pattern, named)
            spans = [m.span() for m in old.finditer(text)]
            others = [m.span() for other, _ in _KINDS if other is not pattern for m in other.finditer(text)]
            inside = any(start <= a and b <= end for a, b in spans for start, end in others)
            led = {text[:a].split()[-1].lower() for a, _ in spans if text[:a].strip()} & _PREPOSITIONS
            plain = len(_things((old, things), text)) == 1 and not inside and not (at and led - {at})
            return old.sub(new, text) if plain else ""
    return ""


@lru_cache(4096)
def _named(text: str) -> tuple[frozenset[str], ...]:
    """The things of each kind that the text names."""
    text = simplified(text)
    return tuple(_things(kind, text) for kind in _KINDS)


def _things(kind: tuple[re.Pattern[str], dict[str, str]], text: str) -> frozenset[str]:
    pattern, named = kind
    return frozenset(thing for m in pattern.finditer(text) if (thing := named.get(m[0].casefold())))
