/** Short names for the shapes that the console handles. */
import type { components } from "@xinbo/api";

type Schemas = components["schemas"];

export type Broadcast = Schemas["Broadcast"];
export type Can = Schemas["Can"];
export type Chart = Schemas["Chart"];
export type ChartMark = Schemas["ChartMark"];
export type Entry = Schemas["Entry"];
export type Finding = Schemas["Finding"];
export type Reconciliation = Schemas["Reconciliation"];
export type ReconciliationLine = Schemas["ReconciliationLine"];
export type RefundStatus = Schemas["RefundStatus"];
export type TrialBalance = Schemas["TrialBalance"];
export type TrialLine = Schemas["TrialLine"];
export type Cue = Schemas["Cue"];
export type CueFormat = Schemas["CueFormat"];
export type CueKind = Schemas["CueKind"];
export type HeaderSet = Schemas["HeaderSet"];
export type LineUpItem = Schemas["LineUpItem"];
export type LineUpRole = Schemas["LineUpRole"];
export type LiveNumbers = Schemas["LiveNumbers"];
export type Moment = Schemas["Moment"];
export type Notice = Schemas["Notice"];
export type NoticeKind = Schemas["NoticeKind"];
export type Picture = Schemas["Picture"];
export type ProductImport = Schemas["ProductImport"];
export type ProductNumbers = Schemas["ProductNumbers"];
export type ProductStatus = Schemas["ProductStatus"];
export type Club = Schemas["Club"];
export type CouponStats = Schemas["CouponStats"];
export type DropCoupon = Schemas["DropCoupon"];
export type Promotion = Schemas["Promotion"];
export type PromotionKind = Schemas["PromotionKind"];
export type PromotionRule = PutPromotion["rule"];
export type PromotionState = Schemas["PromotionState"];
export type PutClub = Schemas["PutClub"];
export type PutCue = Schemas["PutCue"];
export type PutItem = Schemas["PutItem"];
export type PutLineUpItem = Schemas["PutLineUpItem"];
export type PutNotice = Schemas["PutNotice"];
export type PutProduct = Schemas["PutProduct"];
export type PutPromotion = Schemas["PutPromotion"];
export type PutShow = Schemas["PutShow"];
export type PutSku = Schemas["PutSku"];
export type Role = Schemas["Role"];
export type RowError = Schemas["RowError"];
export type ShowPlan = Schemas["ShowPlan"];
export type StaffMe = Schemas["StaffMe"];
export type StaffMember = Schemas["StaffMember"];
export type UpsertKey = Schemas["UpsertKey"];
export type WhipToken = Schemas["WhipToken"];

/** What can be done to a show as a whole. */
export type Move = "schedule" | "unschedule" | "rehearse" | "end-rehearsal" | "start" | "end" | "withdraw-replay";
