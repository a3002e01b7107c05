/** Short names for the shapes that pages handle most. */
import type { components } from "./schema";

type Schemas = components["schemas"];

export type Address = Schemas["Address"];
export type Cart = Schemas["Cart"];
export type CartLine = Schemas["CartLine"];
export type CodeSent = Schemas["CodeSent"];
export type Me = Schemas["Me"];
export type Merchant = Schemas["Merchant"];
export type Order = Schemas["Order"];
export type OrderLine = Schemas["OrderLine"];
export type OrderStatus = Schemas["Status"];
export type Outcome = Schemas["Outcome"];
export type Payment = Schemas["Payment"];
export type PlaceOrder = Schemas["PlaceOrder"];
export type Product = Schemas["Product"];
export type PutAddress = Schemas["PutAddress"];
export type Replay = Schemas["Replay"];
export type Show = Schemas["Show"];
export type ShowStatus = Schemas["ShowStatus"];
export type Sku = Schemas["Sku"];
export type StageItem = Schemas["StageItem"];
export type StageSku = Schemas["StageSku"];
export type StageView = Schemas["StageView"];
export type Stock = Schemas["Stock"];
export type Ticket = Schemas["Ticket"];
