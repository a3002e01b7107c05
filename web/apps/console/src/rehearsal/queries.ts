/** Rehearsals of a show, kept by key. */
import { useInfiniteQuery, useQuery } from "@tanstack/vue-query";
import { computed, toValue, type MaybeRefOrGetter } from "vue";

import * as calls from "./calls";

const SOON = 2000;

/** A show's rehearsals, the last one first; looked at again while one runs. */
export const useRehearsals = (show: MaybeRefOrGetter<string>) =>
  useInfiniteQuery({
    queryKey: ["rehearsals", () => toValue(show)],
    queryFn: ({ pageParam }) => calls.listRehearsals(toValue(show), pageParam),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next ?? undefined,
    refetchInterval: ({ state }) => (state.data?.pages[0]?.items[0]?.state === "running" ? SOON : false),
  });

/** One rehearsal with all that happened in it; looked at again while it runs. */
export const useReport = (id: MaybeRefOrGetter<string | null>) =>
  useQuery({
    queryKey: ["rehearsal", () => toValue(id)],
    queryFn: () => calls.getRehearsal(toValue(id) ?? ""),
    enabled: () => toValue(id) !== null,
    refetchInterval: ({ state }) => (state.data?.rehearsal.state === "running" ? SOON : false),
  });

/** The rehearsal that the show is in, for the console. */
export function useRunning(show: string, on: MaybeRefOrGetter<boolean>) {
  const query = useQuery({
    queryKey: ["rehearsals", show, "last"],
    queryFn: () => calls.listRehearsals(show, undefined, 1),
    enabled: () => toValue(on),
    refetchInterval: SOON,
  });
  const running = computed(() => query.data.value?.items.find(({ state }) => state === "running") ?? null);
  return { query, running };
}
