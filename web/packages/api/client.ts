import createClient, { type Client, type Middleware } from "openapi-fetch";

import { Problem, problemOf } from "./problem";
import type { paths } from "./schema";

/** What a client needs to know about the page that it serves. */
export interface ClientOptions {
  /** The merchant's slug that each request is about; `undefined` leaves it to the server. */
  merchant?: () => string | undefined;
  /** Where the API is; the page's own origin unless said. */
  baseUrl?: string;
  /** Another `fetch`, for tests. */
  fetch?: (request: Request) => Promise<Response>;
}

export type Api = Client<paths>;

/** Make the typed client: cookies go along, and the headers that Xinbo asks for are set. */
export function createApi(options: ClientOptions = {}): Api {
  const headers: Middleware = {
    onRequest({ request }) {
      request.headers.set("X-Requested-With", "xinbo");
      const merchant = options.merchant?.();
      if (merchant) request.headers.set("X-Merchant", merchant);
      return request;
    },
    onError() {
      return new Problem("Offline", 0);
    },
  };
  const client = createClient<paths>({
    baseUrl: options.baseUrl ?? location.origin,
    credentials: "same-origin",
    fetch: options.fetch ?? ((request) => globalThis.fetch(request)),
  });
  client.use(headers);
  return client;
}

interface Answer<T> {
  data?: T;
  error?: unknown;
  response: Response;
}

/** Wait for an answer's data; throws a {@link Problem} for everything that is not a success. */
export async function ask<T>(answer: Promise<Answer<T>>): Promise<T> {
  let got: Answer<T>;
  try {
    got = await answer;
  } catch (error) {
    if (error instanceof Problem) throw error;
    if (error instanceof DOMException && error.name === "AbortError") throw error;
    throw new Problem("ServerTrouble", 0);
  }
  if (!got.response.ok) throw problemOf(got.response.status, got.error);
  return got.data as T;
}

/** A new key that lets the server tell a repeated request from a new one. Works without HTTPS. */
export function newKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x40;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
}

/** The header of a POST that must not happen twice; keep the key while the same wish is retried. */
export function idempotent(key: string): { "Idempotency-Key": string } {
  return { "Idempotency-Key": key };
}
