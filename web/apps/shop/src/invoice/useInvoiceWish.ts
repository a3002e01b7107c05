import type { RequestInvoice } from "@xinbo/api";
import { shallowRef } from "vue";

/** Titles that were written before, kept on this device for the next time. */
const KEPT = "xinbo.invoice";

export const emptyInvoice: RequestInvoice = { kind: "normal", titleKind: "person", title: "", taxId: "", address: "", phone: "", bank: "", account: "", email: "" };

/** The invoice as it was asked for last, on this device. */
export function lastInvoice(): RequestInvoice {
  try {
    return { ...emptyInvoice, ...(JSON.parse(localStorage.getItem(KEPT) ?? "{}") as Partial<RequestInvoice>) };
  } catch {
    return emptyInvoice;
  }
}

export function keepInvoice(invoice: RequestInvoice): void {
  try {
    localStorage.setItem(KEPT, JSON.stringify(invoice));
  } catch {
    // Storage may be refused in a private window: it is then written anew the next time.
  }
}

/** Which part of an invoice request is missing or cannot be right. */
export function invoiceFaults(invoice: RequestInvoice): Partial<Record<keyof RequestInvoice, "need" | "wrong">> {
  const company = invoice.titleKind === "company";
  const special = invoice.kind === "special";
  const faults: Partial<Record<keyof RequestInvoice, "need" | "wrong">> = {};
  const need = (name: keyof RequestInvoice, wanted: boolean) => {
    if (wanted && !(invoice[name] ?? "").trim()) faults[name] = "need";
  };
  need("title", true);
  need("taxId", company);
  for (const name of ["address", "phone", "bank", "account"] as const) need(name, special);
  const taxId = (invoice.taxId ?? "").replace(/[\s-]/g, "");
  if (company && !faults.taxId && !/^([0-9A-Za-z]{15}|[0-9A-Za-z]{18}|[0-9A-Za-z]{20})$/.test(taxId)) faults.taxId = "wrong";
  if (invoice.email && !/^[^@\s]+@[^@\s]+\.[^@\s]+$/.test(invoice.email)) faults.email = "wrong";
  return faults;
}

/** The invoice that is wanted of what is about to be ordered. */
export function useInvoiceWish() {
  return shallowRef<RequestInvoice | null>(null);
}
