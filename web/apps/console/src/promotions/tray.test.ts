import { expect, test } from "vitest";

import type { Promotion } from "@console/types";

import { everywhere } from "./draft";
import { fromNow, later, soldOf, trayOf } from "./tray";

const START = "2026-11-11T12:00:00.000Z";
const END = "2026-11-11T12:30:00.000Z";
const promotion = (more: Partial<Promotion>) => ({ id: "p", state: "running", venueId: "show", startsAt: START, endsAt: END, items: [], name: "n", rule: {}, version: 3, ...more }) as Promotion;
const item = (more: Partial<Promotion["items"][number]>) => ({ skuId: "s", price: 1, stock: null, perPerson: null, deposit: null, worth: null, floor: null, given: null, left: null, ...more }) as Promotion["items"][number];

test("the tray holds what the show may use, what ends first on top", () => {
  const all = [
    promotion({ id: "draft", state: "draft" }),
    promotion({ id: "elsewhere", venueId: "other" }),
    promotion({ id: "shop", venueId: everywhere, endsAt: null }),
    promotion({ id: "soon" }),
    promotion({ id: "coming", state: "scheduled" }),
    promotion({ id: "over", state: "ended" }),
    promotion({ id: "shop draft", state: "draft", venueId: everywhere }),
  ];
  expect(trayOf(all, "show").map(({ id }) => id)).toEqual(["soon", "shop", "coming", "draft"]);
});

test("what was sold of a promotion's own stock", () => {
  expect(soldOf(promotion({ items: [item({ stock: 10, given: 8, left: 3 }), item({ stock: 5, given: null, left: 5 }), item({})] }))).toEqual({ given: 13, sold: 5 });
  expect(soldOf(promotion({ items: [item({})] }))).toBeNull();
});

test("one that begins now lasts as long as it was to", () => {
  const now = Date.parse("2026-11-11T13:00:00Z");
  expect(fromNow(promotion({}), now)).toMatchObject({ startsAt: "2026-11-11T13:00:00.000Z", endsAt: "2026-11-11T13:30:00.000Z", version: 3 });
  expect(fromNow(promotion({ endsAt: null }), now).endsAt).toBeNull();
});

test("an end is put off by minutes", () => {
  expect(later(promotion({}), 10)).toBe("2026-11-11T12:40:00.000Z");
  expect(later(promotion({ endsAt: null }), 10)).toBeNull();
});
