/** Server state of sending, freight, invoices and groups. */
import { useInfiniteQuery, useQuery } from "@tanstack/vue-query";
import { computed, toValue, type MaybeRefOrGetter } from "vue";

import { queryClient } from "@console/queries";

import * as calls from "./calls";

const pages = {
  initialPageParam: undefined as string | undefined,
  getNextPageParam: (page: { next: string | null }) => page.next ?? undefined,
};

export const useCarriers = () => useQuery({ queryKey: ["carriers"], queryFn: calls.listCarriers, staleTime: 3_600_000 });
export const useWarehouses = () => useQuery({ queryKey: ["warehouses"], queryFn: calls.listWarehouses, staleTime: 60_000 });
export const useShipments = (status: MaybeRefOrGetter<calls.TrackKind | undefined>, number: MaybeRefOrGetter<string>) =>
  useInfiniteQuery({
    queryKey: ["shipments", () => toValue(status) ?? "all", () => toValue(number)],
    queryFn: ({ pageParam }) => calls.listShipments({ status: toValue(status), number: toValue(number) }, pageParam),
    placeholderData: (before) => before,
    ...pages,
    refetchInterval: 20_000,
  });
export const useOrderShipments = (order: MaybeRefOrGetter<string>, enabled: MaybeRefOrGetter<boolean> = true) =>
  useQuery({ queryKey: ["shipments", "of", () => toValue(order)], queryFn: () => calls.listShipments({ order: toValue(order) }), enabled });
export const useShipment = (id: MaybeRefOrGetter<string>) =>
  useQuery({ queryKey: ["shipment", () => toValue(id)], queryFn: () => calls.getShipment(toValue(id)), refetchInterval: 3000 });
export const useOverdue = () => useInfiniteQuery({ queryKey: ["overdue"], queryFn: ({ pageParam }) => calls.listOverdue(pageParam), ...pages, refetchInterval: 60_000 });
export const useTemplates = () => useQuery({ queryKey: ["freight"], queryFn: calls.listTemplates });
export const useInvoices = (state: MaybeRefOrGetter<calls.InvoiceState | undefined>) =>
  useInfiniteQuery({ queryKey: ["invoices", () => toValue(state) ?? "all"], queryFn: ({ pageParam }) => calls.listInvoices(toValue(state), pageParam), ...pages, refetchInterval: 30_000 });
export const useGroups = (state: MaybeRefOrGetter<calls.GroupState | undefined>) =>
  useInfiniteQuery({ queryKey: ["groups", () => toValue(state) ?? "all"], queryFn: ({ pageParam }) => calls.listGroups(toValue(state), pageParam), ...pages, refetchInterval: 15_000 });

/** Names of carriers in the reader's language. */
export function useCarrierNames(locale: MaybeRefOrGetter<string>) {
  const carriers = useCarriers();
  return computed(() => Object.fromEntries((carriers.data.value ?? []).map(({ code, name, english }) => [code, toValue(locale) === "en" ? english : name])));
}

/** Something was sent or corrected: what depends on it is asked again. */
export function sentSomething(): void {
  for (const key of ["shipments", "shipment", "orders", "order", "overdue", "stock"]) void queryClient.invalidateQueries({ queryKey: [key] });
}
export const again = (...keys: ("freight" | "invoices" | "groups")[]) => {
  for (const key of keys) void queryClient.invalidateQueries({ queryKey: [key] });
};
