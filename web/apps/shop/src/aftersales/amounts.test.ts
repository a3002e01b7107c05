import { expect, test } from "vitest";

import { fenOf, yuanOf } from "./amounts";

test("what people type for yuan is read as fen", () => {
  expect(["12", "12.5", "\u00a51,234.56", "\uff11\uff12", " 8 "].map(fenOf)).toEqual([1200, 1250, 123456, 1200, 800]);
});

test("what is no amount is none", () => {
  expect(["", "x", "1.234", "-5", "1e3"].map(fenOf)).toEqual([null, null, null, null, null]);
});

test("fen are written with cents only where there are some", () => {
  expect([19900, 12050, 5].map(yuanOf)).toEqual(["199", "120.50", "0.05"]);
  expect(fenOf(yuanOf(12345))).toBe(12345);
});
