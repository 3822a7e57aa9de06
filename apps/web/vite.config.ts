/** Build and dev server of the browser app. The dev server passes /api, sockets included, to a running BFF. */
import tailwindcss from "@tailwindcss/vite";
import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";

const bffUrl = process.env["BFF_URL"] ?? "http://127.0.0.1:8080";

const sharedByEveryPage =
  /\/src\/(paths|query-string|format\/|ui\/(cx|Button|Tooltip|Status|States|CopyButton|KeyHint|Menu|toast)\.|components\/(AppLink|ButtonLink|Age|reason-of|resource-link|use-(place|session|preferences|title|now))\.|reasons\/(?!all-|storage-|network-|host-|form-|workload-)|api\/)/;

/** What every list has; logs scroll by the same code. Apart from each other they would be so many small files of the first list. */
const tableWithItsRows =
  /\/src\/table\/(DataTable|Facets|StateFacets|NarrowRow|place-columns|use-selection)\.|\/src\/components\/StateMark\.|\/@tanstack\/(react-virtual|virtual-core)\//;

/** What the entry itself imports is there before anything is asked for later. */
const withTheEntry = /\/(rolldown-runtime|style-nonce|shared|Match|PageNotFound|useRouterState|theme)-/;

export default defineConfig({
  plugins: [react(), tailwindcss()],
  build: {
    target: "es2022",
    sourcemap: true,
    assetsInlineLimit: 0,
    manifest: true,
    modulePreload: {
      polyfill: false,
      // each name that is listed before a page costs every first visit: neither the page's own, nor what is there already
      resolveDependencies: (file, names, { hostType }) =>
        hostType === "html" ? names : names.filter((name) => name !== file && !withTheEntry.test(name)),
    },
    rolldownOptions: {
      output: {
        // What every page shares goes into one file: fewer requests, and it compresses better than forty small ones.
        codeSplitting: {
          groups: [
            { name: "shared", test: sharedByEveryPage },
            // an icon of its own file costs twice its size in names and headers
            { name: "icons", test: /\/lucide-react\//, minShareCount: 4 },
            { name: "table", test: tableWithItsRows },
          ],
        },
      },
    },
  },
  server: {
    host: "127.0.0.1",
    port: Number(process.env["PORT"] ?? 5173),
    proxy: { "/api": { target: bffUrl, ws: true, changeOrigin: false } },
  },
});
