/** Bundles the server into one file that needs nothing beside Node: dist/server.js. */
import { defineConfig } from "rolldown";

export default defineConfig({
  input: "src/server.ts",
  platform: "node",
  // pg loads its native binding only where it is installed.
  external: ["pg-native"],
  output: { file: "dist/server.js", format: "esm", sourcemap: true, codeSplitting: false },
});
