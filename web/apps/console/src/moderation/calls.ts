/** What chat moderation asks of the server. */
import { ask, isProblem, type components } from "@xinbo/api";
import { useInfiniteQuery, useQuery } from "@tanstack/vue-query";
import { toValue, type MaybeRefOrGetter } from "vue";

import { api } from "@console/calls";
import { queryClient } from "@console/queries";

type Schemas = components["schemas"];
export type Archived = Schemas["Archived"];
export type Sanction = Schemas["Sanction"];
export type AppealCase = Schemas["AppealCase"];
export type ChatRules = Schemas["ChatRules"];
export type Word = Schemas["Word"];
export type Action = Schemas["WordAction"];
export type Rule = Schemas["Rule"];
export type SaidState = Schemas["SaidState"];
export type MessageKind = Schemas["MessageKind"];
export const rules: Rule[] = ["spam", "abuse", "advertising", "false_claim", "privacy", "other"];

const show = (id: string) => ({ path: { show_id: id } });
const message = (id: string, messageId: string) => ({ path: { show_id: id, message_id: messageId } });

export const getRules = (id: string) => ask(api.GET("/api/v1/console/shows/{show_id}/chat/rules", { params: show(id) }));
export const putRules = (id: string, body: Schemas["PutChatRules"]) => ask(api.PUT("/api/v1/console/shows/{show_id}/chat/rules", { params: show(id), body }));
export const mute = (id: string, body: Schemas["Mute"]) => archived(() => ask(api.POST("/api/v1/console/shows/{show_id}/chat/mutes", { params: show(id), body })));
export const kick = (id: string, body: Schemas["Kick"]) => archived(() => ask(api.POST("/api/v1/console/shows/{show_id}/chat/kicks", { params: show(id), body })));
export const remove = (id: string, messageId: string, body: Schemas["Remove"]) => archived(() => ask(api.POST("/api/v1/console/shows/{show_id}/chat/messages/{message_id}/remove", { params: message(id, messageId), body })));
export const release = (id: string, messageId: string) => ask(api.POST("/api/v1/console/shows/{show_id}/chat/messages/{message_id}/release", { params: message(id, messageId) }));
export const reject = (id: string, messageId: string, body: Schemas["Remove"]) => ask(api.POST("/api/v1/console/shows/{show_id}/chat/messages/{message_id}/reject", { params: message(id, messageId), body }));
export const exportHref = (id: string): string => `/api/v1/console/shows/${id}/chat/csv`;

export const putWords = (words: Schemas["PutWord"][]) => ask(api.PUT("/api/v1/console/chat/words", { body: { words } }));
export const removeWord = (id: string) => ask(api.DELETE("/api/v1/console/chat/words/{word_id}", { params: { path: { word_id: id } } }));
export const tryText = (text: string) => ask(api.POST("/api/v1/console/chat/words/try", { body: { text } }));
export const lift = (id: string) => ask(api.POST("/api/v1/console/chat/sanctions/{sanction_id}/lift", { params: { path: { sanction_id: id } } }));
export const decide = (id: string, body: Schemas["DecideAppeal"]) => ask(api.POST("/api/v1/console/chat/appeals/{appeal_id}/decide", { params: { path: { appeal_id: id } }, body }));

/** A message goes on record in less than a second: one that is newer is asked for again. */
async function archived<T>(run: () => Promise<T>): Promise<T> {
  for (let tries = 0; ; tries += 1) {
    try {
      return await run();
    } catch (error) {
      if (tries >= 3 || !isProblem(error, "MessageNotFound")) throw error;
      await new Promise((done) => setTimeout(done, 600));
    }
  }
}

const pages = { initialPageParam: undefined as string | undefined, getNextPageParam: (page: { next: string | null }) => page.next ?? undefined };
const at = (cursor: string | undefined) => (cursor ? { cursor } : {});

export interface Wanted {
  show?: string;
  became?: SaidState;
  kind?: MessageKind;
  words?: string;
  rehearsal?: boolean;
}
export const useMessages = (wanted: MaybeRefOrGetter<Wanted>) =>
  useInfiniteQuery({ queryKey: ["chat", "messages", () => toValue(wanted)], queryFn: ({ pageParam }) => ask(api.GET("/api/v1/console/chat/messages", { params: { query: { limit: 50, ...toValue(wanted), ...at(pageParam) } } })), ...pages });
export const useWords = (action: MaybeRefOrGetter<Action | undefined>) =>
  useInfiniteQuery({
    queryKey: ["chat", "words", () => toValue(action)],
    queryFn: ({ pageParam }) => {
      const only = toValue(action);
      return ask(api.GET("/api/v1/console/chat/words", { params: { query: { limit: 100, ...(only && { action: only }), ...at(pageParam) } } }));
    },
    ...pages,
  });
export const useSanctions = (inForce: MaybeRefOrGetter<boolean>) =>
  useInfiniteQuery({ queryKey: ["chat", "sanctions", () => toValue(inForce)], queryFn: ({ pageParam }) => ask(api.GET("/api/v1/console/chat/sanctions", { params: { query: { limit: 50, in_force: toValue(inForce), ...at(pageParam) } } })), ...pages });
export const useAppeals = (undecided: MaybeRefOrGetter<boolean>, showId?: string) =>
  useInfiniteQuery({
    queryKey: ["chat", "appeals", showId ?? "", () => toValue(undecided)],
    queryFn: ({ pageParam }) => ask(api.GET("/api/v1/console/chat/appeals", { params: { query: { limit: 50, undecided: toValue(undecided), ...(showId && { show: showId }), ...at(pageParam) } } })),
    ...pages,
  });
export const useRules = (showId: string) => useQuery({ queryKey: ["chat", "rules", showId], queryFn: () => getRules(showId) });

/** What was shown of chat moderation is out of date. */
export const again = (): Promise<void> => queryClient.invalidateQueries({ queryKey: ["chat"] });
