/** What the readiness page asks of the server. */
import { ask, type components } from "@xinbo/api";

import { api } from "@console/calls";

type Schemas = components["schemas"];
export type Check = Schemas["Check"];
export type Checklist = Schemas["Checklist"];
export type ChecklistItem = Schemas["ChecklistItem"];
export type KitItem = Schemas["KitItem"];
export type KitTest = Schemas["KitTest"];
export type Measured = Schemas["Measured"];
export type PutChecklistItem = Schemas["PutChecklistItem"];
export type Readiness = Schemas["Readiness"];
export type Verdict = Schemas["KitGrade"];

const show = (id: string) => ({ params: { path: { show_id: id } } });

export const getReadiness = (id: string) => ask(api.GET("/api/v1/console/shows/{show_id}/readiness", show(id)));
export const waive = (id: string, key: string, reason: string) => ask(api.POST("/api/v1/console/shows/{show_id}/readiness/waivers", { ...show(id), body: { key, reason } }));
export const withdrawWaiver = (id: string, key: string) => ask(api.DELETE("/api/v1/console/shows/{show_id}/readiness/waivers/{check_key}", { params: { path: { show_id: id, check_key: key } } }));
export const listKitTests = (id: string) => ask(api.GET("/api/v1/console/shows/{show_id}/kit-tests", { params: { path: { show_id: id }, query: { limit: 10 } } }));
export const keepKitTest = (id: string, measured: Measured) => ask(api.POST("/api/v1/console/shows/{show_id}/kit-tests", { ...show(id), body: { measured } }));
export const getChecklist = (id: string) => ask(api.GET("/api/v1/console/shows/{show_id}/checklist", show(id)));
export const putChecklist = (id: string, items: PutChecklistItem[], version: number) => ask(api.PUT("/api/v1/console/shows/{show_id}/checklist", { ...show(id), body: { items, version } }));
export const tickItem = (id: string, itemId: string, done: boolean) => ask(api.PUT("/api/v1/console/shows/{show_id}/checklist/{item_id}", { params: { path: { show_id: id, item_id: itemId } }, body: { done } }));
