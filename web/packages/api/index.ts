/** The typed client of Xinbo's API. `schema.ts` is generated: never edit it, run `make api`. */
export { ask, createApi, idempotent, newKey, type Api, type ClientOptions } from "./client";
export { isProblem, Problem, problemOf } from "./problem";
export type { components, paths } from "./schema";
export type * from "./types";
