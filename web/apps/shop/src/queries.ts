/** Server state, kept and shared by key; a page says what it needs and gets loading, data and error. */
import { isProblem, type CouponState, type Me, type OrderStatus, type Running } from "@xinbo/api";
import { QueryClient, useInfiniteQuery, useQuery } from "@tanstack/vue-query";
import { setServerOffset } from "@xinbo/ui";
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

export const useProducts = (wanted: MaybeRefOrGetter<calls.Wanted> = {}, enabled: MaybeRefOrGetter<boolean> = true) =>
  useInfiniteQuery({
    queryKey: ["products", () => toValue(wanted)],
    queryFn: ({ pageParam }) => calls.listProducts(toValue(wanted), pageParam),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next ?? undefined,
    enabled: () => toValue(enabled),
    placeholderData: (before) => before,
  });
export const useFacets = (wanted: MaybeRefOrGetter<calls.Wanted>, enabled: MaybeRefOrGetter<boolean>) =>
  useQuery({
    queryKey: ["facets", () => toValue(wanted)],
    queryFn: () => calls.countFacets(toValue(wanted)),
    enabled: () => toValue(enabled),
    placeholderData: (before) => before,
  });
export const useSuggestions = (q: MaybeRefOrGetter<string>) =>
  useQuery({
    queryKey: ["suggest", id(q)],
    queryFn: () => calls.suggest(toValue(q)),
    enabled: () => toValue(q) !== "",
    placeholderData: (before) => before,
  });
export const useCategories = () => useQuery({ queryKey: ["categories"], queryFn: calls.listCategories, staleTime: 300_000 });
export const useProduct = (product: MaybeRefOrGetter<string>) =>
  useQuery({ queryKey: ["product", id(product)], queryFn: () => calls.getProduct(toValue(product)) });
export const usePriceHistory = (sku: MaybeRefOrGetter<string>, venue: MaybeRefOrGetter<string | null>, wanted: MaybeRefOrGetter<boolean>) =>
  useQuery({
    queryKey: ["prices", id(sku), () => toValue(venue)],
    queryFn: () => calls.getPriceHistory(toValue(sku), toValue(venue)),
    enabled: () => toValue(wanted) && toValue(sku) !== "",
  });
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
  useQuery({
    queryKey: ["order", id(order)],
    queryFn: () => calls.getOrder(toValue(order)),
    // What it waits for happens elsewhere: a payment is counted a moment after it went through.
    refetchInterval: ({ state: { data } }) => (data && ["awaiting_payment", "awaiting_balance", "awaiting_group"].includes(data.status) ? 4000 : false),
  });
export const useOrderCounts = (enabled: MaybeRefOrGetter<boolean> = true) => useQuery({ queryKey: ["orders", "counts"], queryFn: calls.countOrders, enabled });
export const useTimeline = (order: MaybeRefOrGetter<string>, enabled: MaybeRefOrGetter<boolean> = true) =>
  useQuery({ queryKey: ["order", id(order), "timeline"], queryFn: () => calls.getTimeline(toValue(order)), enabled });
export const useParcels = (order: MaybeRefOrGetter<string>, enabled: MaybeRefOrGetter<boolean> = true) =>
  useQuery({ queryKey: ["order", id(order), "parcels"], queryFn: () => calls.listParcels(toValue(order)), enabled });
export const useInvoices = (order: MaybeRefOrGetter<string>, enabled: MaybeRefOrGetter<boolean> = true) =>
  useQuery({ queryKey: ["order", id(order), "invoices"], queryFn: () => calls.listInvoices(toValue(order)), enabled });

/** The coupons that can be claimed: of a show those that are for its room alone as well. */
export const useCouponOffers = (show?: MaybeRefOrGetter<string | undefined>, enabled: MaybeRefOrGetter<boolean> = true) =>
  useInfiniteQuery({
    queryKey: ["coupons", "offers", () => toValue(show) ?? "shop"],
    queryFn: ({ pageParam }) => calls.listCouponOffers(toValue(show), pageParam),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next ?? undefined,
    enabled,
  });
export const useMyCoupons = (state: MaybeRefOrGetter<CouponState>, enabled: MaybeRefOrGetter<boolean> = true) =>
  useInfiniteQuery({
    queryKey: ["coupons", "mine", () => toValue(state)],
    queryFn: ({ pageParam }) => calls.listMyCoupons(toValue(state), pageParam),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next ?? undefined,
    enabled,
  });

/** Take the server's time from an answer that tells it: countdowns do not trust the phone's clock. */
function timed<T>(answer: T, at: string | undefined): T {
  if (at) setServerOffset(new Date(at).getTime() - Date.now());
  return answer;
}

/** What variants cost here and now, and the special ways of buying them. */
export const useOffers = (skus: MaybeRefOrGetter<string[]>) =>
  useQuery({
    queryKey: ["offers", () => toValue(skus)],
    queryFn: async () => {
      const here = await calls.listOffers(toValue(skus).slice(0, 200));
      return timed(here, here.at);
    },
    enabled: () => toValue(skus).length > 0,
    staleTime: 3000,
  });
/** The promotions of a kind that are on now or begin within so many hours. */
export const useRunning = (kind: Running["kind"], hours = 0) =>
  useInfiniteQuery({
    queryKey: ["running", kind, hours],
    queryFn: async ({ pageParam }) => {
      const page = await calls.listRunning(kind, hours, pageParam);
      return timed(page, page.items[0]?.at);
    },
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next ?? undefined,
    refetchInterval: 20_000,
  });
/** The groups of these offers that wait for somebody, those that end soonest first. */
export const useJoinable = (offers: MaybeRefOrGetter<string[]>) =>
  useQuery({
    queryKey: ["groups", "joinable", () => toValue(offers)],
    queryFn: async () => {
      const groups = (await Promise.all(toValue(offers).map((offer) => calls.listJoinable(offer)))).flat();
      return timed(groups.sort((a, b) => (a.endsAt ?? "").localeCompare(b.endsAt ?? "")).slice(0, 10), groups[0]?.now);
    },
    enabled: () => toValue(offers).length > 0,
    refetchInterval: 10_000,
  });
/** A group; asked again while it is open, or while money is on its way back. */
export const useGroup = (group: MaybeRefOrGetter<string>) =>
  useQuery({
    queryKey: ["groups", "one", id(group)],
    queryFn: async () => {
      const now = await calls.getGroup(toValue(group));
      return timed(now, now.now);
    },
    refetchInterval: ({ state: { data } }) => (data && (data.state === "open" || data.members.some(({ state }) => state === "refunding")) ? 3000 : false),
  });
export const useMyGroups = (enabled: MaybeRefOrGetter<boolean> = true) =>
  useInfiniteQuery({
    queryKey: ["groups", "mine"],
    queryFn: async ({ pageParam }) => {
      const page = await calls.listMyGroups(pageParam);
      return timed(page, page.items[0]?.now);
    },
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next ?? undefined,
    enabled,
  });
export const useBargain = (bargain: MaybeRefOrGetter<string>) =>
  useQuery({
    queryKey: ["bargains", "one", id(bargain)],
    queryFn: async () => {
      const now = await calls.getBargain(toValue(bargain));
      return timed(now, now.at);
    },
    refetchInterval: ({ state: { data } }) => (data?.state === "open" ? 5000 : false),
  });
export const useMyBargains = (enabled: MaybeRefOrGetter<boolean> = true) =>
  useInfiniteQuery({
    queryKey: ["bargains", "mine"],
    queryFn: async ({ pageParam }) => {
      const page = await calls.listMyBargains(pageParam);
      return timed(page, page.items[0]?.at);
    },
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next ?? undefined,
    enabled,
  });
/** A play and where one stands in it. */
export const useGame = (run: MaybeRefOrGetter<string>, enabled: MaybeRefOrGetter<boolean> = true) =>
  useQuery({
    queryKey: ["game", id(run)],
    queryFn: async () => {
      const now = await calls.getGame(toValue(run));
      return timed(now, now.now);
    },
    enabled,
  });
export const useDraw = (run: MaybeRefOrGetter<string>) => useQuery({ queryKey: ["draw", id(run)], queryFn: () => calls.getDraw(toValue(run)) });
export const usePrizes = (enabled: MaybeRefOrGetter<boolean> = true) =>
  useInfiniteQuery({
    queryKey: ["prizes"],
    queryFn: ({ pageParam }) => calls.listPrizes(pageParam),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next ?? undefined,
    enabled,
  });
export const useFollowing = () => useQuery({ queryKey: ["following"], queryFn: calls.getFollowing, staleTime: 60_000 });

export const useClub = () => useQuery({ queryKey: ["club"], queryFn: calls.getClub, staleTime: 300_000 });
export const useMembership = (enabled: MaybeRefOrGetter<boolean> = true) => useQuery({ queryKey: ["membership"], queryFn: calls.getMembership, enabled });
export const usePoints = (enabled: MaybeRefOrGetter<boolean> = true) =>
  useInfiniteQuery({
    queryKey: ["membership", "points"],
    queryFn: ({ pageParam }) => calls.listPoints(pageParam),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next ?? undefined,
    enabled,
  });

/** Something about the shopper changed by our own doing: what depends on it is asked again. */
export function refresh(...keys: ("me" | "cart" | "addresses" | "orders" | "order" | "stage" | "stock" | "show" | "coupons" | "checkout" | "offers" | "groups" | "bargains" | "membership" | "running" | "game" | "prizes" | "following")[]): void {
  for (const key of keys) void queryClient.invalidateQueries({ queryKey: [key] });
}
