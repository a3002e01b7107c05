import { describe, expect, test } from "vitest";

import { chinaDay, dayStart, isCurrency } from "./words";

describe("days in China", () => {
  test("begin eight hours before those of Greenwich", () => {
    expect(chinaDay(Date.parse("2026-11-21T15:59:59Z"))).toBe("2026-11-21");
    expect(chinaDay(Date.parse("2026-11-21T16:00:00Z"))).toBe("2026-11-22");
    expect(dayStart("2026-11-22")).toBe("2026-11-21T16:00:00.000Z");
  });
  test("are counted back over the end of a year", () => {
    expect(chinaDay(Date.parse("2026-01-01T00:00:00Z"), -1)).toBe("2025-12-31");
  });
});

test("points and coupons are no currencies", () => {
  expect(["CNY", "USD", "points", "coupons"].map(isCurrency)).toEqual([true, true, false, false]);
});
