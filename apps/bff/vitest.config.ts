import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    testTimeout: 60_000,
    hookTimeout: 60_000,
    maxWorkers: 3,
    // the server's modules keep nothing between two consoles, and reading them for each file takes a sixth of the time
    isolate: false,
  },
});
