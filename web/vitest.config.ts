import vue from "@vitejs/plugin-vue";
import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));

const project = (name: string, include: string, source?: string) => ({
  plugins: [vue()],
  resolve: source ? { alias: { "@": here(source) } } : {},
  test: { name, include: [include], environment: "happy-dom" as const, restoreMocks: true },
});

export default defineConfig({
  test: {
    maxWorkers: 2,
    projects: [
      project("packages", "packages/**/*.test.ts"),
      project("shop", "apps/shop/**/*.test.ts", "apps/shop/src"),
      project("console", "apps/console/**/*.test.ts", "apps/console/src"),
      project("structure", "tests/**/*.test.ts"),
    ],
  },
});
