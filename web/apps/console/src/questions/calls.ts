/** Questions from the chat: what the console asks of the server, and the queries over it. */
import { ask, type components } from "@xinbo/api";
import { useInfiniteQuery, useQuery } from "@tanstack/vue-query";
import { toValue, type MaybeRefOrGetter } from "vue";

import { api } from "@console/calls";
import { queryClient } from "@console/queries";

type Schemas = components["schemas"];
export type Question = Schemas["Question"];
export type Queue = Schemas["Queue"];
export type Asked = Schemas["Asked"];
export type Topic = Schemas["QuestionTopic"];

export const TOPICS: readonly Topic[] = ["size", "price", "stock", "shipping", "ingredients", "usage", "suitability", "promotion", "authenticity", "after_sales", "other"];

const of = (id: string) => ({ params: { path: { question_id: id } } });

export const getQueue = (showId: string) => ask(api.GET("/api/v1/console/shows/{show_id}/questions/queue", { params: { path: { show_id: showId }, query: { limit: 60 } } }));
export const listAsks = (id: string) => ask(api.GET("/api/v1/console/questions/{question_id}/asks", { params: { path: { question_id: id }, query: { limit: 100 } } }));
export const listFollowUps = (showId: string, done: boolean, cursor?: string) =>
  ask(api.GET("/api/v1/console/shows/{show_id}/questions/follow-up", { params: { path: { show_id: showId }, query: { done, limit: 30, ...(cursor && { cursor }) } } }));

/** `seen` is the version the operator looked at: a colleague who was first is told by name. */
export const take = (id: string, seen: number, answering: string | null) => ask(api.POST("/api/v1/console/questions/{question_id}/take", { ...of(id), body: { seen, answering } }));
export const finish = (id: string, seen: number) => ask(api.POST("/api/v1/console/questions/{question_id}/finish", { ...of(id), body: { seen } }));
export const release = (id: string, seen: number) => ask(api.POST("/api/v1/console/questions/{question_id}/release", { ...of(id), body: { seen } }));
export const answerText = (id: string, text: string, seen: number) => ask(api.POST("/api/v1/console/questions/{question_id}/text", { ...of(id), body: { text, seen } }));
export const toService = (id: string, seen: number) => ask(api.POST("/api/v1/console/questions/{question_id}/service", { ...of(id), body: { seen } }));
export const dismiss = (id: string, seen: number) => ask(api.POST("/api/v1/console/questions/{question_id}/dismiss", { ...of(id), body: { seen } }));
export const restore = (id: string) => ask(api.POST("/api/v1/console/questions/{question_id}/restore", { ...of(id), body: {} }));
export const putQuestion = (id: string, body: Schemas["PutQuestion"]) => ask(api.PUT("/api/v1/console/questions/{question_id}", { ...of(id), body }));
export const mergeInto = (id: string, into: string, seen: number) => ask(api.POST("/api/v1/console/questions/{question_id}/merge", { ...of(id), body: { into, seen } }));
export const splitOff = (id: string, asks: string[], seen: number) => ask(api.POST("/api/v1/console/questions/{question_id}/split", { ...of(id), body: { asks, seen } }));
export const putFollowUp = (id: string, body: Schemas["PutFollowUp"]) => ask(api.PUT("/api/v1/console/questions/{question_id}/follow-up", { ...of(id), body }));
/** Where a show's questions can be downloaded from; the session's cookie opens it. */
export const exportUrl = (showId: string, format: "xlsx" | "csv") => `/api/v1/console/shows/${showId}/questions/export?file_format=${format}`;

export const useQueue = (showId: string, enabled: MaybeRefOrGetter<boolean> = true) => useQuery({ queryKey: ["questions", showId], queryFn: () => getQueue(showId), refetchInterval: 15_000, enabled: () => toValue(enabled) });
export const useFollowUps = (showId: MaybeRefOrGetter<string>, done: MaybeRefOrGetter<boolean>) =>
  useInfiniteQuery({
    queryKey: ["followUps", () => toValue(showId), () => toValue(done)],
    queryFn: ({ pageParam }) => listFollowUps(toValue(showId), toValue(done), pageParam),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next ?? undefined,
  });
export const lookAgain = () => Promise.all([queryClient.invalidateQueries({ queryKey: ["questions"] }), queryClient.invalidateQueries({ queryKey: ["followUps"] })]);
