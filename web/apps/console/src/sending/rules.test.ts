import { expect, test } from "vitest";

import { canonical, judge, leftOf, trackTone } from "./rules";

test("numbers are read as people paste them", () => {
  expect(canonical(" ｓｆ 1234-5678 90123 ")).toBe("SF1234567890123");
});

test("a number is judged by its carrier's pattern, and only warned of", () => {
  expect(judge("SF1234567890123", "(SF)?[0-9]{12,15}")).toBe("fine");
  expect(judge("SF1234567890123", "[0-9]{13}|[A-Z]{2}[0-9]{9}[A-Z]{2}")).toBe("odd");
  expect([judge("", undefined), judge("运单", undefined), judge("AB123", undefined)]).toEqual(["empty", "wrong", "fine"]);
});

test("what was sent or taken out is not left to be sent", () => {
  expect(leftOf({ quantity: 5, shipped: 2, withdrawn: 1 })).toBe(2);
});

test("trouble has a colour of its own", () => {
  expect([trackTone("in_transit"), trackTone("lost"), trackTone("delivered")]).toEqual(["jade", "red", "plain"]);
});
