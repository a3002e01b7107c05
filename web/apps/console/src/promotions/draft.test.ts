import { expect, test } from "vitest";

import { commandOf, draftOf, kinds, newDraft, newItem, newStep } from "./draft";

const common = { id: "p", name: "双 11", state: "draft" as const, venueId: "v", startsAt: "2026-11-11T12:00:00.000Z", endsAt: "2026-11-12T12:00:00.000Z", items: [], named: [], version: 3, createdAt: "", endedAt: null, endReason: null };
const goods = { products: [], categories: [], skus: [] };

test("what was read is what is sent again", () => {
  const rules = [
    { kind: "full_reduction" as const, goods, repeat: true, most: 9900, steps: [{ atLeastAmount: 30000, atLeastPieces: null, off: 5000, rate: null }] },
    { kind: "full_reduction" as const, goods, repeat: false, most: null, steps: [{ atLeastAmount: null, atLeastPieces: 2, off: null, rate: 8500 }] },
    { kind: "gift" as const, goods, steps: [{ atLeastAmount: 100, gifts: [{ skuId: "s", quantity: 2 }] }] },
    { kind: "bundle" as const, parts: [{ skuId: "s", quantity: 2 }], price: 1999 },
    { kind: "coupon" as const, goods, threshold: 5000, off: null, rate: 9000, most: 2000, total: 10, perPerson: 2, audience: "members" as const, level: 3, useFrom: null, useUntil: null, useDays: 7 },
    { kind: "free_freight" as const, goods, atLeastAmount: 9900 },
    { kind: "group_buy" as const, size: 3, hours: 24 },
    { kind: "bargain" as const, helpers: 9, hours: 12 },
    { kind: "flash_sale" as const },
  ];
  for (const rule of rules) {
    const { body, faults } = commandOf(draftOf({ ...common, kind: rule.kind, rule }), 3);
    expect(faults.size).toBe(0);
    expect(body).toEqual({ name: common.name, venueId: "v", startsAt: common.startsAt, endsAt: common.endsAt, rule, items: [], version: 3 });
  }
});

test("what is empty or no number is named by its field, as the server names it", () => {
  const draft = { ...newDraft("flash_sale"), items: [{ ...newItem("s"), price: "1.999", stock: "x" }] };
  expect(new Set(commandOf(draft, null).faults.keys())).toEqual(new Set(["name", "items.0.price", "items.0.stock"]));
  const reduction = { ...newDraft("full_reduction"), name: "满减", steps: [{ ...newStep(), threshold: "300", off: "" }] };
  expect([...commandOf(reduction, null).faults.keys()]).toEqual(["rule.steps.0.off"]);
});

test("every kind can be begun", () => {
  for (const kind of kinds) expect(commandOf(newDraft(kind), null).body.rule.kind).toBe(kind);
});
