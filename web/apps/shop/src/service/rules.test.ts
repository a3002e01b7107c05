import type { Talk, TalkCard } from "@xinbo/api";
import { describe, expect, test } from "vitest";

import { afterSalesPath, filled, kindFor } from "./rules";
import { chosen, goesOn } from "./useTalk";

const card = { orderId: "o1", position: 2, quantity: 3, asked: "return_refund", reason: "damaged" } as const satisfies Partial<TalkCard>;
const talk = (more: Partial<Talk>) => ({ id: "t", showId: null, state: "waiting", closedAt: null, ...more }) as Talk;
const NOW = Date.parse("2026-11-11T12:00:00Z");

describe("the filled-in form of after-sales", () => {
  test("is read back as it was written", () => {
    const query = Object.fromEntries(new URL(afterSalesPath(card), "http://x").searchParams);
    expect(filled(query)).toEqual({ line: 2, pieces: 3, kind: "return_refund", reason: "damaged" });
  });
  test.each([{}, { line: "0" }, { line: "x", pieces: "1" }, { line: ["0"], pieces: "1" }, { line: "-1", pieces: "1" }])("leaves out what is odd: %j", (query) => {
    expect(filled(query)).toBeUndefined();
  });
});

test("an order is asked about before a product", () => {
  expect([kindFor("p", "o"), kindFor("p", null), kindFor(null, null)]).toEqual(["order", "product", "other"]);
});

describe("the conversation of a place", () => {
  test("is the open one, else the latest that goes on", () => {
    const open = talk({ id: "open" });
    const old = talk({ id: "old", state: "closed", closedAt: "2026-11-10T12:00:00Z" });
    expect(chosen([old, open], null, NOW)?.id).toBe("open");
    expect(chosen([old], null, NOW)?.id).toBe("old");
    expect(chosen([open], "show", NOW)).toBeNull();
  });
  test("goes on for a week after its end", () => {
    expect(goesOn(talk({ state: "closed", closedAt: "2026-11-05T12:00:00Z" }), NOW)).toBe(true);
    expect(goesOn(talk({ state: "closed", closedAt: "2026-11-01T12:00:00Z" }), NOW)).toBe(false);
  });
});
