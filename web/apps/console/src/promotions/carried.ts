/** Refusals on their way from a form that is being replaced to the one that replaces it, by promotion. */
export const carried = new Map<string, unknown>();
