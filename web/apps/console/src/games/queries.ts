/** The games of a show, kept and shared by key. */
import { useInfiniteQuery, useQuery } from "@tanstack/vue-query";
import { toValue, type MaybeRefOrGetter } from "vue";

import { queryClient } from "@console/queries";

import * as calls from "./calls";

const pages = {
  initialPageParam: undefined as string | undefined,
  getNextPageParam: (page: { next: string | null }) => page.next ?? undefined,
};
export const useGames = (show: string) => useQuery({ queryKey: ["games", show], queryFn: () => calls.listGames(show) });
export const useRuns = (show: string) => useInfiniteQuery({ queryKey: ["games", show, "runs"], queryFn: ({ pageParam }) => calls.listRuns(show, pageParam), ...pages, refetchInterval: 10_000 });
export const useWinners = (show: string) => useInfiniteQuery({ queryKey: ["games", show, "winners"], queryFn: ({ pageParam }) => calls.listWinners(show, pageParam), ...pages });
export const useCoupons = (enabled: MaybeRefOrGetter<boolean>) => useQuery({ queryKey: ["games", "coupons"], queryFn: calls.listCoupons, enabled: () => toValue(enabled) });
export const refreshGames = (): void => void queryClient.invalidateQueries({ queryKey: ["games"] });
