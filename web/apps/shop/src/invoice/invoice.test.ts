import { expect, test } from "vitest";

import { emptyInvoice, invoiceFaults } from "./useInvoiceWish";

test("a person's invoice needs a name and nothing else", () => {
  expect(invoiceFaults(emptyInvoice)).toEqual({ title: "need" });
  expect(invoiceFaults({ ...emptyInvoice, title: "An" })).toEqual({});
});

test("a special invoice names the whole company", () => {
  const faults = invoiceFaults({ ...emptyInvoice, kind: "special", titleKind: "company", title: "Qinghe", taxId: "12" });
  expect(faults).toEqual({ taxId: "wrong", address: "need", phone: "need", bank: "need", account: "need" });
});
