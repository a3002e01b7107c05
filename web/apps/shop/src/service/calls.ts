/** Private conversations with the shop: the calls, and the queries over them. */
import { ask, Problem, problemOf, type TalkKind } from "@xinbo/api";
import { useQuery } from "@tanstack/vue-query";
import { toValue, type MaybeRefOrGetter } from "vue";

import { api, getProduct } from "@shop/calls";
import { merchant } from "@shop/place";

const talk = (id: string) => ({ params: { path: { conversation_id: id } } });

/** What a question is about, and where it is asked. */
export interface Question {
  id: string;
  kind: TalkKind;
  question: string;
  showId: string | null;
  productId: string | null;
  orderId: string | null;
}
/** What is said in a conversation that is open already. */
export interface Words {
  id: string;
  text: string;
  pictureIds?: string[];
  productId?: string | null;
  orderId?: string | null;
}

export const openTalk = (body: Question) => ask(api.POST("/api/v1/conversations", { body }));
export const listTalks = () => ask(api.GET("/api/v1/conversations", { params: { query: { limit: 20 } } }));
export const getTalk = (id: string) => ask(api.GET("/api/v1/conversations/{conversation_id}", talk(id)));
export const listSaid = (id: string, limit: number) =>
  ask(api.GET("/api/v1/conversations/{conversation_id}/messages", { params: { path: { conversation_id: id }, query: { limit } } }));
export const say = (id: string, body: Words) => ask(api.POST("/api/v1/conversations/{conversation_id}/messages", { ...talk(id), body: { ...body, internal: false } }));
export const seeTalk = (id: string) => ask(api.POST("/api/v1/conversations/{conversation_id}/seen", talk(id)));
export const closeTalk = (id: string) => ask(api.POST("/api/v1/conversations/{conversation_id}/close", talk(id)));

/** Send one picture; the agents of the shop may see it, nobody else. */
export async function sendPicture(file: File): Promise<{ id: string }> {
  const body = new FormData();
  body.append("data", file);
  const headers = { "X-Requested-With": "xinbo", ...(merchant && { "X-Merchant": merchant }) };
  const answer = await fetch("/api/v1/conversations/pictures", { method: "POST", body, headers, credentials: "same-origin" }).catch(() => {
    throw new Problem("Offline", 0);
  });
  const said: unknown = await answer.json().catch(() => null);
  if (!answer.ok) throw problemOf(answer.status, said);
  return said as { id: string };
}
export const pictureUrl = (id: string) => `/api/v1/conversations/pictures/${id}${merchant ? `?merchant=${merchant}` : ""}`;

/** The product that may be asked about, where there is one. */
export const useProductAsked = (id: MaybeRefOrGetter<string | null>) =>
  useQuery({ queryKey: ["product", () => toValue(id) ?? ""], queryFn: () => getProduct(toValue(id) ?? ""), enabled: () => toValue(id) !== null });

/** One's conversations, asked for sparingly where no socket tells. */
export const useTalks = (enabled: MaybeRefOrGetter<boolean>, every: MaybeRefOrGetter<number | false>) =>
  useQuery({ queryKey: ["talks"], queryFn: listTalks, enabled, refetchInterval: () => toValue(every) });
