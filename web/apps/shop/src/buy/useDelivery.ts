import type { Address } from "@xinbo/api";
import { computed, ref } from "vue";

import { useAddresses, useMe } from "@shop/queries";
import { askAddress, askSignIn } from "@shop/session/asks";

/** Who buys and where it goes: the default address first, another when chosen. */
export function useDelivery() {
  const me = useMe();
  const signedIn = computed(() => Boolean(me.data.value));
  const addresses = useAddresses(signedIn);
  const chosen = ref<Address | null>(null);
  const address = computed<Address | null>(() => {
    const list = addresses.data.value;
    const kept = list?.find(({ id }) => id === chosen.value?.id);
    return kept ?? chosen.value ?? list?.find(({ isDefault }) => isDefault) ?? list?.[0] ?? me.data.value?.defaultAddress ?? null;
  });

  async function change(): Promise<void> {
    if (!(await signIn())) return;
    chosen.value = (await askAddress(address.value?.id ?? null)) ?? chosen.value;
  }

  /** Have someone signed in; false when they would rather not. */
  async function signIn(force = false): Promise<boolean> {
    // The page may not know yet who is there; asking someone who is signed in would be rude.
    if (me.isPending.value) await me.suspense().catch(() => undefined);
    if (signedIn.value && !force) return true;
    if (!(await askSignIn())) return false;
    await addresses.refetch();
    return true;
  }

  /** Get everything that an order needs, asking for what is missing; `null` when it was declined. */
  async function ready(): Promise<Address | null> {
    if (!(await signIn())) return null;
    if (address.value) return address.value;
    const list = (await addresses.refetch()).data ?? [];
    if (list.length > 0) return address.value;
    chosen.value = await askAddress(null);
    return chosen.value;
  }

  return { me, signedIn, address, change, signIn, ready };
}
