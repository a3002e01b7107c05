"""What a question is about, by the words that give it away."""

import re
from collections.abc import Iterator
from enum import StrEnum
from pathlib import Path

from xinbo.kit.linear import Linear, grams, reading


class QuestionTopic(StrEnum):
    """What people ask about in a show."""

    SIZE = "size"
    PRICE = "price"
    STOCK = "stock"
    SHIPPING = "shipping"
    INGREDIENTS = "ingredients"
    USAGE = "usage"
    SUITABILITY = "suitability"
    PROMOTION = "promotion"
    AUTHENTICITY = "authenticity"
    AFTER_SALES = "after_sales"
    OTHER = "other"


_WORDS: dict[QuestionTopic, str] = {
    QuestionTopic.AUTHENTICITY: r"""
        正品 真的假的 保真 假货 授权 专柜 防伪 验货 鉴定 真货 山寨 旗舰店 官方 是真 仿 检测报告
        质检 authentic genuine legit fake official""",
    QuestionTopic.AFTER_SALES: r"""
        退货 退换 能退 可以退 包退 换货 能换 可以换 退款 售后 坏了 破损 碎了 漏了 保修 质保
        运费险 七天 无理由 不合适 怎么退 发票 投诉 赔 客服 return refund exchange warranty
        invoice""",
    QuestionTopic.SHIPPING: r"""
        发货 快递 几天到 多久到 几天能到 多久能到 (?:什么时候|啥时候|几号|哪天)(?:能)?(?:到|发)
        包邮 邮费 运费 寄到 寄出 发到 顺丰 物流 到货 发出 送到 中通 圆通 韵达 邮政 新疆 西藏
        海外 国外 港澳 收到 预售 \bship deliver postage courier arrive""",
    QuestionTopic.PROMOTION: r"""
        优惠 券 满减 打折 折扣 活动 赠品 送什么 有送 送小样 买一送 红包 抽奖 福利 秒杀 领 叠加
        满多少 凑单 拼团 会员价 积分 赠 减多少 coupon discount voucher promo freebie \bgift
        \bsale\b""",
    QuestionTopic.INGREDIENTS: r"""
        成分 成份 配方 酒精 香精 防腐 激素 添加 材质 面料 含量 含有 含不含 浓度 什么料 纯棉
        真皮 含棉 ph值 什么做的 烟酰胺 水杨酸 视黄醇 a醇 玻尿酸 蔗糖 含糖 反式脂肪 配料 甲醛
        起球 褪色 掉色 色号 颜色 味道 香味 什么味 ingredient alcohol fragrance material fabric
        cotton leather contain made\sof""",
    QuestionTopic.SUITABILITY: r"""
        敏感肌 油皮 干皮 混油 混干 油性 干性 痘 孕妇 孕期 怀孕 哺乳 宝宝 小孩 孩子 儿童 老人
        男生 男士 男的能 学生 黄皮 黑皮 适合 适不适合 肤质 岁.{0,4}[用穿吃戴] 能用吗 可以用吗
        糖尿病 高血压 过敏 敏皮 送人 送妈 显黑 显白 sensitive oily\sskin dry\sskin pregnan
        suitable \bkids? baby for\smen acne""",
    QuestionTopic.SIZE: r"""
        尺码 尺寸 码数 [smlx]+码 0码 大码 小码 均码 偏大 偏小 多大 多高 多长 多宽 穿几码
        什么码 多少斤 0斤 身高 体重 腰围 胸围 厘米 cm 公分 加大 胖 显瘦 合身 宽松 修身
        衣长 裤长 鞋码 几码 多少ml 多少毫升 多少克 规格 净含量 容量 size fit\b \binch \bkg\b""",
    QuestionTopic.USAGE: r"""
        怎么用 用法 怎么[吃喝洗穿戴搭弄装] 怎么保存 如何 早晚 用多久 能用多久 几次 先后 顺序
        叠加用 一起用 搭配 步骤 洗脸 涂 敷 机洗 手洗 保质期 开封 保存 冷藏 加热 安装 充电 续航
        防水 教程 说明书 过期 搓泥 见效 用量 how\s(?:to|do|often|long) use\sit wash apply""",
    QuestionTopic.STOCK: r"""
        有货 没货 现货 补货 库存 还有吗 还有没有 还剩 剩多少 上架 断货 卖完 抢不到 抢完 没了
        返场 下架 什么时候上 再上 有没有.{0,6}[款色] in\sstock restock sold\sout available
        any\sleft""",
    QuestionTopic.PRICE: r"""
        多少钱 价格 什么价 啥价 几块 几元 怎么卖 怎么买 贵 便宜 到手 原价 现价 直播价 卖多少
        多少米 多少一 一套多少 单价 最低价 底价 比.{0,6}[低贵] 保价 差价 0块 0元
        \bprice how\smuch cost \$ cheaper rmb""",
}
_KNOWN = tuple((topic, re.compile("|".join(words.split()))) for topic, words in _WORDS.items())
TOPICS = tuple(QuestionTopic)
WEIGHTS = Path(__file__).with_name("topics.tsv")
MODEL = Linear(WEIGHTS, len(TOPICS) - 1)


def features(text: str) -> Iterator[str]:
    """List what the model looks at: letters, and which topics' words there are."""
    said = reading(text)
    yield from grams(said)
    for topic in by_words(said):
        yield f"§{topic}"


def by_words(said: str) -> list[QuestionTopic]:
    """List the topics of which a reading has words."""
    return [topic for topic, words in _KNOWN if words.search(said)]


def topic(text: str) -> QuestionTopic:
    """Say what a question is about, by a small model of letters and words."""
    scores = [*MODEL.scores(features(text)), 0.0]
    return TOPICS[scores.index(max(scores))]
