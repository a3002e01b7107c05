import { Problem } from "@xinbo/api";
import { expect, test, vi } from "vitest";

import type { ShowPlan } from "@console/types";

import { totalMinutes } from "./draft";
import { useDraft, type PlanCalls } from "./useDraft";

const plan = (over: Partial<ShowPlan> = {}): ShowPlan => ({
  show: { id: "s", title: "Autumn", summary: "", coverUrl: null, hostName: "Mu", hostAvatarUrl: null, status: "draft", startsAt: null, liveAt: null, endedAt: null, plannedMinutes: 60, simulated: false },
  version: 4,
  lineUp: [{ productId: "p", position: 0, talkingPoints: "soft", skus: [{ skuId: "k", price: 9900, stock: 20 }] }],
  cues: [{ id: "c", position: 0, kind: "product", title: "Cream", minutes: 15, productId: "p", notes: "" }],
  ...over,
});
const later = (version: number, over: Partial<ShowPlan> = {}) => Promise.resolve(plan({ version, ...over }));

function editing(server: Partial<Record<keyof PlanCalls, unknown>> = {}) {
  const all = { getPlan: vi.fn(() => later(9)), putShow: vi.fn(() => later(5)), putLineUp: vi.fn(() => later(6)), putCues: vi.fn(() => later(7)), ...server };
  return { server: all, edit: useDraft(plan(), () => new Map([["k", 12_900]]), all as unknown as PlanCalls) };
}

test("only what changed is saved, each part at the version that the one before left", async () => {
  const { server, edit } = editing();
  edit.draft.value.particulars.title = "Winter";
  edit.draft.value.cues[0]!.minutes = "20";
  expect(edit.state.value).toBe("dirty");
  expect(await edit.save()).toBe(true);
  expect(server.putShow).toHaveBeenCalledWith("s", expect.objectContaining({ title: "Winter", version: 4 }));
  expect(server.putLineUp).not.toHaveBeenCalled();
  expect(server.putCues).toHaveBeenCalledWith("s", [expect.objectContaining({ minutes: 20, productId: "p" })], 5);
  expect(edit.state.value).toBe("clean");
});

test("an empty show stock means the general stock, and prices go out in fen", async () => {
  const { server, edit } = editing();
  Object.assign(edit.draft.value.lineUp[0]!.skus[0]!, { price: "99.50", stock: "" });
  await edit.save();
  expect(server.putLineUp).toHaveBeenCalledWith("s", [{ productId: "p", talkingPoints: "soft", skus: [{ skuId: "k", price: 9950, stock: null }] }], 4);
});

test("a price above the list price and a nameless cue are not even sent", async () => {
  const { server, edit } = editing();
  edit.draft.value.lineUp[0]!.skus[0]!.price = "200";
  edit.draft.value.cues[0]!.title = " ";
  expect(edit.faults.value.map(({ why }) => why)).toEqual(["priceAboveList", "titleMissing"]);
  expect(await edit.save()).toBe(false);
  expect(server.putLineUp).not.toHaveBeenCalled();
});

test("a cue whose product left the line-up is a fault of that cue", () => {
  const { edit } = editing();
  edit.draft.value.lineUp = [];
  expect(edit.faults.value).toEqual([{ part: "cues", at: 0, field: "productId", why: "notOnLineUp" }]);
});

const refused = () => Promise.reject(new Problem("VersionConflict", 409, { version: 9 }));

test("when someone else changed the same part, ours stays on the page and both choices work", async () => {
  const theirs = () => later(9, { show: { ...plan().show, title: "Spring" } });
  const { server, edit } = editing({ putShow: vi.fn().mockImplementationOnce(refused).mockImplementation(() => later(10)), getPlan: theirs });
  edit.draft.value.particulars.title = "Winter";
  expect(await edit.save()).toBe(false);
  expect(edit.state.value).toBe("conflict");
  expect(edit.clash.value).toEqual(["particulars"]);
  expect(edit.draft.value.particulars.title).toBe("Winter");
  edit.settle(true);
  await edit.save();
  expect(server.putShow).toHaveBeenLastCalledWith("s", expect.objectContaining({ title: "Winter", version: 9 }));
});

test("taking theirs puts theirs on the page", async () => {
  const { edit } = editing({ putShow: refused, getPlan: () => later(9, { show: { ...plan().show, title: "Spring" } }) });
  edit.draft.value.particulars.title = "Winter";
  await edit.save();
  edit.settle(false);
  expect(edit.draft.value.particulars.title).toBe("Spring");
  expect(edit.state.value).toBe("clean");
});

test("a change of another part is taken over and ours is kept to be saved again", async () => {
  const { edit } = editing({ putShow: refused, getPlan: () => later(9, { cues: [] }) });
  edit.draft.value.particulars.title = "Winter";
  await edit.save();
  expect(edit.clash.value).toEqual([]);
  expect(edit.taken.value).toEqual(["cues"]);
  expect(edit.draft.value.cues).toEqual([]);
  expect(edit.state.value).toBe("dirty");
});

test("the minutes of the cues add up, and what is no number counts as none", () => {
  const { edit } = editing();
  const cue = edit.draft.value.cues[0]!;
  expect(totalMinutes([cue, { ...cue, minutes: "x" }, { ...cue, minutes: "5" }])).toBe(20);
});
