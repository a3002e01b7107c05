import { Problem } from "@xinbo/api";
import { expect, test, vi } from "vitest";

import type { ShowPlan } from "@console/types";

import { useDraft, type PlanCalls } from "./useDraft";

const plan = (over: Partial<ShowPlan> = {}): ShowPlan => ({
  show: { id: "s", title: "Autumn", summary: "", coverUrl: null, hostName: "Mu", hostAvatarUrl: null, status: "draft", startsAt: null, liveAt: null, endedAt: null, plannedMinutes: 60, simulated: false },
  version: 4,
  lineUp: [{ productId: "p", position: 0, talkingPoints: "soft", role: null, skus: [{ skuId: "k", price: 9900, stock: 20 }] }],
  cues: [],
  targets: { gmv: 500_000 },
  ...over,
});
const later = (version: number, over: Partial<ShowPlan> = {}) => Promise.resolve(plan({ version, ...over }));

function editing(server: Partial<Record<keyof PlanCalls, unknown>> = {}) {
  const all = { getPlan: vi.fn(() => later(9)), putShow: vi.fn(() => later(5)), putLineUp: vi.fn(() => later(6)), ...server };
  return { server: all, edit: useDraft(plan(), () => new Map([["k", 12_900]]), all as unknown as PlanCalls) };
}

test("only what changed is saved, each part at the version that the one before left", async () => {
  const { server, edit } = editing();
  edit.draft.value.particulars.title = "Winter";
  edit.draft.value.lineUp[0]!.role = "hero";
  expect(edit.state.value).toBe("dirty");
  expect(await edit.save()).toBe(true);
  expect(server.putShow).toHaveBeenCalledWith("s", expect.objectContaining({ title: "Winter", version: 4 }));
  expect(server.putLineUp).toHaveBeenCalledWith("s", [expect.objectContaining({ role: "hero" })], 5);
  expect(edit.state.value).toBe("clean");
});

test("targets go out in fen and whole numbers, empty ones as none", async () => {
  const { server, edit } = editing();
  expect(edit.draft.value.particulars.targets.gmv).toBe("5000");
  Object.assign(edit.draft.value.particulars.targets, { gmv: "", orders: "300" });
  await edit.save();
  expect(server.putShow).toHaveBeenCalledWith("s", expect.objectContaining({ targets: expect.objectContaining({ gmv: null, orders: 300 }) }));
  edit.draft.value.particulars.targets.viewers = "many";
  expect(edit.faults.value).toEqual([{ part: "particulars", at: 0, field: "targets.viewers", why: "target" }]);
});

test("an empty show stock means the general stock, and prices go out in fen", async () => {
  const { server, edit } = editing();
  Object.assign(edit.draft.value.lineUp[0]!.skus[0]!, { price: "99.50", stock: "" });
  await edit.save();
  expect(server.putLineUp).toHaveBeenCalledWith("s", [{ productId: "p", talkingPoints: "soft", role: null, skus: [{ skuId: "k", price: 9950, stock: null }] }], 4);
});

test("a price above the list price and a nameless show are not even sent", async () => {
  const { server, edit } = editing();
  edit.draft.value.lineUp[0]!.skus[0]!.price = "200";
  edit.draft.value.particulars.title = " ";
  expect(edit.faults.value.map(({ why }) => why)).toEqual(["titleMissing", "priceAboveList"]);
  expect(await edit.save()).toBe(false);
  expect(server.putLineUp).not.toHaveBeenCalled();
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
  const { edit } = editing({ putShow: refused, getPlan: () => later(9, { lineUp: [] }) });
  edit.draft.value.particulars.title = "Winter";
  await edit.save();
  expect(edit.clash.value).toEqual([]);
  expect(edit.taken.value).toEqual(["lineUp"]);
  expect(edit.draft.value.lineUp).toEqual([]);
  expect(edit.state.value).toBe("dirty");
});
