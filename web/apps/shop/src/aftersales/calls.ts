/** What the after-sales pages ask of the server, and the state they share. */
import { ask, idempotent, Problem, problemOf, type AskCase, type OpenComplaint } from "@xinbo/api";
import { setServerOffset } from "@xinbo/ui";
import { useInfiniteQuery, useQuery } from "@tanstack/vue-query";
import { toValue, type MaybeRefOrGetter } from "vue";

import { api } from "@shop/calls";
import { merchant } from "@shop/place";
import { queryClient } from "@shop/queries";

const order = (id: string) => ({ params: { path: { order_id: id } } });
const one = (id: string) => ({ params: { path: { case_id: id } } });
const complaint = (id: string) => ({ params: { path: { complaint_id: id } } });

export const getOptions = (orderId: string) => ask(api.GET("/api/v1/orders/{order_id}/aftersales", order(orderId)));
export const quoteCase = (orderId: string, body: AskCase) => ask(api.POST("/api/v1/orders/{order_id}/aftersales/quote", { ...order(orderId), body }));
export const openCase = (orderId: string, body: AskCase, key: string) =>
  ask(api.POST("/api/v1/orders/{order_id}/aftersales", { ...order(orderId), body, headers: idempotent(key) }));
export const checkPrices = (orderId: string) => ask(api.GET("/api/v1/orders/{order_id}/price-protection", order(orderId)));
export const protectPrice = (orderId: string, key: string) => ask(api.POST("/api/v1/orders/{order_id}/price-protection", { ...order(orderId), headers: idempotent(key) }));

export const listCases = (orderId?: string, cursor?: string) =>
  ask(api.GET("/api/v1/aftersales", { params: { query: { ...(orderId && { order: orderId }), ...(cursor && { cursor }) } } }));
export const getCase = (id: string) => ask(api.GET("/api/v1/aftersales/{case_id}", one(id)));
export const acceptProposal = (id: string, key: string) => ask(api.POST("/api/v1/aftersales/{case_id}/accept", { ...one(id), headers: idempotent(key) }));
export const declineProposal = (id: string, words: string, key: string) =>
  ask(api.POST("/api/v1/aftersales/{case_id}/decline", { ...one(id), body: { words }, headers: idempotent(key) }));
export const askAgain = (id: string, body: { amount?: number; words: string; pictureIds: string[] }, key: string) =>
  ask(api.POST("/api/v1/aftersales/{case_id}/again", { ...one(id), body, headers: idempotent(key) }));
export const sendBack = (id: string, body: { carrier: string; number: string }, key: string) =>
  ask(api.POST("/api/v1/aftersales/{case_id}/send-back", { ...one(id), body, headers: idempotent(key) }));
export const confirmReplacement = (id: string, key: string) => ask(api.POST("/api/v1/aftersales/{case_id}/confirm", { ...one(id), headers: idempotent(key) }));
export const withdrawCase = (id: string, key: string) => ask(api.POST("/api/v1/aftersales/{case_id}/withdraw", { ...one(id), headers: idempotent(key) }));

export const listComplaints = (orderId: string) => ask(api.GET("/api/v1/complaints", { params: { query: { order: orderId } } }));
export const getComplaint = (id: string) => ask(api.GET("/api/v1/complaints/{complaint_id}", complaint(id)));
export const openComplaint = (orderId: string, body: OpenComplaint, key: string) =>
  ask(api.POST("/api/v1/orders/{order_id}/complaints", { ...order(orderId), body, headers: idempotent(key) }));
export const listMessages = (id: string, cursor?: string) =>
  ask(api.GET("/api/v1/complaints/{complaint_id}/messages", { params: { path: { complaint_id: id }, query: cursor ? { cursor } : {} } }));
export const say = (id: string, body: { words: string; pictureIds: string[] }, key: string) =>
  ask(api.POST("/api/v1/complaints/{complaint_id}/messages", { ...complaint(id), body, headers: idempotent(key) }));
export const askDecision = (id: string, key: string) => ask(api.POST("/api/v1/complaints/{complaint_id}/ask-decision", { ...complaint(id), headers: idempotent(key) }));
export const withdrawComplaint = (id: string, key: string) => ask(api.POST("/api/v1/complaints/{complaint_id}/withdraw", { ...complaint(id), headers: idempotent(key) }));

/** Send one picture; both sides of its case may see it, nobody else. */
export async function sendPicture(file: File): Promise<{ id: string }> {
  const body = new FormData();
  body.append("data", file);
  const headers = { "X-Requested-With": "xinbo", ...(merchant && { "X-Merchant": merchant }) };
  const answer = await fetch("/api/v1/aftersales/evidence", { method: "POST", body, headers, credentials: "same-origin" }).catch(() => {
    throw new Problem("Offline", 0);
  });
  const said: unknown = await answer.json().catch(() => null);
  if (!answer.ok) throw problemOf(answer.status, said);
  return said as { id: string };
}
export const pictureUrl = (id: string) => `/api/v1/aftersales/evidence/${id}${merchant ? `?merchant=${merchant}` : ""}`;

const id = (value: MaybeRefOrGetter<string>) => () => toValue(value);
const LIVE = 10_000;

export const useOptions = (orderId: MaybeRefOrGetter<string>) => useQuery({ queryKey: ["aftersales", "options", id(orderId)], queryFn: () => getOptions(toValue(orderId)), staleTime: 0 });
export const usePriceChecks = (orderId: MaybeRefOrGetter<string>) => useQuery({ queryKey: ["aftersales", "prices", id(orderId)], queryFn: () => checkPrices(toValue(orderId)), staleTime: 0 });
/** One case, asked again while it is open: the other side may act. */
export const useCase = (caseId: MaybeRefOrGetter<string>) =>
  useQuery({
    queryKey: ["aftersales", "case", id(caseId)],
    queryFn: async () => {
      const found = await getCase(toValue(caseId));
      setServerOffset(new Date(found.now).getTime() - Date.now());
      return found;
    },
    refetchInterval: (query) => (query.state.data?.case.closedAt ? false : LIVE),
  });
export const useCases = (orderId?: MaybeRefOrGetter<string | undefined>) =>
  useInfiniteQuery({
    queryKey: ["aftersales", "cases", () => toValue(orderId) ?? "all"],
    queryFn: ({ pageParam }) => listCases(toValue(orderId), pageParam),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next ?? undefined,
  });
export const useComplaints = (orderId: MaybeRefOrGetter<string>) => useQuery({ queryKey: ["complaints", "of", id(orderId)], queryFn: () => listComplaints(toValue(orderId)) });
export const useComplaint = (complaintId: MaybeRefOrGetter<string>) =>
  useQuery({
    queryKey: ["complaints", "one", id(complaintId)],
    queryFn: async () => {
      const found = await getComplaint(toValue(complaintId));
      setServerOffset(new Date(found.now).getTime() - Date.now());
      return found;
    },
    refetchInterval: (query) => (query.state.data?.closedAt ? false : LIVE),
  });
export const useMessages = (complaintId: MaybeRefOrGetter<string>) =>
  useInfiniteQuery({
    queryKey: ["complaints", "messages", id(complaintId)],
    queryFn: ({ pageParam }) => listMessages(toValue(complaintId), pageParam),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next ?? undefined,
    refetchInterval: LIVE,
  });

/** A case or complaint moved: what shows it, and its order, is asked again. */
export function moved(): void {
  for (const key of ["aftersales", "complaints", "order", "orders"]) void queryClient.invalidateQueries({ queryKey: [key] });
}
