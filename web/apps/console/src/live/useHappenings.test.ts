import type { StageView } from "@xinbo/api";
import { flushPromises, mount } from "@vue/test-utils";
import { VueQueryPlugin } from "@tanstack/vue-query";
import { expect, test, vi } from "vitest";
import { defineComponent, nextTick, ref } from "vue";

import { words } from "@console/words";

import { useHappenings } from "./useHappenings";

const server = vi.hoisted(() => ({ getChart: vi.fn() }));
vi.mock("@console/calls", () => server);

const stageOf = (status: string, at: string) => ({ seq: 1, at, pinnedProductId: null, cueId: null, show: { status, liveAt: status === "live" ? at : null } }) as unknown as StageView;

test("what is seen to happen is noted once, and what was before comes from the chart", async () => {
  await words.setLocale("en", false);
  server.getChart.mockResolvedValue({
    points: [],
    marks: [
      { at: "2026-11-11T11:50:00Z", kind: "video", label: "offline" },
      { at: "2026-11-11T12:00:03Z", kind: "video", label: "live" },
      { at: "2026-11-11T12:00:05Z", kind: "start", label: "" },
    ],
  });
  const stage = ref(stageOf("scheduled", "2026-11-11T12:00:00Z"));
  const video = ref("offline");
  let kinds: () => string[] = () => [];
  mount(
    defineComponent(() => {
      const { feed } = useHappenings("s", ref(new Map()), { stage, video, status: () => "open", maySee: true });
      kinds = () => feed.value.map(({ kind }) => kind).sort();
      return () => null;
    }),
    { global: { plugins: [words.i18n, VueQueryPlugin] } },
  );
  video.value = "live";
  await nextTick();
  stage.value = stageOf("live", "2026-11-11T12:00:05Z");
  await flushPromises();
  expect(server.getChart).toHaveBeenCalledTimes(1);
  expect(kinds()).toEqual(["show", "video", "video"]);
});
