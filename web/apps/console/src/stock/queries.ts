/** Categories, warehouses and stock, as the console keeps them. */
import { useInfiniteQuery, useQuery } from "@tanstack/vue-query";
import { toValue, type MaybeRefOrGetter } from "vue";

import * as calls from "./calls";

const pages = { initialPageParam: undefined as string | undefined, getNextPageParam: (page: { next: string | null }) => page.next ?? undefined };

export const useCategories = () => useQuery({ queryKey: ["categories"], queryFn: calls.listCategories });
export const useWarehouses = () => useQuery({ queryKey: ["warehouses"], queryFn: calls.listWarehouses });
export const useLevels = (query: MaybeRefOrGetter<string>) =>
  useInfiniteQuery({ queryKey: ["levels", () => toValue(query)], queryFn: ({ pageParam }) => calls.listLevels(toValue(query), pageParam), placeholderData: (before) => before, ...pages });
export const useAlerts = () => useInfiniteQuery({ queryKey: ["alerts"], queryFn: ({ pageParam }) => calls.listAlerts(pageParam), refetchInterval: 20_000, ...pages });
export const useMovements = (sku: MaybeRefOrGetter<string | undefined>, why: MaybeRefOrGetter<calls.MoveReason | undefined>) =>
  useInfiniteQuery({
    queryKey: ["movements", () => toValue(sku) ?? "all", () => toValue(why) ?? "all"],
    queryFn: ({ pageParam }) => calls.listMovements(toValue(sku), toValue(why), pageParam),
    ...pages,
  });
