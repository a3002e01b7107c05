import vue from "@vitejs/plugin-vue";
import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));

const project = (name: string, include: string) => ({
  plugins: [vue()],
  resolve: { alias: { "@shop": here("apps/shop/src"), "@console": here("apps/console/src") } },
  test: { name, include: [include], environment: "happy-dom" as const, restoreMocks: true, clearMocks: true },
});

export default defineConfig({
  test: {
    maxWorkers: 2,
    projects: [
      project("packages", "packages/**/*.test.ts"),
      project("shop", "apps/shop/**/*.test.ts"),
      project("console", "apps/console/**/*.test.ts"),
      project("structure", "tests/**/*.test.ts"),
    ],
  },
});
