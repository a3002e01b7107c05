import { expect, test } from "vitest";

import { emptyVariant, productDraft, productFaults, putProductOf, withOption, withoutOption } from "./productDraft";

const cup = () => {
  const draft = withOption(productDraft(null, "pc"));
  return { ...draft, title: "Cup", optionNames: ["Glaze"], skus: [{ ...emptyVariant(1), code: "CUP-1", options: ["Sky"], price: "138" }, { ...emptyVariant(1), code: "CUP-2", options: ["Pea"], price: "138.50" }] };
};

test("a whole product has no faults and goes out in fen", () => {
  expect(productFaults(cup()).size).toBe(0);
  expect(putProductOf(cup()).skus.map(({ price, options }) => [price, options])).toEqual([[13_800, ["Sky"]], [13_850, ["Pea"]]]);
  expect(putProductOf(cup()).handle).toBeNull();
});

test("two variants may not be the same, nor share a code", () => {
  const draft = cup();
  draft.skus[1] = { ...draft.skus[1]!, code: "CUP-1", options: ["Sky "] };
  expect(Object.fromEntries(productFaults(draft))).toEqual({ "sku:1:code": "codeTwice", "sku:1:options": "variantTwice" });
});

test("an option that leaves takes its values along", () => {
  const draft = withoutOption(cup(), 0);
  expect(draft.optionNames).toEqual([]);
  expect(draft.skus.map(({ options }) => options)).toEqual([[], []]);
});

test("what is missing is named where it is missing", () => {
  expect(Object.fromEntries(productFaults({ ...withOption(productDraft(null, "")), optionNames: [""] }))).toEqual({ title: "titleMissing", unit: "unitMissing", "option:0": "optionMissing", "sku:0:code": "codeMissing", "sku:0:price": "price", "sku:0:options": "valueMissing" });
});
