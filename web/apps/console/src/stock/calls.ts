/** What the console asks about categories, warehouses and stock. */
import { ask, idempotent, type Category, type PutCategory } from "@xinbo/api";
import type { components } from "@xinbo/api";

import { api } from "@console/calls";

type Schemas = components["schemas"];
export type StockLevel = Schemas["StockLevel"];
export type Movement = Schemas["Movement"];
export type Warehouse = Schemas["Warehouse"];
export type MoveReason = Schemas["MoveReason"];
export type PutWarehouse = Schemas["PutWarehouse"];
export type Receive = Schemas["Receive"];
export type Adjust = Schemas["Adjust"];
export type Transfer = Schemas["Transfer"];

const paged = (cursor?: string) => ({ limit: 30, ...(cursor && { cursor }) });
const category = (id: string) => ({ params: { path: { category_id: id } } });

export const listCategories = () => ask(api.GET("/api/v1/categories"));
export const saveCategory = (id: string | null, body: PutCategory): Promise<Category> =>
  id === null ? ask(api.POST("/api/v1/console/categories", { body })) : ask(api.PUT("/api/v1/console/categories/{category_id}", { ...category(id), body }));
export const removeCategory = (id: string) => ask(api.DELETE("/api/v1/console/categories/{category_id}", category(id)));

export const listWarehouses = () => ask(api.GET("/api/v1/console/warehouses"));
export const saveWarehouse = (id: string | null, body: PutWarehouse): Promise<Warehouse> =>
  id === null
    ? ask(api.POST("/api/v1/console/warehouses", { body }))
    : ask(api.PUT("/api/v1/console/warehouses/{warehouse_id}", { params: { path: { warehouse_id: id } }, body }));

export const listLevels = (query: string, cursor?: string) => ask(api.GET("/api/v1/console/stock", { params: { query: { ...paged(cursor), ...(query && { query }) } } }));
export const listAlerts = (cursor?: string) => ask(api.GET("/api/v1/console/stock/alerts", { params: { query: paged(cursor) } }));
export const listMovements = (sku: string | undefined, why: MoveReason | undefined, cursor?: string) =>
  ask(api.GET("/api/v1/console/stock/movements", { params: { query: { ...paged(cursor), ...(sku && { sku }), ...(why && { why }) } } }));
export const receive = (body: Receive, key: string) => ask(api.POST("/api/v1/console/stock/receipts", { body, headers: idempotent(key) }));
export const adjust = (body: Adjust, key: string) => ask(api.POST("/api/v1/console/stock/adjustments", { body, headers: idempotent(key) }));
export const transfer = (body: Transfer, key: string) => ask(api.POST("/api/v1/console/stock/transfers", { body, headers: idempotent(key) }));
export const setThreshold = (skuId: string, threshold: number | null) =>
  ask(api.PUT("/api/v1/console/skus/{sku_id}/threshold", { params: { path: { sku_id: skuId } }, body: { threshold } }));
