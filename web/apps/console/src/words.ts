import { createWords } from "@xinbo/ui";

export const words = createWords(import.meta.glob("./messages/*.json", { import: "default" }));
