/** Show service: what agents ask of the server, and the queries over it. */
import { ask, newKey, problemOf, Problem, type components, type Talk, type TalkKind } from "@xinbo/api";
import { setServerOffset } from "@xinbo/ui";
import { useInfiniteQuery, useQuery } from "@tanstack/vue-query";
import { computed, toValue, type MaybeRefOrGetter } from "vue";

import { api } from "@console/calls";
import { queryClient } from "@console/queries";

type Schemas = components["schemas"];
export type Beside = Schemas["Beside"];
export type QueueState = Schemas["QueueState"];
export type Phrase = Schemas["Phrase"];
export type Colleague = Schemas["Colleague"];
export type Lane = Schemas["DeskLane"];
export type Ending = Schemas["ConversationOutcome"];

const talk = (id: string) => ({ params: { path: { conversation_id: id } } });
const ROOT = "/api/v1/console/conversations";

export const listTalks = (lane: Lane, kind: TalkKind | undefined, show: string | undefined, cursor?: string) =>
  ask(api.GET("/api/v1/console/conversations", { params: { query: { lane, limit: 30, ...(kind && { kind }), ...(show && { show }), ...(cursor && { cursor }) } } }));
export const getQueue = (show: string | undefined) => ask(api.GET("/api/v1/console/conversations/queue", { params: { query: show ? { show } : {} } }));
export const getTalk = (id: string) => ask(api.GET("/api/v1/console/conversations/{conversation_id}", talk(id)));
export const listSaid = (id: string, limit: number) =>
  ask(api.GET("/api/v1/console/conversations/{conversation_id}/messages", { params: { path: { conversation_id: id }, query: { limit } } }));
export const getBeside = (id: string, order: string | undefined, product: string | undefined) =>
  ask(api.GET("/api/v1/console/conversations/{conversation_id}/beside", { params: { path: { conversation_id: id }, query: { ...(order && { chosen_order: order }), ...(product && { chosen_product: product }) } } }));

export interface Answer {
  id: string;
  text: string;
  pictureIds: string[];
  internal: boolean;
}
export const answer = (id: string, body: Answer) => ask(api.POST("/api/v1/console/conversations/{conversation_id}/messages", { ...talk(id), body }));
export const takeTalk = (id: string) => ask(api.POST("/api/v1/console/conversations/{conversation_id}/take", talk(id)));
export const transferTalk = (id: string, to: string | null, words: string) => ask(api.POST("/api/v1/console/conversations/{conversation_id}/transfer", { ...talk(id), body: { to, words } }));
export const closeTalk = (id: string, result: Ending) => ask(api.POST("/api/v1/console/conversations/{conversation_id}/close", { ...talk(id), body: { result } }));
export const seeTalk = (id: string) => ask(api.POST("/api/v1/console/conversations/{conversation_id}/seen", talk(id)));
export const handOver = (id: string, orderId: string, position: number) =>
  ask(api.POST("/api/v1/console/conversations/{conversation_id}/hand-over", { ...talk(id), body: { id: newKey(), orderId, position } }));
export const setDuty = (show: string, on: boolean) => ask(api.PUT("/api/v1/console/shows/{show_id}/service/duty", { params: { path: { show_id: show } }, body: { on } }));
export const listPhrases = () => ask(api.GET("/api/v1/console/conversations/phrases"));
export const putPhrases = (phrases: { title: string; text: string }[]) => ask(api.PUT("/api/v1/console/conversations/phrases", { body: { phrases } }));
export const listColleagues = () => ask(api.GET("/api/v1/console/colleagues"));

/** Send one picture, to be shown to the shopper. */
export async function sendPicture(file: File): Promise<{ id: string }> {
  const body = new FormData();
  body.append("data", file);
  const got = await fetch(`${ROOT}/pictures`, { method: "POST", body, headers: { "X-Requested-With": "xinbo" }, credentials: "same-origin" }).catch(() => {
    throw new Problem("Offline", 0);
  });
  const said: unknown = await got.json().catch(() => null);
  if (!got.ok) throw problemOf(got.status, said);
  return said as { id: string };
}
export const pictureUrl = (id: string) => `${ROOT}/pictures/${id}`;

/** How often is asked where no socket tells; where one does, now and then all the same. */
export const EVERY = { alone: 4000, told: 20_000 };

export const useQueueState = (show: MaybeRefOrGetter<string | undefined>, every: number, enabled: MaybeRefOrGetter<boolean> = true) =>
  useQuery({
    enabled: () => toValue(enabled),
    queryKey: ["service", "queue", () => toValue(show) ?? "all"],
    queryFn: async () => {
      const state = await getQueue(toValue(show));
      setServerOffset(Date.parse(state.now) - Date.now());
      return state;
    },
    refetchInterval: every,
  });
export function useTalks(lane: MaybeRefOrGetter<Lane>, kind: MaybeRefOrGetter<TalkKind | undefined>, show: MaybeRefOrGetter<string | undefined>, every: number) {
  const found = useInfiniteQuery({
    queryKey: ["service", "list", () => toValue(lane), () => toValue(kind) ?? "all", () => toValue(show) ?? "all"],
    queryFn: ({ pageParam }) => listTalks(toValue(lane), toValue(kind), toValue(show), pageParam),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next ?? undefined,
    placeholderData: (before) => before,
    refetchInterval: every,
  });
  return { ...found, talks: computed<readonly Talk[]>(() => found.data.value?.pages.flatMap(({ items }) => items) ?? []) };
}
export const useTalk = (id: MaybeRefOrGetter<string>, every: number) => useQuery({ queryKey: ["service", "talk", () => toValue(id)], queryFn: () => getTalk(toValue(id)), refetchInterval: every });
export const useSaid = (id: MaybeRefOrGetter<string>, limit: MaybeRefOrGetter<number>, every: number) =>
  useQuery({ queryKey: ["service", "said", () => toValue(id), () => toValue(limit)], queryFn: () => listSaid(toValue(id), toValue(limit)), placeholderData: (before) => before, refetchInterval: every });
export const useBeside = (id: MaybeRefOrGetter<string>, order: MaybeRefOrGetter<string | undefined>, stamp: MaybeRefOrGetter<string>) =>
  useQuery({ queryKey: ["service", "beside", () => toValue(id), () => toValue(order) ?? "", () => toValue(stamp)], queryFn: () => getBeside(toValue(id), toValue(order), undefined), placeholderData: (before) => before });
export const usePhrases = () => useQuery({ queryKey: ["phrases"], queryFn: listPhrases, staleTime: 300_000 });
export const useColleagues = () => useQuery({ queryKey: ["colleagues"], queryFn: listColleagues, staleTime: 60_000 });

/** Something was said or done: what shows it is asked again. */
export const moved = () => void queryClient.invalidateQueries({ queryKey: ["service"] });
