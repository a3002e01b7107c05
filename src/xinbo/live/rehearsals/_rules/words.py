"""What simulated viewers say. Written by us; shown with a mark that says so."""

FAMILY = "林周吴陈许沈陆叶程顾苏何温姜唐白宋方江孟"
GIVEN = (
    "小满", "阿澈", "知夏", "南枝", "一禾", "青柠", "晚晚", "木木", "念安", "小鹿", "栀子",
    "半夏", "初一", "可可", "暖暖", "沐沐", "云朵", "小北", "星野", "阿梨",
)  # fmt: skip

QUESTIONS = (
    "敏感肌可以用吗？", "孕期能用吗？", "有小样可以试吗？", "保质期到什么时候？",
    "今天下单几天到？", "油皮用会不会闷？", "和精华能一起用吗？", "有运费险吗？",
    "先用哪个再用哪个？", "学生党有优惠吗？", "这个多大容量？", "可以开发票吗？",
    "用多久能看出来？", "跟上次的是一个版本吗？", "能发顺丰吗？", "拆封了还能退吗？",
    "有没有香精？", "男生可以用吗？", "一瓶大概能用多久？", "还会再补货吗？",
)  # fmt: skip

PRAISE = (
    "回购第三次了", "质地看着很舒服", "包装很用心", "主播讲得清楚", "朋友推荐来的",
    "上次买的用完了，来囤", "味道很淡，喜欢", "这个颜色好看", "物流一直很快",
    "讲成分的直播间少见",
)  # fmt: skip

TALK = (
    "刚进来，讲到哪了", "晚上好", "来了来了", "听得到", "下一个讲什么", "边吃饭边看", "等抽奖",
    "第一次来", "杭州的报到", "哈哈哈", "这个灯光好好看", "记笔记中",
)  # fmt: skip

HOSTILE = (
    "骗子", "假货滚出去", "傻子才买", "垃圾主播闭嘴", "退钱骗子", "加微信 abc12345 更便宜",
    "全是托", "死骗子", "脑子有病才信", "假 货 骗 钱",
)  # fmt: skip

AT = {
    "stock_out": ("怎么没货了？", "拍不了了，显示卖完", "还补货吗？", "刚要付款就没了"),
    "wrong_price": ("价格不对吧？", "你说的不是这个价", "页面价和说的不一样？", "到底多少钱？"),
    "host_absent": ("主播去哪了？", "没人了？", "还播吗？", "等了好久"),
    "stream_down": ("卡住了", "黑屏了？", "没有画面了", "是我网络的问题吗？"),
}
"""What viewers say of what goes wrong, before anybody told them."""


def name_of(number: int) -> str:
    """Name a simulated viewer: the same number, the same name; 400 of them, then numbered."""
    family = FAMILY[number % len(FAMILY)]
    given = GIVEN[number // len(FAMILY) % len(GIVEN)]
    again = number // (len(FAMILY) * len(GIVEN))
    return f"{family}{given}" + (str(again + 1) if again else "")
