/** Everything that the console asks of the server, each call with its types, in one place. */
import { ask, createApi, newKey, problemOf, Problem, type OrderStatus, type ShowStatus } from "@xinbo/api";

import type { DropCoupon, Finding, HeaderSet, Move, Picture, ProductImport, ProductStatus, PromotionKind, PromotionState, PutClub, PutCue, PutLineUpItem, PutNotice, PutProduct, PutPromotion, PutShow, Reconciliation, RefundStatus, Role, UpsertKey } from "./types";

let merchant: string | undefined;

/** Which merchant's public facts are asked for; known once someone is signed in. */
export function actFor(slug: string | undefined): void {
  merchant = slug;
}

export const api = createApi({ merchant: () => merchant });

const show = (id: string) => ({ params: { path: { show_id: id } } });
const known = (seen: number | undefined) => (seen === undefined ? {} : { seen });
const product = (id: string) => ({ params: { path: { product_id: id } } });

export const signIn = (email: string, password: string) => ask(api.POST("/api/v1/console/session", { body: { email, password } }));
export const signOut = () => ask(api.DELETE("/api/v1/console/session"));
export const getMe = () => ask(api.GET("/api/v1/console/me"));

export const listStaff = () => ask(api.GET("/api/v1/console/staff"));
export const addStaff = (body: { email: string; name: string; role: Role; password: string; phone: string | null }) => ask(api.POST("/api/v1/console/staff", { body }));
export const editStaff = (id: string, role: Role, active: boolean) =>
  ask(api.PATCH("/api/v1/console/staff/{staff_id}", { params: { path: { staff_id: id } }, body: { role, active } }));

export const listShows = (status?: ShowStatus, cursor?: string) =>
  ask(api.GET("/api/v1/console/shows", { params: { query: { limit: 50, ...(status && { status }), ...(cursor && { cursor }) } } }));
export const addShow = (body: PutShow) => ask(api.POST("/api/v1/console/shows", { body }));
export const getPlan = (id: string) => ask(api.GET("/api/v1/console/shows/{show_id}", show(id)));
export const putShow = (id: string, body: PutShow) => ask(api.PUT("/api/v1/console/shows/{show_id}", { ...show(id), body }));
export const putLineUp = (id: string, items: PutLineUpItem[], version: number) =>
  ask(api.PUT("/api/v1/console/shows/{show_id}/line-up", { ...show(id), body: { items, version } }));
export const putCues = (id: string, cues: PutCue[], version: number) =>
  ask(api.PUT("/api/v1/console/shows/{show_id}/cues", { ...show(id), body: { cues, version } }));
export const deleteShow = (id: string) => ask(api.DELETE("/api/v1/console/shows/{show_id}", show(id)));
/** Going live has a way of its own: its checks may stand in it. */
export const moveShow = (id: string, move: Move) => move === "start" ? ask(api.POST("/api/v1/console/shows/{show_id}/start", show(id))) : ask(api.POST("/api/v1/console/shows/{show_id}/{move}", { params: { path: { show_id: id, move } } }));

export const getBroadcast = (id: string) => ask(api.GET("/api/v1/console/shows/{show_id}/broadcast", show(id)));
type Source = "main" | "backup";
export const rotateKey = (id: string, source: Source = "main") => ask(api.POST("/api/v1/console/shows/{show_id}/broadcast/rotate", { params: { path: { show_id: id }, query: { source } } }));
export const getWhipToken = (id: string, source: Source = "main") => ask(api.POST("/api/v1/console/shows/{show_id}/broadcast/whip-tokens", { params: { path: { show_id: id }, query: { source } } }));
export const publishReplay = (id: string) => ask(api.POST("/api/v1/console/shows/{show_id}/broadcast/publish-replay", show(id)));
export const getReplay = (id: string) => ask(api.GET("/api/v1/shows/{show_id}/replay", show(id)));

export const getStage = (id: string) => ask(api.GET("/api/v1/console/shows/{show_id}/stage", show(id)));
/** `seen` is the stage's `acts` that the operator looked at: a colleague who was first is told by name. */
export const pin = (id: string, productId: string | null, seen?: number) => ask(api.POST("/api/v1/console/shows/{show_id}/stage/pin", { ...show(id), body: { productId, ...known(seen) } }));
export const startCue = (id: string, cueId: string | null, seen?: number) => ask(api.POST("/api/v1/console/shows/{show_id}/stage/cue", { ...show(id), body: { cueId, ...known(seen) } }));
export const explain = (id: string, productId: string | null, seen?: number) => ask(api.POST("/api/v1/console/shows/{show_id}/stage/explain", { ...show(id), body: { productId, ...known(seen) } }));
export const markSoldOut = (id: string, productId: string, soldOut: boolean, seen?: number) => ask(api.POST("/api/v1/console/shows/{show_id}/stage/sold-out", { ...show(id), body: { productId, soldOut, ...known(seen) } }));
export const moveItem = (id: string, productId: string, to: number, seen?: number) => ask(api.POST("/api/v1/console/shows/{show_id}/stage/shelf", { ...show(id), body: { productId, to, ...known(seen) } }));
export const setTextRoom = (id: string, textRoom: boolean, seen?: number) => ask(api.POST("/api/v1/console/shows/{show_id}/stage/room", { ...show(id), body: { textRoom, ...known(seen) } }));
export const postNotice = (id: string, body: PutNotice) => ask(api.POST("/api/v1/console/shows/{show_id}/stage/notices", { ...show(id), body }));
export const withdrawNotice = (id: string, noticeId: string) => ask(api.DELETE("/api/v1/console/shows/{show_id}/stage/notices/{notice_id}", { params: { path: { show_id: id, notice_id: noticeId } } }));
export const listMoments = (id: string, cursor?: string) => ask(api.GET("/api/v1/console/shows/{show_id}/timeline", { params: { path: { show_id: id }, query: { limit: 50, ...(cursor && { cursor }) } } }));
export const getTicket = (id: string) => ask(api.POST("/api/v1/console/shows/{show_id}/ticket", show(id)));
export const getNumbers = (id: string) => ask(api.GET("/api/v1/console/shows/{show_id}/numbers", show(id)));
export const getChart = (id: string) => ask(api.GET("/api/v1/console/shows/{show_id}/numbers/chart", show(id)));
export const getProductNumbers = (id: string) => ask(api.GET("/api/v1/console/shows/{show_id}/numbers/products", show(id)));

export const listProducts = (query: string, status?: ProductStatus, cursor?: string, limit = 30) =>
  ask(api.GET("/api/v1/console/products", { params: { query: { limit, ...(query && { query }), ...(status && { status }), ...(cursor && { cursor }) } } }));
export const getProduct = (id: string) => ask(api.GET("/api/v1/console/products/{product_id}", product(id)));
export const addProduct = (body: PutProduct) => ask(api.POST("/api/v1/console/products", { body }));
export const putProduct = (id: string, body: PutProduct) => ask(api.PUT("/api/v1/console/products/{product_id}", { ...product(id), body }));
export const removePicture = (id: string, pictureId: string) =>
  ask(api.DELETE("/api/v1/console/products/{product_id}/pictures/{picture_id}", { params: { path: { product_id: id, picture_id: pictureId } } }));
export const listStock = (skus: string[]) => ask(api.GET("/api/v1/stock", { params: { query: { sku: skus } } }));
export const setStock = (skuId: string, onHand: number) =>
  ask(api.PUT("/api/v1/console/skus/{sku_id}/stock", { params: { path: { sku_id: skuId } }, body: { onHand } }));

export const listImports = () => ask(api.GET("/api/v1/console/imports", { params: { query: { limit: 5 } } }));
export const getImport = (id: string) => ask(api.GET("/api/v1/console/imports/{import_id}", { params: { path: { import_id: id } } }));
export const applyImport = (id: string) => ask(api.POST("/api/v1/console/imports/{import_id}/apply", { params: { path: { import_id: id } } }));

export const listOrders = (status?: OrderStatus, showId?: string, cursor?: string) =>
  ask(api.GET("/api/v1/console/orders", { params: { query: { limit: 30, ...(status && { status }), ...(showId && { show: showId }), ...(cursor && { cursor }) } } }));
export const getOrder = (id: string) => ask(api.GET("/api/v1/console/orders/{order_id}", { params: { path: { order_id: id } } }));

const promotion = (id: string) => ({ params: { path: { promotion_id: id } } });
export const listPromotions = (which: { status?: PromotionState | undefined; kind?: PromotionKind | undefined; show?: string | undefined }, cursor?: string) =>
  ask(api.GET("/api/v1/console/promotions", { params: { query: { limit: 30, ...(which.status && { status: which.status }), ...(which.kind && { kind: which.kind }), ...(which.show && { show: which.show }), ...(cursor && { cursor }) } } }));
export const getPromotion = (id: string) => ask(api.GET("/api/v1/console/promotions/{promotion_id}", promotion(id)));
export const addPromotion = (body: PutPromotion) => ask(api.POST("/api/v1/console/promotions", { body }));
export const putPromotion = (id: string, body: PutPromotion) => ask(api.PUT("/api/v1/console/promotions/{promotion_id}", { ...promotion(id), body }));
export const deletePromotion = (id: string) => ask(api.DELETE("/api/v1/console/promotions/{promotion_id}", promotion(id)));
export const movePromotion = (id: string, move: "schedule" | "unschedule" | "end") =>
  ask(api.POST("/api/v1/console/promotions/{promotion_id}/{move}", { params: { path: { promotion_id: id, move } } }));
export const extendPromotion = (id: string, endsAt: string, version: number) => ask(api.POST("/api/v1/console/promotions/{promotion_id}/extend", { ...promotion(id), body: { endsAt, version } }));
export const addPromotionStock = (id: string, skuId: string, more: number, version: number) =>
  ask(api.POST("/api/v1/console/promotions/{promotion_id}/items/{sku_id}/stock", { params: { path: { promotion_id: id, sku_id: skuId } }, body: { more, version } }));
export const getCouponStats = (id: string) => ask(api.GET("/api/v1/console/promotions/{promotion_id}/stats", promotion(id)));
export const dropCoupon = (id: string, body: DropCoupon, key = newKey()) => ask(api.POST("/api/v1/console/shows/{show_id}/stage/drops", { ...show(id), body, headers: { "Idempotency-Key": key } }));
export const getClub = () => ask(api.GET("/api/v1/console/club"));
export const putClub = (body: PutClub) => ask(api.PUT("/api/v1/console/club", { body }));

/** Which entries of the books are meant: those that agree with all that is given. */
export interface EntryChoice {
  account?: string | undefined;
  unit?: string | undefined;
  ref?: string | undefined;
  from_at?: string | undefined;
}
const given = <T extends object>(choice: T) => Object.fromEntries(Object.entries(choice).filter(([, value]) => value !== undefined)) as { [K in keyof T]?: NonNullable<T[K]> };

export const getTrialBalance = (fromAt?: string) => ask(api.GET("/api/v1/console/books/trial-balance", { params: { query: fromAt ? { from_at: fromAt } : {} } }));
export const listEntries = (which: EntryChoice, cursor?: string) =>
  ask(api.GET("/api/v1/console/books/entries", { params: { query: { limit: 50, ...given(which), ...(cursor && { cursor }) } } }));
export const entriesUrl = (which: EntryChoice) => `/api/v1/console/books/entries.csv?${new URLSearchParams(given(which) as Record<string, string>).toString()}`;
export const listRefunds = (status?: RefundStatus, cursor?: string) =>
  ask(api.GET("/api/v1/console/refunds", { params: { query: { limit: 30, ...(status && { status }), ...(cursor && { cursor }) } } }));
export const retryRefund = (id: string) => ask(api.POST("/api/v1/console/refunds/{refund_id}/retry", { params: { path: { refund_id: id } } }));
const report = (id: string) => ({ path: { report_id: id } });
export const listReconciliations = (cursor?: string) => ask(api.GET("/api/v1/console/reconciliations", { params: { query: { limit: 30, ...(cursor && { cursor }) } } }));
export const getReconciliation = (id: string) => ask(api.GET("/api/v1/console/reconciliations/{report_id}", { params: report(id) }));
export const listReconciliationLines = (id: string, finding?: Finding, cursor?: string) =>
  ask(api.GET("/api/v1/console/reconciliations/{report_id}/lines", { params: { ...report(id), query: { limit: 50, ...(finding && { finding }), ...(cursor && { cursor }) } } }));
export const runReconciliation = (provider: string, day: string) =>
  ask(api.POST("/api/v1/console/reconciliations/{provider}", { params: { path: { provider } }, body: { day } }));
export const uploadStatement = (provider: string, day: string, file: File, onProgress?: (part: number) => void) =>
  upload<Reconciliation>(`/api/v1/console/reconciliations/${provider}/file?day=${day}`, file, onProgress);
export const reportUrl = (id: string) => `/api/v1/console/reconciliations/${id}/lines.csv`;

export const addPicture = (productId: string, file: File, onProgress?: (part: number) => void) =>
  upload<Picture>(`/api/v1/console/products/${productId}/pictures`, file, onProgress);
export const uploadImport = (file: File, key: UpsertKey, onProgress?: (part: number) => void) =>
  upload<ProductImport>(`/api/v1/console/imports?upsertKey=${key}`, file, onProgress);

/** Where goods can be downloaded from; the session's cookie opens it. */
export const exportUrl = (kind: "csv" | "xlsx", headers: HeaderSet) => `/api/v1/console/exports/products.${kind}?headers=${headers}`;

/** Send one file and say how far it is, 0 to 1. `fetch` cannot tell that; the older way can. */
export function upload<T>(path: string, file: File, onProgress?: (part: number) => void): Promise<T> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open("POST", path);
    request.responseType = "json";
    request.setRequestHeader("X-Requested-With", "xinbo");
    request.upload.onprogress = ({ loaded, total }) => onProgress?.(total > 0 ? loaded / total : 0);
    request.onload = () => {
      if (request.status >= 200 && request.status < 300) resolve(request.response as T);
      else reject(problemOf(request.status, request.response));
    };
    request.onerror = () => reject(new Problem("Offline", 0));
    const body = new FormData();
    body.append("file", file);
    request.send(body);
  });
}
