/** What the after-sales desk and the arbiter ask of the server, and the state that their pages share. */
import { ask, idempotent, Problem, problemOf, type AfterSaleKind, type AfterSaleState, type Complaint } from "@xinbo/api";
import { setServerOffset } from "@xinbo/ui";
import { useInfiniteQuery, useQuery } from "@tanstack/vue-query";
import { toValue, type MaybeRefOrGetter } from "vue";

import { api } from "@console/calls";
import { queryClient } from "@console/queries";

const one = (id: string) => ({ params: { path: { case_id: id } } });
const complaint = (id: string) => ({ params: { path: { complaint_id: id } } });

export interface Wanted {
  state?: AfterSaleState | undefined;
  kind?: AfterSaleKind | undefined;
  query?: string | undefined;
  over?: boolean | undefined;
}
const filled = <T extends object>(query: T) => Object.fromEntries(Object.entries(query).filter(([, value]) => value !== undefined && value !== "" && value !== false)) as { [K in keyof T]?: Exclude<T[K], undefined> };

export const listCases = ({ state, ...rest }: Wanted, cursor?: string) =>
  ask(api.GET("/api/v1/console/aftersales", { params: { query: filled({ ...rest, case_state: state, cursor, limit: 30 }) } }));
export const countCases = () => ask(api.GET("/api/v1/console/aftersales/counts"));
export const getCase = (id: string) => ask(api.GET("/api/v1/console/aftersales/{case_id}", one(id)));
export const approve = (id: string, body: { words: string; returnTo: ReturnTo | null }, key: string) =>
  ask(api.POST("/api/v1/console/aftersales/{case_id}/approve", { ...one(id), body, headers: idempotent(key) }));
export const refuse = (id: string, body: { words: string; pictureIds: string[] }, key: string) =>
  ask(api.POST("/api/v1/console/aftersales/{case_id}/refuse", { ...one(id), body, headers: idempotent(key) }));
export const propose = (id: string, body: { kind: AfterSaleKind; amount: number | null; words: string }, key: string) =>
  ask(api.POST("/api/v1/console/aftersales/{case_id}/propose", { ...one(id), body, headers: idempotent(key) }));
export const receive = (id: string, body: { restock: boolean; words: string }, key: string) =>
  ask(api.POST("/api/v1/console/aftersales/{case_id}/receive", { ...one(id), body, headers: idempotent(key) }));
export const rejectGoods = (id: string, body: { words: string; pictureIds: string[] }, key: string) =>
  ask(api.POST("/api/v1/console/aftersales/{case_id}/reject-goods", { ...one(id), body, headers: idempotent(key) }));
export const sendReplacement = (id: string, body: { carrier: string; number: string }, key: string) =>
  ask(api.POST("/api/v1/console/aftersales/{case_id}/send-replacement", { ...one(id), body, headers: idempotent(key) }));
export const extend = (id: string, words: string, key: string) => ask(api.POST("/api/v1/console/aftersales/{case_id}/extend", { ...one(id), body: { words }, headers: idempotent(key) }));

export interface ReturnTo {
  name: string;
  phone: string;
  address: string;
}
export const getReturnAddress = () => ask(api.GET("/api/v1/console/aftersales/return-address"));
export const putReturnAddress = (body: ReturnTo) => ask(api.PUT("/api/v1/console/aftersales/return-address", { body }));

export const listComplaints = (state: Complaint["state"] | undefined, over: boolean, cursor?: string) =>
  ask(api.GET("/api/v1/console/complaints", { params: { query: filled({ complaint_state: state, over, cursor, limit: 30 }) } }));
export const getComplaint = (id: string) => ask(api.GET("/api/v1/console/complaints/{complaint_id}", complaint(id)));
export const listMessages = (id: string, cursor?: string) =>
  ask(api.GET("/api/v1/console/complaints/{complaint_id}/messages", { params: { path: { complaint_id: id }, query: cursor ? { cursor } : {} } }));
export const say = (id: string, body: { words: string; pictureIds: string[] }, key: string) =>
  ask(api.POST("/api/v1/console/complaints/{complaint_id}/messages", { ...complaint(id), body, headers: idempotent(key) }));
export const admit = (id: string, key: string) => ask(api.POST("/api/v1/console/complaints/{complaint_id}/admit", { ...complaint(id), headers: idempotent(key) }));
export const askDecision = (id: string, key: string) => ask(api.POST("/api/v1/console/complaints/{complaint_id}/ask-decision", { ...complaint(id), headers: idempotent(key) }));
export const decide = (id: string, body: { verdict: "refund" | "return_refund" | "reject"; words: string; amount: number | null }, key: string) =>
  ask(api.POST("/api/v1/console/complaints/{complaint_id}/decide", { ...complaint(id), body, headers: idempotent(key) }));

/** Send one picture; both sides of its case may see it, nobody else. */
export async function sendPicture(file: File): Promise<{ id: string }> {
  const body = new FormData();
  body.append("data", file);
  const answer = await fetch("/api/v1/console/aftersales/evidence", { method: "POST", body, headers: { "X-Requested-With": "xinbo" }, credentials: "same-origin" }).catch(() => {
    throw new Problem("Offline", 0);
  });
  const said: unknown = await answer.json().catch(() => null);
  if (!answer.ok) throw problemOf(answer.status, said);
  return said as { id: string };
}
export const pictureUrl = (id: string) => `/api/v1/console/aftersales/evidence/${id}`;

const LIVE = 10_000;
const pages = { initialPageParam: undefined as string | undefined, getNextPageParam: (page: { next: string | null }) => page.next ?? undefined };

export const useCases = (wanted: MaybeRefOrGetter<Wanted>) =>
  useInfiniteQuery({ queryKey: ["aftersales", "desk", () => toValue(wanted)], queryFn: ({ pageParam }) => listCases(toValue(wanted), pageParam), ...pages, refetchInterval: LIVE, placeholderData: (before) => before });
export const useCounts = () => useQuery({ queryKey: ["aftersales", "counts"], queryFn: countCases, refetchInterval: LIVE });
export const useCase = (id: MaybeRefOrGetter<string>) =>
  useQuery({
    queryKey: ["aftersales", "case", () => toValue(id)],
    queryFn: async () => {
      const found = await getCase(toValue(id));
      setServerOffset(new Date(found.now).getTime() - Date.now());
      return found;
    },
    refetchInterval: LIVE,
  });
export const useReturnAddress = () => useQuery({ queryKey: ["aftersales", "address"], queryFn: getReturnAddress });
export const useComplaints = (state: MaybeRefOrGetter<Complaint["state"] | undefined>, over: MaybeRefOrGetter<boolean>) =>
  useInfiniteQuery({
    queryKey: ["complaints", "desk", () => toValue(state) ?? "all", () => toValue(over)],
    queryFn: ({ pageParam }) => listComplaints(toValue(state), toValue(over), pageParam),
    ...pages,
    refetchInterval: LIVE,
    placeholderData: (before) => before,
  });
export const useComplaint = (id: MaybeRefOrGetter<string>) =>
  useQuery({
    queryKey: ["complaints", "one", () => toValue(id)],
    queryFn: async () => {
      const found = await getComplaint(toValue(id));
      setServerOffset(new Date(found.now).getTime() - Date.now());
      return found;
    },
    refetchInterval: LIVE,
  });
export const useMessages = (id: MaybeRefOrGetter<string>) =>
  useInfiniteQuery({ queryKey: ["complaints", "messages", () => toValue(id)], queryFn: ({ pageParam }) => listMessages(toValue(id), pageParam), ...pages, refetchInterval: LIVE });

/** A case or complaint moved: what shows it, and its order, is asked again. */
export function moved(): void {
  for (const key of ["aftersales", "complaints", "order", "orders"]) void queryClient.invalidateQueries({ queryKey: [key] });
}
