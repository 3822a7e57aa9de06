import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    testTimeout: 60_000,
    hookTimeout: 60_000,
    // what the soak measures has the machine to itself
    maxWorkers: process.env["SOAK"] === undefined ? 3 : 1,
    maxConcurrency: 40,
  },
});
