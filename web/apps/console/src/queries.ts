/** Server state, kept and shared by key; a page says what it needs and gets loading, data and error. */
import { isProblem, type OrderStatus } from "@xinbo/api";
import { MutationCache, QueryCache, QueryClient, useInfiniteQuery, useQuery } from "@tanstack/vue-query";
import { computed, toValue, type MaybeRefOrGetter } from "vue";

import * as calls from "./calls";
import type { Can, Finding, ProductStatus, PromotionKind, PromotionState, RefundStatus, StaffMe } from "./types";

/** The session is over, as when the role was changed elsewhere: who is signed in is asked again. */
function seen(error: unknown): void {
  if (isProblem(error) && error.status === 401) queryClient.setQueryData(["me"], null);
}

export const queryClient: QueryClient = new QueryClient({
  queryCache: new QueryCache({ onError: seen }),
  mutationCache: new MutationCache({ onError: seen }),
  defaultOptions: {
    queries: {
      staleTime: 10_000,
      // A refusal will be refused again; only what may pass by itself is tried again, twice.
      retry: (count, error) => isProblem(error) && error.passing && count < 2,
      networkMode: "always",
    },
    mutations: { networkMode: "always" },
  },
});

/** Who is signed in; `null` for nobody, which is no error. */
export const meQuery = {
  queryKey: ["me"],
  staleTime: 60_000,
  queryFn: async (): Promise<StaffMe | null> => {
    try {
      const me = await calls.getMe();
      calls.actFor(me.merchantSlug);
      return me;
    } catch (error) {
      if (isProblem(error) && (error.status === 401 || error.status === 403)) return null;
      throw error;
    }
  },
};
export const useMe = () => useQuery(meQuery);

/** Whether the role of who is signed in includes something. */
export function useCan() {
  const me = useMe();
  return (permission: Can) => computed(() => me.data.value?.permissions.includes(permission) ?? false);
}

const id = (value: MaybeRefOrGetter<string>) => () => toValue(value);
const pages = {
  initialPageParam: undefined as string | undefined,
  getNextPageParam: (page: { next: string | null }) => page.next ?? undefined,
};

export const useShows = () => useInfiniteQuery({ queryKey: ["shows"], queryFn: ({ pageParam }) => calls.listShows(undefined, pageParam), ...pages, refetchInterval: 15_000 });
export const usePlan = (show: MaybeRefOrGetter<string>) => useQuery({ queryKey: ["plan", id(show)], queryFn: () => calls.getPlan(toValue(show)) });
export const useStage = (show: MaybeRefOrGetter<string>) => useQuery({ queryKey: ["stage", id(show)], queryFn: () => calls.getStage(toValue(show)) });
export const useBroadcast = (show: MaybeRefOrGetter<string>, enabled: MaybeRefOrGetter<boolean> = true) =>
  useQuery({ queryKey: ["broadcast", id(show)], queryFn: () => calls.getBroadcast(toValue(show)), enabled });
export const useChart = (show: MaybeRefOrGetter<string>, enabled: MaybeRefOrGetter<boolean>) =>
  useQuery({ queryKey: ["chart", id(show)], queryFn: () => calls.getChart(toValue(show)), refetchInterval: 10_000, enabled });
export const useProductNumbers = (show: MaybeRefOrGetter<string>, enabled: MaybeRefOrGetter<boolean>) =>
  useQuery({ queryKey: ["productNumbers", id(show)], queryFn: () => calls.getProductNumbers(toValue(show)), refetchInterval: 5000, enabled });
export const useNumbers = (show: MaybeRefOrGetter<string>, enabled: MaybeRefOrGetter<boolean>) =>
  useQuery({ queryKey: ["numbers", id(show)], queryFn: () => calls.getNumbers(toValue(show)), enabled });

export const useProducts = (query: MaybeRefOrGetter<string>, status: MaybeRefOrGetter<ProductStatus | undefined>) =>
  useInfiniteQuery({
    queryKey: ["products", () => toValue(query), () => toValue(status) ?? "all"],
    queryFn: ({ pageParam }) => calls.listProducts(toValue(query), toValue(status), pageParam),
    placeholderData: (before) => before,
    ...pages,
  });
export const useProduct = (product: MaybeRefOrGetter<string>, enabled: MaybeRefOrGetter<boolean> = true) =>
  useQuery({ queryKey: ["product", id(product)], queryFn: () => calls.getProduct(toValue(product)), enabled });
export const useStock = (skus: MaybeRefOrGetter<string[]>) =>
  useQuery({ queryKey: ["stock", () => toValue(skus).join()], queryFn: () => calls.listStock(toValue(skus).slice(0, 200)), enabled: () => toValue(skus).length > 0 });
export const useImports = () => useQuery({ queryKey: ["imports"], queryFn: calls.listImports });

export const useOrders = (status: MaybeRefOrGetter<OrderStatus | undefined>, show: MaybeRefOrGetter<string | undefined>) =>
  useInfiniteQuery({
    queryKey: ["orders", () => toValue(status) ?? "all", () => toValue(show) ?? "all"],
    queryFn: ({ pageParam }) => calls.listOrders(toValue(status), toValue(show), pageParam),
    ...pages,
    refetchInterval: 20_000,
  });
export const useStaff = () => useQuery({ queryKey: ["staff"], queryFn: calls.listStaff });

export const usePromotions = (status: MaybeRefOrGetter<PromotionState | undefined>, kind: MaybeRefOrGetter<PromotionKind | undefined>) =>
  useInfiniteQuery({
    queryKey: ["promotions", () => toValue(status) ?? "all", () => toValue(kind) ?? "all"],
    queryFn: ({ pageParam }) => calls.listPromotions({ status: toValue(status), kind: toValue(kind) }, pageParam),
    ...pages,
    refetchInterval: 15_000,
  });
export const usePromotion = (promotion: MaybeRefOrGetter<string>, enabled: MaybeRefOrGetter<boolean> = true) =>
  useQuery({ queryKey: ["promotion", id(promotion)], queryFn: () => calls.getPromotion(toValue(promotion)), enabled });
export const useCouponStats = (promotion: MaybeRefOrGetter<string>) =>
  useQuery({ queryKey: ["couponStats", id(promotion)], queryFn: () => calls.getCouponStats(toValue(promotion)), refetchInterval: 15_000 });
export const usePreparedDrops = (show: MaybeRefOrGetter<string>) =>
  useQuery({ queryKey: ["drops", id(show)], queryFn: () => calls.listPromotions({ status: "draft", kind: "coupon", show: toValue(show) }) });
export const useClub = () => useQuery({ queryKey: ["club"], queryFn: calls.getClub });

export const useTrialBalance = (fromAt: MaybeRefOrGetter<string | undefined>) =>
  useQuery({ queryKey: ["trial", () => toValue(fromAt) ?? "all"], queryFn: () => calls.getTrialBalance(toValue(fromAt)), placeholderData: (before) => before, refetchInterval: 30_000 });
export const useEntries = (which: MaybeRefOrGetter<calls.EntryChoice>) =>
  useInfiniteQuery({ queryKey: ["entries", () => toValue(which)], queryFn: ({ pageParam }) => calls.listEntries(toValue(which), pageParam), placeholderData: (before) => before, ...pages });
export const useRefunds = (status: MaybeRefOrGetter<RefundStatus | undefined>) =>
  useInfiniteQuery({ queryKey: ["refunds", () => toValue(status) ?? "all"], queryFn: ({ pageParam }) => calls.listRefunds(toValue(status), pageParam), ...pages, refetchInterval: 15_000 });
export const useReconciliations = () => useInfiniteQuery({ queryKey: ["reconciliations"], queryFn: ({ pageParam }) => calls.listReconciliations(pageParam), ...pages });
export const useReconciliation = (report: MaybeRefOrGetter<string>) => useQuery({ queryKey: ["reconciliation", id(report)], queryFn: () => calls.getReconciliation(toValue(report)) });
export const useReconciliationLines = (report: MaybeRefOrGetter<string>, finding: MaybeRefOrGetter<Finding | undefined>) =>
  useInfiniteQuery({
    queryKey: ["reconciliationLines", id(report), () => toValue(finding) ?? "all"],
    queryFn: ({ pageParam }) => calls.listReconciliationLines(toValue(report), toValue(finding), pageParam),
    ...pages,
  });

/** Something changed by our own doing: what depends on it is asked again. */
export function refresh(...keys: ("me" | "shows" | "plan" | "stage" | "broadcast" | "products" | "product" | "stock" | "imports" | "orders" | "staff" | "chart" | "productNumbers" | "promotions" | "promotion" | "couponStats" | "drops" | "club" | "refunds" | "reconciliations" | "categories" | "warehouses" | "levels" | "alerts" | "movements")[]): void {
  for (const key of keys) void queryClient.invalidateQueries({ queryKey: [key] });
}
