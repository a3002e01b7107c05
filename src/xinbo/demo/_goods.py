"""What the demo sells, plans and says."""

import msgspec

from xinbo.engines.tx import Role

SLUG = "qinghe"
PASSWORD = "xinbo-demo-2026"  # noqa: S105 - printed at every start: it guards nothing
SHOPPER_PHONE = "+8613800000000"

STAFF = (
    ("owner", "林青", Role.OWNER),
    ("operator", "周禾", Role.OPERATOR),
    ("host", "苏木", Role.HOST),
    ("service", "陈小满", Role.SERVICE),
    ("analyst", "何知", Role.ANALYST),
    ("supervisor", "监管席", Role.SUPERVISOR),
)


class Variant(msgspec.Struct, frozen=True):
    """One SKU: prices in minor units."""

    code: str
    options: list[str]
    price: int
    show_price: int
    stock: int
    show_stock: int


class Goods(msgspec.Struct, frozen=True):
    """One product of the demo."""

    handle: str
    title: str
    subtitle: str
    description: str
    unit: str
    option_names: list[str]
    variants: list[Variant]
    pictures: list[str]
    talking_points: str
    cue: str


GOODS = (
    Goods(
        "centella-serum",
        "积雪草舒缓精华 30 mL",
        "换季泛红时的一层薄护",
        "积雪草提取物与泛醇，质地清爽，早晚洁面后取 2~3 滴。敏感肌请先在耳后试用 24 小时。",
        "瓶",
        [],
        [Variant("QH-SERUM-30", [], 16900, 12900, 900, 300)],
        ["serum"],
        "先讲质地，再讲用法：洁面后 2~3 滴。\n敏感肌先在耳后试 24 小时。\n"
        "只说舒缓，不说治疗、不说美白。",
        "积雪草舒缓精华",
    ),
    Goods(
        "barrier-cream",
        "修护面霜 50 g",
        "神经酰胺与角鲨烷，厚而不闷",
        "适合干性与混合性肌肤的秋冬面霜。取黄豆大小，由内向外推开。",
        "罐",
        [],
        [Variant("QH-CREAM-50", [], 19800, 16800, 800, 260)],
        ["cream"],
        "现场推开给大家看延展。\n和精华的先后：精华在前，面霜在后。",
        "修护面霜",
    ),
    Goods(
        "amino-cleanser",
        "氨基酸洁面乳 120 g",
        "泡沫细密，洗后不紧绷",
        "氨基酸表活体系，弱酸性。早晚各一次，避开眼周。",
        "支",
        [],
        [Variant("QH-CLEANSER-120", [], 8900, 7900, 1500, 640)],
        ["cleanser"],
        "现场起泡。\n说明：不含皂基；卸妆另用卸妆品。",
        "氨基酸洁面乳",
    ),
    Goods(
        "light-sunscreen",
        "轻透防晒乳 SPF50+ 40 mL",
        "通勤够用，不泛白",
        "SPF50+ PA+++。出门前 15 分钟取足量均匀涂抹，每两小时补涂。",
        "瓶",
        [],
        [Variant("QH-SUN-40", [], 13900, 11900, 1000, 410)],
        ["sunscreen"],
        "讲用量：全脸一元硬币大小。\n讲补涂：两小时一次。",
        "轻透防晒乳",
    ),
    Goods(
        "white-tea-box",
        "白茶冷泡礼盒 12 袋",
        "福鼎白茶，冷水三十分钟",
        "独立三角袋，冷泡 30 分钟，热泡 3 分钟。原料产地：福建福鼎。",
        "盒",
        [],
        [Variant("QH-TEA-12", [], 12800, 9900, 600, 200)],
        ["tea"],
        "一袋配 500 mL 冷水，三十分钟。\n讲产地与采摘时间，看包装批号。",
        "白茶冷泡礼盒",
    ),
    Goods(
        "celadon-cup",
        "手作青瓷茶杯",
        "每一只釉色都略有不同",
        "手工拉坯，高温青釉，容量约 160 mL。手作器物釉面偶有针孔，属正常现象。",
        "只",
        ["釉色"],
        [
            Variant("QH-CUP-SKY", ["天青"], 15800, 13800, 120, 60),
            Variant("QH-CUP-PEA", ["豆青"], 15800, 13800, 90, 40),
        ],
        ["cup-sky", "cup-pea"],
        "两种釉色放在一起比。\n说明手作差异，如实讲针孔。",
        "手作青瓷茶杯",
    ),
)

NAMES = (
    "山有木",
    "小满",
    "阿澈",
    "木棉",
    "云边",
    "禾风",
    "青豆",
    "知秋",
    "南枝",
    "一粟",
    "江月",
    "半夏",
    "拾光",
    "春和",
)
SAYINGS = (
    "精华和面霜先用哪个呀？",
    "质地看着很清爽",
    "孕期能用吗？",
    "物流一般几天到？",
    "上次买的面霜用完了，来回购",
    "茶杯两个颜色能各买一只吗？",
    "冷泡真的三十分钟就好？",
    "防晒会不会泛白？",
    "主播手上那只是天青还是豆青？",
    "干皮冬天用够不够润？",
    "刚进来，现在讲到哪个了？",
    "包装能不能不要塑料？",
    "下单了",
    "釉色好看",
    "可以开发票吗？",
)
