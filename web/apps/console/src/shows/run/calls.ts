/** What the run-of-show asks of the server beside the plan itself. */
import { ask, type components } from "@xinbo/api";

import { api, upload } from "@console/calls";

type Schemas = components["schemas"];
export type Applied = Schemas["PlanApplied"];
export type ApplyTemplate = Schemas["ApplyTemplate"];
export type Language = Schemas["PlanLanguage"];
export type RowFault = Schemas["RowFault"];
export type SheetRead = Schemas["SheetRead"];
export type Template = Schemas["PlanTemplate"];
export type TemplateCard = Schemas["TemplateCard"];

const show = (id: string) => ({ params: { path: { show_id: id } } });

export const listTemplates = (language: Language) => ask(api.GET("/api/v1/console/templates", { params: { query: { language, limit: 100 } } }));
export const getTemplate = (id: string, language: Language) => ask(api.GET("/api/v1/console/templates/{template_id}", { params: { path: { template_id: id }, query: { language } } }));
export const planAsTemplate = (id: string) => ask(api.GET("/api/v1/console/shows/{show_id}/plan/template", show(id)));
export const saveTemplate = (showId: string, name: string, summary: string) => ask(api.POST("/api/v1/console/templates", { body: { name, showId, summary } }));
export const deleteTemplate = (id: string) => ask(api.DELETE("/api/v1/console/templates/{template_id}", { params: { path: { template_id: id } } }));
export const applyTemplate = (id: string, body: ApplyTemplate) => ask(api.POST("/api/v1/console/shows/{show_id}/plan/template", { ...show(id), body }));
export const takeBack = (id: string, change: string, version: number) =>
  ask(api.POST("/api/v1/console/shows/{show_id}/plan/changes/{change_id}/take-back", { params: { path: { show_id: id, change_id: change } }, body: { version } }));
export const sheetUrl = (id: string) => `/api/v1/console/shows/${id}/plan/run.xlsx`;
export const readSheet = (id: string, file: File) => upload<SheetRead>(`/api/v1/console/shows/${id}/plan/sheet`, file);
export const listGames = (id: string) => ask(api.GET("/api/v1/console/shows/{show_id}/games", { params: { path: { show_id: id }, query: { limit: 100 } } }));
