import type { Category } from "@xinbo/api";
import { expect, test } from "vitest";

import { categoryDraft, categoryFaults, emptyAttribute, inOrder, parentsFor, putCategoryOf, wayText } from "./tree";

const at = (id: string, ...above: string[]): Category => ({ id, parentId: above[0] ?? null, name: id.toUpperCase(), position: 0, path: [id, ...above], attributes: [], returnRule: null, effectiveRule: "seven_days" });
const all = [at("b"), at("a"), at("a2", "a"), at("a3", "a2", "a"), at("a4", "a3", "a2", "a")];

test("the tree reads from the top, what is below right after what is above", () => {
  expect(inOrder(all).map(({ id }) => id)).toEqual(["b", "a", "a2", "a3", "a4"]);
  expect(wayText(all, all[3]!)).toBe("A › A2 › A3");
});

test("a category goes neither below itself nor too deep", () => {
  expect(parentsFor(all, "a2").map(({ id }) => id)).toEqual(["b", "a"]);
  expect(parentsFor(all, null).map(({ id }) => id)).toEqual(["b", "a", "a2", "a3"]);
});

test("an attribute keeps its key, and a new one gets one that nobody has", () => {
  const draft = { ...categoryDraft(null, "a"), name: " 面霜 ", attributes: [{ ...emptyAttribute(), key: "a1", name: "肤质", kind: "choice" as const, options: "干性\n油性\n干性\n" }, { ...emptyAttribute(), name: "功率", kind: "number" as const, unit: "瓦" }] };
  expect(categoryFaults(draft).size).toBe(0);
  expect(putCategoryOf(draft, ["a2"])).toEqual({
    name: "面霜", parentId: "a", position: 0, returnRule: null,
    attributes: [{ key: "a1", name: "肤质", kind: "choice", unit: "", options: ["干性", "油性"], required: false }, { key: "a3", name: "功率", kind: "number", unit: "瓦", options: [], required: false }],
  });
});

test("what is missing is named", () => {
  const draft = { ...categoryDraft(null, null), position: "x", attributes: [emptyAttribute(), { ...emptyAttribute(), name: "n", kind: "choice" as const }] };
  expect(Object.fromEntries(categoryFaults(draft))).toEqual({ name: "nameMissing", position: "position", "attribute:0": "nameMissing", "attribute:1": "optionsMissing" });
});
