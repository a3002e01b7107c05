import { expect, test } from "vitest";

import { draftOf, emptyZone, putOf, toUnits, zoneOf } from "./draft";

test("a template leaves the form as it came in", () => {
  const zone = { places: [["浙江省"]], deliver: true, first: 1000, firstFee: 800, further: 500, furtherFee: 250, freeAmount: 9900, freePieces: null };
  const template = { id: "1", name: "默认", chargedBy: "weight" as const, zones: [zone], isDefault: true, shipsFrom: "浙江杭州", products: 0, updatedAt: "2026-11-11T00:00:00Z" };
  expect(putOf(draftOf(template))).toEqual({ name: "默认", chargedBy: "weight", zones: [zone], isDefault: true, shipsFrom: "浙江杭州" });
});

test("kilograms are grams, and half typed amounts are none", () => {
  expect([toUnits("1.5", "weight"), toUnits("2", "piece"), toUnits("0", "piece"), toUnits("1.5", "piece")]).toEqual([1500, 2, null, null]);
  expect(zoneOf(emptyZone(), "piece")).toBeNull();
  expect(zoneOf({ ...emptyZone(), firstFee: "8", furtherFee: "2", freePieces: "x" }, "piece")).toBeNull();
});

test("where nothing is sent no tariff is asked for", () => {
  expect(zoneOf(emptyZone([["西藏自治区"]], false), "piece")).toMatchObject({ deliver: false, firstFee: 0 });
});
