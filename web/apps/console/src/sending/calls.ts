/** What the pages of sending, freight, invoices and groups ask of the server. */
import { ask, newKey, type Group, type Invoice } from "@xinbo/api";
import type { components } from "@xinbo/api";

import { api, upload } from "@console/calls";

type Schemas = components["schemas"];
export type Shipment = Schemas["Shipment"];
export type Ship = Schemas["Ship"];
export type Carrier = Schemas["Carrier"];
export type CarrierCode = Schemas["CarrierCode"];
export type TrackKind = Schemas["TrackKind"];
export type Course = Schemas["Course"];
export type Overdue = Schemas["Overdue"];
export type ShippingBatch = Schemas["ShippingBatch"];
export type Template = Schemas["Template"];
export type PutTemplate = Schemas["PutTemplate"];
export type Zone = Schemas["Zone"];
export type InvoiceState = Schemas["InvoiceState"];
export type GroupState = Schemas["GroupState"];
export type { Group, Invoice };

const base = "/api/v1/console";
const one = (id: string) => ({ params: { path: { shipment_id: id } } });
const more = (cursor?: string) => ({ limit: 30, ...(cursor && { cursor }) });

export const listCarriers = () => ask(api.GET("/api/v1/console/shipments/carriers"));
export const listWarehouses = () => ask(api.GET("/api/v1/console/warehouses"));
export const listShipments = (which: { status?: TrackKind | undefined; order?: string | undefined; number?: string | undefined }, cursor?: string) =>
  ask(api.GET("/api/v1/console/shipments", { params: { query: { ...more(cursor), ...(which.status && { status: which.status }), ...(which.order && { order: which.order }), ...(which.number && { number: which.number }) } } }));
export const getShipment = (id: string) => ask(api.GET("/api/v1/console/shipments/{shipment_id}", one(id)));
export const ship = (body: Ship, key = newKey()) => ask(api.POST("/api/v1/console/shipments", { body, headers: { "Idempotency-Key": key } }));
export const changeNumber = (id: string, carrier: CarrierCode, number: string, reason: string) =>
  ask(api.PUT("/api/v1/console/shipments/{shipment_id}/number", { ...one(id), body: { carrier, number, reason } }));
export const refreshShipment = (id: string) => ask(api.POST("/api/v1/console/shipments/{shipment_id}/refresh", one(id)));
export const chooseCourse = (id: string, course: Course) => ask(api.POST("/api/v1/console/shipments/{shipment_id}/sandbox", { ...one(id), body: { course } }));
export const listOverdue = (cursor?: string) => ask(api.GET("/api/v1/console/shipments/overdue", { params: { query: more(cursor) } }));

export const uploadBatch = (file: File, onProgress?: (part: number) => void) => upload<ShippingBatch>(`${base}/shipping-batches`, file, onProgress);
export const getBatch = (id: string) => ask(api.GET("/api/v1/console/shipping-batches/{batch_id}", { params: { path: { batch_id: id } } }));
export const applyBatch = (id: string, skipErrors: boolean) =>
  ask(api.POST("/api/v1/console/shipping-batches/{batch_id}/apply", { params: { path: { batch_id: id } }, body: { skipErrors } }));
export const templateUrl = (kind: "csv" | "xlsx", filled: boolean) => `${base}/shipping-batches/template.${kind}?filled=${filled}`;

const many = (name: string, ids: readonly string[]) => ids.map((id) => `${name}=${id}`).join("&");
/** Where prints are; the browser opens them, the session's cookie lets it. */
export const slipsUrl = (orders: readonly string[]) => `${base}/prints/packing-slips.pdf?${many("order", orders)}`;
export const pickingUrl = (orders: readonly string[]) => `${base}/prints/picking-list.pdf?${many("order", orders)}`;
export const labelsUrl = (shipments: readonly string[]) => `${base}/prints/labels.pdf?${many("shipment", shipments)}`;

export const listTemplates = () => ask(api.GET("/api/v1/console/freight-templates"));
export const addTemplate = (body: PutTemplate) => ask(api.POST("/api/v1/console/freight-templates", { body }));
export const putTemplate = (id: string, body: PutTemplate) => ask(api.PUT("/api/v1/console/freight-templates/{freight_template_id}", { params: { path: { freight_template_id: id } }, body }));
export const removeTemplate = (id: string) => ask(api.DELETE("/api/v1/console/freight-templates/{freight_template_id}", { params: { path: { freight_template_id: id } } }));
export const listTemplateProducts = (id: string) => ask(api.GET("/api/v1/console/freight-templates/{freight_template_id}/products", { params: { path: { freight_template_id: id } } }));
export const assignTemplate = (templateId: string | null, productIds: string[]) => ask(api.POST("/api/v1/console/freight-templates/assignments", { body: { templateId, productIds } }));

const invoice = (id: string) => ({ params: { path: { invoice_id: id } } });
export const listInvoices = (state?: InvoiceState, cursor?: string) =>
  ask(api.GET("/api/v1/console/invoices", { params: { query: { ...more(cursor), ...(state && { state }) } } }));
export const issueInvoice = (id: string, number: string, file: File) => upload<Invoice>(`${base}/invoices/${id}/issue?number=${encodeURIComponent(number)}`, file);
export const refuseInvoice = (id: string, reason: string) => ask(api.POST("/api/v1/console/invoices/{invoice_id}/refuse", { ...invoice(id), body: { reason } }));
export const reddenInvoice = (id: string, number: string, reissue: boolean) => ask(api.POST("/api/v1/console/invoices/{invoice_id}/red", { ...invoice(id), body: { number, reissue } }));
export const invoiceFileUrl = (id: string) => `${base}/invoices/${id}/file.pdf`;
export const invoicesUrl = (state?: InvoiceState) => `${base}/invoices/export.xlsx${state ? `?state=${state}` : ""}`;

export const listGroups = (state?: GroupState, cursor?: string) =>
  ask(api.GET("/api/v1/console/groups", { params: { query: { ...more(cursor), ...(state && { state }) } } }));
