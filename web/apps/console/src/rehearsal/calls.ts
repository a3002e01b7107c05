/** What the pages of rehearsals ask of the server. */
import { ask } from "@xinbo/api";

import { api } from "@console/calls";

import type { Begin, DrillKind } from "./types";

const one = (id: string) => ({ params: { path: { rehearsal_id: id } } });

export const listRehearsals = (showId: string, cursor?: string, limit = 20) =>
  ask(api.GET("/api/v1/console/shows/{show_id}/rehearsals", { params: { path: { show_id: showId }, query: { limit, ...(cursor && { cursor }) } } }));
export const beginRehearsal = (showId: string, body: Begin) => ask(api.POST("/api/v1/console/shows/{show_id}/rehearsals", { params: { path: { show_id: showId } }, body }));
export const getRehearsal = (id: string) => ask(api.GET("/api/v1/console/rehearsals/{rehearsal_id}", one(id)));
export const drillNow = (id: string, kind: DrillKind) => ask(api.POST("/api/v1/console/rehearsals/{rehearsal_id}/drills", { ...one(id), body: { kind } }));
export const endRehearsal = (id: string) => ask(api.POST("/api/v1/console/rehearsals/{rehearsal_id}/end", one(id)));
