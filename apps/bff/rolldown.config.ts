/** Bundles the server into one file that needs nothing beside Node: dist/server.js. */
import { defineConfig, type Plugin } from "rolldown";

/** One letter beyond Latin 1 anywhere, and V8 holds each of the bundle's millions in two bytes for as long as it runs. */
const inAscii: Plugin = {
  name: "in-ascii",
  generateBundle: (_options, bundle) => {
    // valid wherever such letters stand in our code and our dependencies': strings, templates and patterns
    for (const file of Object.values(bundle))
      if (file.type === "chunk")
        file.code = file.code.replace(
          /[^\0-\x7f]/g,
          (letter) => `\\u${letter.charCodeAt(0).toString(16).padStart(4, "0")}`,
        );
  },
};

export default defineConfig({
  input: "src/server.ts",
  platform: "node",
  // pg loads its native binding only where it is installed.
  external: ["pg-native"],
  plugins: [inAscii],
  treeshake: {
    moduleSideEffects: [
      // its package does not say so itself: of a thousand classes one per kind, nothing here uses any
      { test: /@kubernetes\/client-node/, sideEffects: false },
    ],
  },
  output: {
    file: "dist/server.js",
    format: "esm",
    sourcemap: true,
    codeSplitting: false,
    // comments and indentation only: names stay, so that a stack says something
    minify: { compress: false, mangle: false, codegen: true },
  },
});
