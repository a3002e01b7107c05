import { expect, test } from "vitest";

import type { LiveNumbers } from "@console/types";

import { againstTargets, figuresOf, percentText, shortMoney } from "./figures";

const numbers: LiveNumbers = { showId: "s", at: "", online: 14, peak: 15, views: 1029, viewers: 15, averageWatch: 246.4, likes: 741, messages: 71, interactionRate: 0.2137, productClicks: 9, orders: 14, paidOrders: 10, buyers: 7, gmvPaid: 8_624_000, conversion: 0.041, simulated: true };
const of = (key: string, online: number | null = null) => figuresOf(numbers, online, 0, "en").find((figure) => figure.key === key);

test("the room's own count of who is online is fresher than the tally, and can be the peak", () => {
  expect(of("online", 18)).toMatchObject({ value: "18", aside: "18" });
  expect(of("online")).toMatchObject({ value: "14", aside: "15" });
});

test("counts carry separators, times are minutes and seconds, shares have one decimal", () => {
  expect(of("views")?.value).toBe("1,029");
  expect(of("averageWatch")?.value).toBe("04:06");
  expect(of("interaction")?.value).toBe("21.4%");
  expect(of("conversion")).toMatchObject({ value: "4.1%", aside: "7" });
});

test("nothing to divide by is a dash and not a zero", () => {
  expect(percentText(0, 0, "en")).toBe("–");
  expect(figuresOf({ ...numbers, viewers: 0, conversion: 0 }, null, 0, "en").find(({ key }) => key === "conversion")?.value).toBe("–");
});

test("large amounts leave their cents out", () => {
  expect(shortMoney(8_624_050, "en")).toBe("¥86,240");
  expect(shortMoney(12_950, "en")).toBe("¥129.50");
});

const targets = { gmv: 10_000_000, orders: 100, units: null, viewers: 2000, peak: null, comments: 50, likes: null, followers: null };

test("targets grow with the time that is over, and only the one furthest behind is marked", () => {
  const beside = againstTargets(figuresOf(numbers, null, 0, "en"), numbers, targets, 0.5, "en");
  const by = (key: string) => beside.find((figure) => figure.key === key);

  expect(by("gmv")).toMatchObject({ target: "¥100,000" });
  expect(by("gmv")?.pace).toBeCloseTo(1.72, 2);
  expect(by("messages")?.pace).toBeCloseTo(2.84, 2);
  expect(beside.filter(({ worst }) => worst).map(({ key }) => key)).toEqual(["views"]);
  expect(by("likes")?.target).toBeUndefined();
});

test("before the show began nothing is behind", () => {
  const beside = againstTargets(figuresOf(numbers, null, 0, "en"), numbers, targets, 0, "en");
  expect(beside.some(({ worst }) => worst)).toBe(false);
});
