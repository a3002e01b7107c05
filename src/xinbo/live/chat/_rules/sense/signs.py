"""What gives a question or a complaint away, whatever it is about: words and shapes, by hand."""

import re

_END = r"(?:[啊呀哦噢哟哈哇呐吧的]|主播|老板|姐|宝|亲|谢谢)*[?!]*$"

SIGNS: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (name, re.compile(words))
    for name, words in (
        ("mark", r"\?"),
        ("ma", rf"[吗嘛么]{_END}"),
        ("ne", rf"呢{_END}"),
        ("bu", rf"[^了要说也都都就真好]不{_END}"),
        ("mei", rf"[^还就又都也真]没(?:有)?{_END}"),
        ("a-not-a", r"(.)[不没]\1|有没有|是否|有无|可不可|能不能|要不要|会不会|是不是"),
        ("how", r"怎么|咋|如何|怎样"),
        ("what", r"什么|啥|甚么"),
        ("which", r"哪"),
        ("who", r"谁"),
        ("many", r"多少|几[^乎]|多久|多[大长高宽重厚远]"),
        ("when", r"什么时候|啥时|几点|几号|何时|多久|几天"),
        ("why", r"为什么|为啥|怎么还|怎么没|怎么不"),
        (
            "wh",
            (
                r"^(?:hi |hello |hey |sorry )?(?:what|how|when|where|which|why|can|could|do|does"
                r"|did|is|are|will|would|any|should|whats|may)\b"
            ),
        ),
        ("ask", r"请问|想问|问下|问一下|咨询|请教|求解|求推荐|帮看|帮忙看"),
        ("show", r"讲一?下|讲讲|介绍|看一?下|看看[^了]|试一?下|试穿|求"),
        ("may", r"能[用吃喝穿戴退换洗发送到买]|可以[用吃喝穿戴退换洗发送]|适合|合适"),
        ("or", r"还是.|[or]r "),
        (
            "exclaims",
            (
                r"怎么(?:这么|那么|又|可以|能|会这)|什么(?:神仙|宝藏|仙女)|谁(?:懂|不|能|看|还|家)"
                r"|有没有人|多少人|太.{1,6}了|好.{1,4}啊|也太|绝了|真的是|什么都|怎么都|哪[个里]?都|多少都"
            ),
        ),
        (
            "reports",
            (
                r"收到了|到了|用了|用着|买了|拍了|拍好|下单了|回购|空瓶|刚好|正好|合适$|一直[在用]|亲测|表示"
                r"|反馈|抢到|已[拍下付领买经]|囤"
            ),
        ),
        (
            "wrong",
            (
                r"骗|假[货的]|投诉|举报|退款|不给|没收到|不发货|还没发|差评|垃圾|黑心|坑人|太坑|被坑|欺诈|虚假|破损"
                r"|坏[了的]|破了|漏了|裂|烂|发霉|过期|过敏|起疹|起球|掉色|脱线|爆痘|不理|拉黑|少发|漏发|发错|货不对"
                r"|不一样|不符|没到账|拒绝|态度|失望|后悔|避雷|上当|12315|消协|消费者|维权|赔|scam|fake|refund"
                r"|broke|damage|wrong|never|worst|terrible"
            ),
        ),
        (
            "not wrong",
            r"不骗|没骗|骗你|没有差评|不会.{0,2}过敏|没过敏|没有过敏|很快|秒退|别骗|不踩|没踩|不起|不掉",
        ),
        (
            "waits",
            r"(?:0|[一二三四五六七八九十半])(?:个)?(?:天|周|星期|月|礼拜|多天).{0,4}(?:还|没|不|货|了)",
        ),
        ("thanks", r"谢谢|感谢|多谢|thank"),
        ("laughs", r"哈哈|嘻嘻|嘿嘿|呜呜|lol|haha|😂|666|000$"),
        ("has letters", r"[^\W\d_]"),
    )
)


def signs(said: str) -> list[str]:
    """List the signs that a reading has."""
    return [name for name, words in SIGNS if words.search(said)]
