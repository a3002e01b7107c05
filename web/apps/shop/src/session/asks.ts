/** Questions that any page may need answered before it can go on, asked in a sheet over it. */
import type { Address, Me } from "@xinbo/api";
import { readonly, shallowRef } from "vue";

type Ask =
  | { kind: "sign-in"; answer: (me: Me | null) => void }
  | { kind: "address"; chosen: string | null; answer: (address: Address | null) => void };

const asked = shallowRef<Ask[]>([]);

function put(ask: Ask): void {
  asked.value = [...asked.value, ask];
}

/** Have someone sign in; `null` when they would rather not. */
export function askSignIn(): Promise<Me | null> {
  return new Promise((resolve) => {
    const ask: Ask = { kind: "sign-in", answer: (me) => done(ask, () => resolve(me)) };
    put(ask);
  });
}

/** Have an address chosen or written; `null` when it was left as it is. */
export function askAddress(chosen: string | null): Promise<Address | null> {
  return new Promise((resolve) => {
    const ask: Ask = { kind: "address", chosen, answer: (address) => done(ask, () => resolve(address)) };
    put(ask);
  });
}

function done(ask: Ask, resolve: () => void): void {
  asked.value = asked.value.filter((each) => each !== ask);
  resolve();
}

/** The questions that stand now, the last on top. */
export const asks = readonly(asked) as Readonly<typeof asked>;
