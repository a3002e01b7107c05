import type { Role } from "@console/types";

/** The roles that staff can have, widest first. */
export const seats: readonly Role[] = ["owner", "operator", "host", "service", "analyst", "supervisor"];
