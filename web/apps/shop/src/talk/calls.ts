/** What the chat asks of the server. */
import { ask, type components } from "@xinbo/api";

import { api } from "@shop/calls";

type Schemas = components["schemas"];
export type Standing = Schemas["Standing"];
export type Handled = Schemas["Handled"];
export type Sanction = Schemas["Sanction"];
export type ReplayMessage = Schemas["ReplayMessage"];

const show = (id: string) => ({ path: { show_id: id } });

export const getStanding = (id: string) => ask(api.GET("/api/v1/shows/{show_id}/chat/mine", { params: show(id) }));
export const makeAppeal = (id: string, aboutId: string, text: string) => ask(api.POST("/api/v1/shows/{show_id}/chat/appeals", { params: show(id), body: { aboutId, text } }));

/** The chat of a part of the recording, all of it, in order. */
export async function getReplayChat(id: string, fromMs: number, untilMs: number): Promise<ReplayMessage[]> {
  const found: ReplayMessage[] = [];
  let cursor: string | null = null;
  do {
    const query = { from_ms: fromMs, until_ms: untilMs, limit: 500, ...(cursor && { cursor }) };
    const page: { items: ReplayMessage[]; next: string | null } = await ask(api.GET("/api/v1/shows/{show_id}/chat", { params: { ...show(id), query } }));
    found.push(...page.items);
    cursor = page.next;
  } while (cursor && found.length < MOST_AT_ONCE);
  return found;
}
/** More in one minute nobody reads; what is beyond is left out of the list, not of the archive. */
const MOST_AT_ONCE = 3000;
