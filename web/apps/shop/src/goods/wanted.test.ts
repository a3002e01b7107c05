import type { Category } from "@xinbo/api";
import { expect, test } from "vitest";

import { withWord } from "./history";
import { attributesOf, filtersOf, queryOf, wantedOf, wayTo } from "./wanted";

const category = (id: string, parentId: string | null, path: string[], key?: string): Category => ({
  id, parentId, name: id, position: 0, path, returnRule: null, effectiveRule: "seven_days",
  attributes: key ? [{ key, name: key, kind: "text", unit: "", options: [], required: false }] : [],
});

test("what is looked for goes into the address and comes back the same", () => {
  const wanted = { q: "面霜", category: "c", brand: "青禾", attribute: ["skin:干", "skin:油"], priceFrom: 1050, priceTo: 9900, inStock: true, sort: "price_up" as const };
  expect(wantedOf(queryOf(wanted) as Parameters<typeof wantedOf>[0])).toEqual(wanted);
  expect(filtersOf(wanted)).toBe(5);
});

test("an address that says nothing or nonsense looks for everything", () => {
  expect(wantedOf({})).toEqual({});
  expect(wantedOf({ from: "x", sort: "y", q: null, attribute: [null] })).toEqual({});
});

test("a category is reached from the root, and has what those above it say", () => {
  const all = [category("a", null, ["a"], "skin"), category("b", "a", ["b", "a"], "size")];
  expect(wayTo(all, "b").map(({ id }) => id)).toEqual(["a", "b"]);
  expect(attributesOf(all, "b").map(({ key }) => key)).toEqual(["skin", "size"]);
  expect(wayTo(all, null)).toEqual([]);
});

test("the latest search comes first, each once, ten at most", () => {
  expect(withWord(["a", "b"], "b")).toEqual(["b", "a"]);
  expect(withWord(Array.from({ length: 10 }, (_, at) => String(at)), "x")).toHaveLength(10);
});
