/** A freight template as a form holds it: amounts in yuan, weights in kilograms, as people type them. */
import { fromFen, toFen, toPieces } from "@console/amounts";
import type { PutTemplate, Template, Zone } from "@console/sending/calls";

export interface ZoneDraft {
  places: string[][];
  deliver: boolean;
  first: string;
  firstFee: string;
  further: string;
  furtherFee: string;
  freeAmount: string;
  freePieces: string;
}
export interface Draft {
  name: string;
  chargedBy: PutTemplate["chargedBy"];
  shipsFrom: string;
  isDefault: boolean;
  zones: ZoneDraft[];
}

export const emptyZone = (places: string[][] = [], deliver = true): ZoneDraft => ({ places, deliver, first: "1", firstFee: "", further: "1", furtherFee: "", freeAmount: "", freePieces: "" });

/** Units typed into a field: pieces, or kilograms as grams; `null` where it is none. */
export function toUnits(text: string, by: PutTemplate["chargedBy"]): number | null {
  if (by === "piece") return toPieces(text) || null;
  const plain = text.normalize("NFKC").trim();
  if (!/^\d{1,4}(\.\d{0,3})?$/.test(plain)) return null;
  return Math.round(Number(plain) * 1000) || null;
}
export const fromUnits = (units: number, by: PutTemplate["chargedBy"]) => String(by === "piece" ? units : units / 1000);

export function draftOf(template: Template | null): Draft {
  if (!template) return { name: "", chargedBy: "piece", shipsFrom: "", isDefault: false, zones: [emptyZone()] };
  const { name, chargedBy, shipsFrom, isDefault } = template;
  const zone = (each: Zone): ZoneDraft => ({
    places: each.places.map((place) => [...place]),
    deliver: each.deliver,
    first: fromUnits(each.first, chargedBy),
    firstFee: fromFen(each.firstFee),
    further: fromUnits(each.further, chargedBy),
    furtherFee: fromFen(each.furtherFee),
    freeAmount: each.freeAmount == null ? "" : fromFen(each.freeAmount),
    freePieces: each.freePieces == null ? "" : String(each.freePieces),
  });
  return { name, chargedBy, shipsFrom, isDefault, zones: template.zones.map(zone) };
}

/** The zone as it is sent, or `null` while a field of it is wrong. */
export function zoneOf(draft: ZoneDraft, by: PutTemplate["chargedBy"]): Zone | null {
  if (!draft.deliver) return { places: draft.places, deliver: false, first: 1, firstFee: 0, further: 1, furtherFee: 0, freeAmount: null, freePieces: null };
  const [first, further] = [toUnits(draft.first, by), toUnits(draft.further, by)];
  const [firstFee, furtherFee] = [toFen(draft.firstFee), toFen(draft.furtherFee)];
  const freeAmount = draft.freeAmount === "" ? null : toFen(draft.freeAmount);
  const freePieces = draft.freePieces === "" ? null : toPieces(draft.freePieces);
  if (first === null || further === null || firstFee === null || furtherFee === null) return null;
  if ((draft.freeAmount !== "" && freeAmount === null) || (draft.freePieces !== "" && !freePieces)) return null;
  return { places: draft.places, deliver: true, first, firstFee, further, furtherFee, freeAmount, freePieces };
}

export function putOf(draft: Draft): PutTemplate | null {
  const zones = draft.zones.map((zone) => zoneOf(zone, draft.chargedBy));
  if (draft.name.trim() === "" || zones.some((zone) => zone === null)) return null;
  return { name: draft.name.trim(), chargedBy: draft.chargedBy, shipsFrom: draft.shipsFrom.trim(), isDefault: draft.isDefault, zones: zones as Zone[] };
}
