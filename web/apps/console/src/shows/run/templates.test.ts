import { expect, test } from "vitest";

import type { LineUpItem } from "@console/types";

import { previewOf, slotsFor } from "./templates";

const item = (productId: string, role: LineUpItem["role"] = null): LineUpItem => ({ productId, position: 0, talkingPoints: "", skus: [], role });
const slot = (key: string, productId: string | null = null) => ({ key, title: `Hero ${key}`, role: "hero" as const, productId });

test("slots take the heroes of the line-up first, then its other goods, then the shop's, each once", () => {
  const plan = { lineUp: [item("a"), item("b", "hero")] };
  expect(slotsFor({ slots: [slot("h1"), slot("h2"), slot("h3"), slot("h4")] }, plan, ["a", "c"])).toEqual({ h1: "b", h2: "a", h3: "c", h4: "" });
});

test("a copied show keeps its own goods where they are still on sale", () => {
  expect(slotsFor({ slots: [slot("p1", "gone"), slot("p2", "c")] }, { lineUp: [item("a")] }, ["a", "c"])).toEqual({ p1: "a", p2: "c" });
});

test("the preview names the goods and places the cues", () => {
  const cue = (title: string, minutes: number, startsMinute: number | null = null) => ({ kind: "product" as const, title, minutes, startsMinute, format: "solo" as const, slots: [], pin: true, promotion: "", game: "", talkingPoints: "", claims: [], forbidden: [], owner: "", targetUnits: null, notes: "" });
  const template = { slots: [slot("h1"), slot("h2")], cues: [cue("{h1}", 4), cue("{h2} {x}", 3), cue("end", 2, 20)] };
  expect(previewOf(template, { h1: "a" }, new Map([["a", "Cream"]]))).toEqual([
    { begin: 0, minutes: 4, title: "Cream" },
    { begin: 4, minutes: 3, title: "Hero h2 {x}" },
    { begin: 20, minutes: 2, title: "end" },
  ]);
});
