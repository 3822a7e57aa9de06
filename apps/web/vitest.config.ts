/** Unit tests of the browser app: everything with logic is kept free of the DOM, so Node is enough. */
import { defineConfig } from "vitest/config";

export default defineConfig({
  test: { include: ["src/**/*.test.ts"], environment: "node", maxWorkers: 2, css: true },
});
