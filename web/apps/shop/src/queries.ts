/** Server state, kept and shared by key; a page says what it needs and gets loading, data and error. */
import { isProblem, type Me, type OrderStatus } from "@xinbo/api";
import { QueryClient, useInfiniteQuery, useQuery } from "@tanstack/vue-query";
import { toValue, type MaybeRefOrGetter } from "vue";

import * as calls from "./calls";

export const queryClient = new QueryClient({
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

const id = (value: MaybeRefOrGetter<string>) => () => toValue(value);

export const useMerchant = () => useQuery({ queryKey: ["merchant"], queryFn: calls.getMerchant, staleTime: 300_000 });

/** Who is signed in; `null` for a guest, which is no error. */
export const useMe = () =>
  useQuery({
    queryKey: ["me"],
    staleTime: 60_000,
    queryFn: async (): Promise<Me | null> => {
      try {
        return await calls.getMe();
      } catch (error) {
        if (isProblem(error) && error.status === 401) return null;
        throw error;
      }
    },
  });

export const useShows = () =>
  useInfiniteQuery({
    queryKey: ["shows"],
    queryFn: ({ pageParam }) => calls.listShows(undefined, pageParam),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next ?? undefined,
    refetchInterval: 20_000,
  });
export const useShow = (show: MaybeRefOrGetter<string>) =>
  useQuery({ queryKey: ["show", id(show)], queryFn: () => calls.getShow(toValue(show)) });
export const useStage = (show: MaybeRefOrGetter<string>) =>
  useQuery({ queryKey: ["stage", id(show)], queryFn: () => calls.getStage(toValue(show)) });
export const useReplay = (show: MaybeRefOrGetter<string>) =>
  useQuery({ queryKey: ["replay", id(show)], queryFn: () => calls.getReplay(toValue(show)), staleTime: 300_000 });

export const useProducts = () =>
  useInfiniteQuery({
    queryKey: ["products"],
    queryFn: ({ pageParam }) => calls.listProducts(pageParam),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next ?? undefined,
  });
export const useProduct = (product: MaybeRefOrGetter<string>) =>
  useQuery({ queryKey: ["product", id(product)], queryFn: () => calls.getProduct(toValue(product)) });
export const useStock = (skus: MaybeRefOrGetter<string[]>) =>
  useQuery({
    queryKey: ["stock", () => toValue(skus)],
    queryFn: () => calls.listStock(toValue(skus)),
    enabled: () => toValue(skus).length > 0,
    staleTime: 3000,
  });

export const useCart = (enabled: MaybeRefOrGetter<boolean> = true) => useQuery({ queryKey: ["cart"], queryFn: calls.getCart, enabled });
export const useAddresses = (enabled: MaybeRefOrGetter<boolean> = true) =>
  useQuery({ queryKey: ["addresses"], queryFn: calls.listAddresses, enabled });

export const useOrders = (status: MaybeRefOrGetter<OrderStatus | undefined>) =>
  useInfiniteQuery({
    queryKey: ["orders", () => toValue(status) ?? "all"],
    queryFn: ({ pageParam }) => calls.listOrders(toValue(status), pageParam),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next ?? undefined,
  });
export const useOrder = (order: MaybeRefOrGetter<string>) =>
  useQuery({ queryKey: ["order", id(order)], queryFn: () => calls.getOrder(toValue(order)) });

/** Something about the shopper changed by our own doing: what depends on it is asked again. */
export function refresh(...keys: ("me" | "cart" | "addresses" | "orders" | "order" | "stage" | "stock" | "show")[]): void {
  for (const key of keys) void queryClient.invalidateQueries({ queryKey: [key] });
}
