import { expect, test } from "vitest";

import { toneOf, wordsOf } from "./useMoments";

test("a fact is told by its name and by what decides about it, the nearest words first", () => {
  expect(wordsOf({ kind: "shows.notice_posted", facts: { kind: "price_corrected", text: "99 元" } })).toEqual(["timeline.fact.shows_notice_posted_price_corrected", "timeline.fact.shows_notice_posted"]);
  expect(wordsOf({ kind: "shows.product_pinned", facts: { productId: null, title: "" } })[0]).toBe("timeline.fact.shows_product_pinned_none");
  expect(wordsOf({ kind: "shows.started", facts: {} })).toEqual(["timeline.fact.shows_started"]);
});

test("incidents stand out", () => {
  expect(toneOf("incidents.opened")).toBe("bad");
  expect(toneOf("shows.cue_started")).toBe("stage");
  expect(toneOf("something.else")).toBe("plain");
});
