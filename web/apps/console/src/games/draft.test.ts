import { describe, expect, it } from "vitest";

import { draftOf, kinds, newDraft, newPrize, putOf, type GameDraft } from "./draft";

const whole = (kind: GameDraft["kind"]): GameDraft => ({
  ...newDraft(kind, "开场"),
  prizes: kind === "poll" ? [] : [{ ...newPrize(), name: "精华", value: "199" }],
  questions: [{ text: "产地?", options: ["云南", "杭州"], right: 1 }],
  price: "99.50",
  points: "200",
});

describe("a game as it is written", () => {
  it.each(kinds)("a %s that is whole can be sent, and reads back as it was", (kind) => {
    const put = putOf(whole(kind), 3);
    expect(put).toMatchObject({ title: "开场", seconds: 180, version: 3, play: { kind } });
    const back = draftOf({ id: "g", showId: "s", title: put!.title, kind, seconds: put!.seconds, play: put!.play, version: 3, plays: 0, runningId: null } as Parameters<typeof draftOf>[0]);
    expect(putOf(back, 3)).toEqual(put);
  });
  it("holds the cap on what one prize may be worth", () => {
    const draft = whole("lottery");
    draft.prizes[0]!.value = "50000";
    expect(putOf(draft, null)).not.toBeNull();
    draft.prizes[0]!.value = "50000.01";
    expect(putOf(draft, null)).toBeNull();
  });
  it("wants at least a point in every packet", () => {
    expect(putOf({ ...whole("rain"), packets: "100", points: "99" }, null)).toBeNull();
  });
  it("wants two different options, a prize for a quiz and some time", () => {
    expect(putOf({ ...whole("poll"), questions: [{ text: "?", options: ["甲", "甲"], right: 0 }] }, null)).toBeNull();
    expect(putOf({ ...whole("quiz"), prizes: [] }, null)).toBeNull();
    expect(putOf({ ...whole("lottery"), minutes: "0" }, null)).toBeNull();
    expect(putOf({ ...whole("lottery"), minutes: "abc" }, null)).toBeNull();
  });
});
