import type { Bargain } from "@xinbo/api";

/** Whether this browser can compute a hash here: it does so over a safe connection only. */
export const canCheck = (): boolean => typeof crypto.subtle?.digest === "function";

/**
 * Whether a bargain's cuts are those that were drawn before anybody helped: SHA-256 of seed, bargain
 * and cuts as compact JSON is the commitment, and the cuts that were made are the first of them.
 */
export async function agrees(bargain: Pick<Bargain, "id" | "seed" | "cuts" | "commitment" | "helps">): Promise<boolean> {
  const told = new TextEncoder().encode(JSON.stringify({ seed: bargain.seed, bargainId: bargain.id, cuts: bargain.cuts }));
  const hash = new Uint8Array(await crypto.subtle.digest("SHA-256", told));
  const hex = Array.from(hash, (byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex === bargain.commitment && bargain.helps.every(({ cut }, at) => cut === bargain.cuts?.[at]);
}
