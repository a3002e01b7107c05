import { expect, test } from "vitest";

import { fromFen, toFen, toPieces } from "./amounts";
import { fromLocal, toLocal } from "./time";

test("yuan become fen without a rounding error", () => {
  expect(toFen("129")).toBe(12_900);
  expect(toFen("0.29")).toBe(29);
  expect(toFen("1,299.9")).toBe(129_990);
  expect(toFen("¥ 79.00")).toBe(7900);
});

test("what is no amount is refused", () => {
  for (const text of ["", "abc", "-1", "1.234", "1e3"]) expect(toFen(text)).toBeNull();
  expect(toPieces("12")).toBe(12);
  expect(toPieces("1.5")).toBeNull();
});

test("fen come back as short text", () => {
  expect(fromFen(12_900)).toBe("129");
  expect(fromFen(12_950)).toBe("129.50");
});

test("a moment survives its way through a field, to the minute", () => {
  const iso = "2026-11-11T12:30:00.000Z";
  expect(fromLocal(toLocal(iso))).toBe(iso);
  expect(toLocal(null)).toBe("");
  expect(fromLocal("")).toBeNull();
});
