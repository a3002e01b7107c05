/** Questions to the host: the calls, and the queries over them. */
import { ask, type components } from "@xinbo/api";
import { useQuery } from "@tanstack/vue-query";
import { toValue, type MaybeRefOrGetter } from "vue";

import { api } from "@shop/calls";
import { queryClient } from "@shop/queries";

type Schemas = components["schemas"];
export type MyQuestion = Schemas["MyQuestion"];
export type Answered = Schemas["Answered"];

const show = (id: string) => ({ params: { path: { show_id: id } } });
export const askQuestion = (showId: string, id: string, text: string) => ask(api.POST("/api/v1/shows/{show_id}/questions", { ...show(showId), body: { id, text } }));
export const listMine = (showId: string) => ask(api.GET("/api/v1/shows/{show_id}/questions/mine", show(showId)));
export const listAnswered = (showId: string) => ask(api.GET("/api/v1/shows/{show_id}/questions", { params: { path: { show_id: showId }, query: { limit: 50 } } }));

export const useMine = (showId: string, enabled: MaybeRefOrGetter<boolean>) => useQuery({ queryKey: ["myQuestions", showId], queryFn: () => listMine(showId), enabled: () => toValue(enabled) });
export const useAnswered = (showId: string) => useQuery({ queryKey: ["answered", showId], queryFn: () => listAnswered(showId) });
export const lookAgain = () => Promise.all([queryClient.invalidateQueries({ queryKey: ["myQuestions"] }), queryClient.invalidateQueries({ queryKey: ["answered"] })]);

/** A second of the programme as a clock shows it: 1:02:03. */
export function secondText(seconds: number): string {
  const two = (n: number) => String(n).padStart(2, "0");
  const [hours, minutes] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60];
  return hours ? `${hours}:${two(minutes)}:${two(seconds % 60)}` : `${minutes}:${two(seconds % 60)}`;
}
