/** What the pages of contingency and the console's incidents ask of the server. */
import { ask, type components } from "@xinbo/api";

import { api } from "@console/calls";

type Schemas = components["schemas"];
export type Contingency = Schemas["Contingency"];
export type Incident = Schemas["Incident"];
export type IncidentKind = Schemas["IncidentKind"];
export type IncidentStep = Schemas["IncidentStep"];
export type Outcome = Schemas["IncidentOutcome"];
export type Part = Schemas["Part"];
export type Playbook = Schemas["Playbook"];
export type Post = Schemas["Post"];
export type PutPlaybook = Schemas["PutPlaybook"];
export type PutPlaybookStep = Schemas["PutPlaybookStep"];
export type PutPost = Schemas["PutPost"];
export type PutRisk = Schemas["PutRisk"];
export type Risk = Schemas["Risk"];
export type StepAction = Schemas["StepAction"];
export type TickStep = Schemas["TickStep"];

export const KINDS: readonly IncidentKind[] = ["stream_down", "stock_out", "wrong_price", "host_absent", "hostile_chat", "other"];
export const PARTS: readonly Part[] = ["lead", "host", "control", "tech", "goods", "service"];
export const ACTIONS: readonly StepAction[] = ["slow_mode", "slow_mode_off", "text_room", "text_room_off", "backup_stream", "main_stream", "sold_out", "replace_product", "price_corrected", "notice", "hold_chat", "release_chat"];
/** Steps that say something to all viewers. */
export const TELLS: readonly StepAction[] = ["text_room", "replace_product", "price_corrected", "notice"];
/** A playbook of nothing but steps is one nobody may leave empty. */
export const MOST_STEPS = 20;

const show = (id: string) => ({ params: { path: { show_id: id } } });
const book = (id: string) => ({ params: { path: { playbook_id: id } } });
const incident = (id: string) => ({ params: { path: { incident_id: id } } });

export const listPlaybooks = () => ask(api.GET("/api/v1/console/playbooks"));
export const addPlaybook = (body: PutPlaybook) => ask(api.POST("/api/v1/console/playbooks", { body }));
export const putPlaybook = (id: string, body: PutPlaybook) => ask(api.PUT("/api/v1/console/playbooks/{playbook_id}", { ...book(id), body }));
export const removePlaybook = (id: string) => ask(api.DELETE("/api/v1/console/playbooks/{playbook_id}", book(id)));

export const getContingency = (id: string) => ask(api.GET("/api/v1/console/shows/{show_id}/contingency", show(id)));
export const putContingency = (id: string, body: Schemas["PutContingency"]) => ask(api.PUT("/api/v1/console/shows/{show_id}/contingency", { ...show(id), body }));
export const prepare = (id: string) => ask(api.POST("/api/v1/console/shows/{show_id}/contingency/prepare", show(id)));

export const listIncidents = (id: string) => ask(api.GET("/api/v1/console/shows/{show_id}/incidents", { params: { path: { show_id: id }, query: { limit: 50 } } }));
export const openIncident = (id: string, body: Schemas["OpenIncident"]) => ask(api.POST("/api/v1/console/shows/{show_id}/incidents", { ...show(id), body }));
export const tickStep = (id: string, body: TickStep) => ask(api.POST("/api/v1/console/incidents/{incident_id}/steps", { ...incident(id), body }));
export const closeIncident = (id: string, body: Schemas["CloseIncident"]) => ask(api.POST("/api/v1/console/incidents/{incident_id}/close", { ...incident(id), body }));
export const listColleagues = () => ask(api.GET("/api/v1/console/colleagues"));
