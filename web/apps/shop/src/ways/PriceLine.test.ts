import type { PriceHere } from "@xinbo/api";
import { mount } from "@vue/test-utils";
import { beforeAll, expect, test } from "vitest";

import { words } from "@shop/words";

import BuyDock from "./BuyDock.vue";
import PriceLine from "./PriceLine.vue";
import { waysOf } from "./ways";

const price: PriceHere = { skuId: "s", price: 7900, listPrice: 9900, currency: "CNY", kind: "timed_discount", offerId: "o", endsAt: null, perPerson: null, taken: 0, left: 4, was: null, members: null };
const line = (now: PriceHere) => mount(PriceLine, { props: { price: now, more: false }, global: { plugins: [words.i18n] } });

beforeAll(() => words.setLocale("en", false));

test("a lower price without a basis names the shop's price and strikes nothing through", () => {
  const shown = line(price);
  expect(shown.find("s").exists()).toBe(false);
  expect(shown.text()).toContain("Shop price");
});

test("with a basis the earlier price is struck through, and says what it was", () => {
  const shown = line({ ...price, was: { price: 9500, rule: "lowest_deal_7_days", since: "2026-11-11T12:00:00Z" } });
  expect(shown.get("s").text()).toContain("95");
  expect(shown.text()).toContain("Lowest paid in 7 days");
});

test("beside a group's price one can still buy alone, and each button says what it costs", async () => {
  const special = { id: "o", sourceId: "p", skuId: "s", kind: "group_buy" as const, price: 6900, listPrice: 9900, startsAt: null, endsAt: null, perPerson: null, left: 3, terms: { type: "group" as const, size: 2, hours: 24 } };
  const dock = mount(BuyDock, { props: { plain: { lead: price, more: false }, ways: waysOf({ specials: [special] }) }, global: { plugins: [words.i18n] } });
  const [alone, together] = dock.findAll("button");
  expect([alone?.text(), together?.text()].map((text) => text?.replace(/\s+/g, " "))).toEqual([expect.stringContaining("¥79"), expect.stringContaining("¥69")]);
  await together?.trigger("click");
  await alone?.trigger("click");
  expect(dock.emitted("buy")).toEqual([[{ kind: "group_buy" }], []]);
});
