import type { PriceHistory } from "@xinbo/api";
import { mount } from "@vue/test-utils";
import { afterEach, beforeAll, beforeEach, expect, test, vi } from "vitest";

import { createWords, locales } from "../i18n";
import PriceChart from "./PriceChart.vue";

const words = createWords({});
beforeAll(async () => {
  for (const locale of locales) await words.setLocale(locale, false);
});
beforeEach(async () => {
  vi.useFakeTimers({ now: new Date("2026-11-11T12:00:00Z") });
  await words.setLocale("zh-Hans", false);
});
afterEach(() => vi.useRealTimers());
const global = { plugins: [words.i18n] };

const history: PriceHistory = {
  skuId: "sku",
  venueId: "venue",
  days: 30,
  lowest: 8_000,
  points: [
    { fromAt: "2026-11-01T12:00:00Z", untilAt: "2026-11-09T12:00:00Z", price: 10_000, listPrice: 10_000, kind: "retail" },
    { fromAt: "2026-11-09T12:00:00Z", untilAt: null, price: 8_000, listPrice: 10_000, kind: "timed_discount" },
  ],
  was: { price: 9_800, rule: "lowest_deal_7_days", since: "2026-11-09T12:00:00Z" },
};

test("a price with a basis is struck through, and the basis is explained", () => {
  const chart = mount(PriceChart, { props: { history }, global });
  expect(chart.get("s").text()).toBe("¥98.00");
  expect(chart.text()).toContain("近7天最低成交价");
  expect(chart.text()).toContain("同一场所的最低成交价");
});

test("without a basis nothing is struck through, and it says so", () => {
  const chart = mount(PriceChart, { props: { history: { ...history, was: null } }, global });
  expect(chart.find("s").exists()).toBe(false);
  expect(chart.text()).toContain("所以不划线");
});

test("the line holds each price until the next and ends today", () => {
  const chart = mount(PriceChart, { props: { history }, global });
  expect(chart.get("path").attributes("d")).toBe("M0.0 8.0H256.0L256.0 88.0H320.0");
  expect(chart.get("svg").attributes("aria-label")).toBe("近 30 天最低 ¥80.00，最高 ¥100.00，现在 ¥80.00");
});

test("a time without a price leaves a gap in the line", () => {
  const points = [{ ...history.points[0]!, untilAt: "2026-11-05T12:00:00Z" }, history.points[1]!];
  const chart = mount(PriceChart, { props: { history: { ...history, points } }, global });
  expect(chart.get("path").attributes("d")).toBe("M0.0 8.0H128.0M256.0 88.0H320.0");
});

test("the table tells the same, newest first", () => {
  const rows = mount(PriceChart, { props: { history }, global }).findAll("tbody tr");
  expect(rows.map((row) => row.findAll("td")[2]?.text())).toEqual(["¥80.00", "¥100.00"]);
});

test.each(locales)("every basis has words in %s", async (locale) => {
  await words.setLocale(locale, false);
  for (const rule of ["lowest_deal_7_days", "last_deal", "lowest_price_30_days"] as const)
    expect(mount(PriceChart, { props: { history: { ...history, was: { ...history.was!, rule } } }, global }).text()).not.toContain("price.");
});
