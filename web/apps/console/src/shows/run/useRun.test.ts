import { Problem } from "@xinbo/api";
import { expect, test, vi } from "vitest";
import { effectScope } from "vue";

import type { Cue, ShowPlan } from "@console/types";

import { moveTo, without } from "./timeline";
import { useRun, type RunCalls } from "./useRun";

const cue = (id: string, beginsMinute: number): Cue => ({ id, position: 0, kind: "product", title: id, minutes: 5, productId: null, notes: "", startsMinute: beginsMinute, beginsMinute, format: "solo", productIds: [], promotionId: null, gameId: null, talkingPoints: "", claims: [], forbidden: [], owner: "", targetUnits: null, begunAt: null });
const plan = (version: number, cues: Cue[]): ShowPlan => ({
  show: { id: "s", title: "Autumn", summary: "", coverUrl: null, hostName: "Mu", hostAvatarUrl: null, status: "draft", startsAt: null, liveAt: null, endedAt: null, plannedMinutes: 60, simulated: false },
  version,
  lineUp: [],
  cues,
  targets: {},
});
const both = [cue("a", 0), cue("b", 5)];

function editing(server: Partial<Record<keyof RunCalls, unknown>> = {}) {
  const all = { getPlan: vi.fn(), putCues: vi.fn((_: string, put: { id: string; startsMinute: number }[], version: number) => Promise.resolve(plan(version + 1, put.map(({ id, startsMinute }) => cue(id, startsMinute))))), ...server };
  const run = effectScope().run(() => useRun(plan(4, both), all as unknown as RunCalls, 0))!;
  return { server: all, run };
}
const conflict = () => Promise.reject(new Problem("VersionConflict", 409, { version: 9 }));

test("a change is saved by itself, with the ids of the cues", async () => {
  const { server, run } = editing();
  run.change(moveTo(run.cues.value, "a", 20));
  expect(run.state.value).toBe("dirty");
  await vi.waitFor(() => expect(run.state.value).toBe("clean"));
  expect(server.putCues).toHaveBeenCalledWith("s", [expect.objectContaining({ id: "b", startsMinute: 5 }), expect.objectContaining({ id: "a", startsMinute: 20 })], 4);
});

test("undo after saving is a change like any other and is saved too", async () => {
  const { server, run } = editing();
  run.change(without(run.cues.value, "a"));
  await run.save();
  run.goBack();
  await run.save();
  expect(server.putCues).toHaveBeenLastCalledWith("s", [expect.objectContaining({ id: "a" }), expect.objectContaining({ id: "b" })], 5);
  expect(run.canRedo.value).toBe(true);
});

test("when others changed something else, ours is sent again without a word", async () => {
  const putCues = vi.fn().mockImplementationOnce(conflict).mockImplementation(() => Promise.resolve(plan(10, [cue("b", 5), cue("a", 20)])));
  const { run } = editing({ putCues, getPlan: () => Promise.resolve(plan(9, both)) });
  run.change(moveTo(run.cues.value, "a", 20));
  expect(await run.save()).toBe(true);
  expect(putCues).toHaveBeenLastCalledWith("s", expect.anything(), 9);
});

test("when others changed the cues too, nobody's are lost and the reader decides", async () => {
  const { run, server } = editing({ putCues: vi.fn().mockImplementationOnce(conflict).mockImplementation(() => Promise.resolve(plan(10, [cue("b", 5), cue("a", 20)]))), getPlan: () => Promise.resolve(plan(9, [cue("a", 1), cue("b", 6)])) });
  run.change(moveTo(run.cues.value, "a", 20));
  expect(await run.save()).toBe(false);
  expect(run.state.value).toBe("conflict");
  run.settle(false);
  expect(run.cues.value.map(({ begin }) => begin)).toEqual([1, 6]);
  run.goBack();
  await run.save();
  expect(server.putCues).toHaveBeenLastCalledWith("s", expect.anything(), 9);
});

test("a cue without a name is not sent", async () => {
  const { run, server } = editing();
  run.change(run.cues.value.map((each) => ({ ...each, title: " " })));
  expect(run.state.value).toBe("faulty");
  expect(await run.save()).toBe(false);
  expect(server.putCues).not.toHaveBeenCalled();
});

test("what others saved comes in by itself, but never over what is not saved yet", () => {
  const { run } = editing();
  run.hear(plan(5, [cue("a", 0), cue("b", 9)]));
  expect(run.cues.value.map(({ begin }) => begin)).toEqual([0, 9]);
  run.change(moveTo(run.cues.value, "a", 20));
  run.hear(plan(6, []));
  expect(run.cues.value.length).toBe(2);
  run.hear(plan(2, []));
  expect(run.plan.value.version).toBe(5);
});
