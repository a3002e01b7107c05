import type { Bill } from "@xinbo/api";
import { mount } from "@vue/test-utils";
import { beforeAll, beforeEach, expect, test } from "vitest";

import { createWords, locales } from "../i18n";
import PriceWhy from "./PriceWhy.vue";

const words = createWords({});
beforeAll(async () => {
  for (const locale of locales) await words.setLocale(locale, false);
});
beforeEach(() => words.setLocale("zh-Hans", false));
const global = { plugins: [words.i18n] };

const why = { code: "reached", measure: "amount", atLeast: 0, has: 0, times: 1, off: 0, rate: 10_000, most: null, blockedBy: [] } as const;
const step = (kind: Bill["steps"][number]["kind"], amount: number, changes: Partial<Bill["steps"][number]["why"]>, name = "") => ({
  kind,
  name,
  amount,
  ruleId: name || null,
  lines: [0],
  why: { ...why, blockedBy: [], ...changes },
});

const bill: Bill = {
  lines: [
    {
      position: 0,
      skuId: "sku",
      quantity: 2,
      listPrice: 20_000,
      price: 16_000,
      adjustments: [{ ruleId: "双十一", kind: "full_reduction", name: "双十一", amount: 4_000 }],
      points: 500,
      payable: 28_000,
    },
  ],
  gifts: [{ skuId: "gift", quantity: 1, ruleId: "满赠", name: "满赠" }],
  freight: 800,
  freightOff: 0,
  points: 0,
  pointsOff: 0,
  goods: 32_000,
  off: 4_000,
  couponId: null,
  total: 28_800,
  steps: [
    step("unit_price", 8_000, { code: "offer" }),
    step("full_reduction", 4_000, { atLeast: 15_000, has: 32_000, times: 2, off: 2_000 }, "双十一"),
    step("full_reduction", 0, { code: "short", measure: "pieces", atLeast: 3, has: 2, rate: 8_500 }, "三件八五折"),
    step("gift", 0, { atLeast: 20_000, has: 28_000 }, "满赠"),
    step("coupon", 0, { code: "blocked", blockedBy: ["双十一"] }, "新人券"),
    step("freight", -800, { code: "charged" }),
  ],
};
const lines = [
  { skuId: "sku", title: "积雪草精华", options: ["30 ml"] },
  { skuId: "gift", title: "化妆棉", options: [] },
];

test("it walks from the list prices to the total, each step with its reason", () => {
  const text = mount(PriceWhy, { props: { bill, lines }, global }).text();
  expect(text).toContain("标价合计¥400.00");
  expect(text).toContain("满减 · 双十一满 ¥150.00，现有 ¥320.00 · 减 ¥20.00 × 2-¥40.00");
  expect(text).toContain("运费按配送地区计算¥8.00");
  expect(text).toContain("应付¥288.00");
});

test("what was not used says why, and a gift says what it is", () => {
  const text = mount(PriceWhy, { props: { bill, lines }, global }).text();
  expect(text).toContain("还差 1 件 · 8.5 折未使用");
  expect(text).toContain("与「双十一」不能同享未使用");
  expect(text).toContain("送 化妆棉 × 1");
});

test("each line shows its own way to what is paid for it", () => {
  const each = mount(PriceWhy, { props: { bill, lines }, global }).get("details").text();
  expect(each).toContain("积雪草精华 30 ml× 2");
  expect(each).toContain("优惠价-¥80.00");
  expect(each).toContain("双十一-¥40.00");
  expect(each).toContain("实付¥280.00");
});

test("a line without a name is counted", () => {
  expect(mount(PriceWhy, { props: { bill }, global }).get("details").text()).toContain("第 1 件商品");
});

test.each(locales)("every step and every reason has words in %s", async (locale) => {
  await words.setLocale(locale, false);
  const codes = ["offer", "held", "reached", "short", "better", "blocked", "nothing", "spent", "charged"] as const;
  const kinds = ["unit_price", "bundle", "full_reduction", "gift", "coupon", "points", "freight", "free_freight"] as const;
  const steps = kinds.flatMap((kind) => codes.map((code) => step(kind, 1, { code, atLeast: 2, most: 3, rate: 9_000, blockedBy: ["x"] })));
  const text = mount(PriceWhy, { props: { bill: { ...bill, steps } }, global }).text();
  expect(text).not.toContain("why.");
});
