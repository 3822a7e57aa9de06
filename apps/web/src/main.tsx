/** The browser app's start: style nonce first, then cache, live connection and router. */
import { styleNonce } from "./style-nonce.ts";
import "./ui/app.css";
import { CSPProvider } from "@base-ui/react/csp-provider";
import { QueryClientProvider } from "@tanstack/react-query";
import { RouterProvider } from "@tanstack/react-router";
import { lazy, StrictMode, Suspense } from "react";
import { createRoot } from "react-dom/client";
import { LiveProvider } from "./api/live/use-live.ts";
import { loadSentences } from "./reasons/reason-text.ts";
import { createAppRouter } from "./routes.tsx";
import { createServices } from "./services.ts";

const Toasts = lazy(() => import("./ui/Toasts.tsx"));

const services = createServices();
const router = createAppRouter(services.queryClient);
// After the first screen: what any later one may have to say.
setTimeout(() => void loadSentences().catch(() => undefined), 1500);
services.onSessionLost(() => void router.invalidate());

const root = document.getElementById("root");
if (root === null) throw new Error("index.html has no #root.");
createRoot(root).render(
  <StrictMode>
    <CSPProvider {...(styleNonce === "" ? {} : { nonce: styleNonce })}>
      <QueryClientProvider client={services.queryClient}>
        <LiveProvider value={services.live}>
          <RouterProvider router={router} />
          <Suspense fallback={null}>
            <Toasts />
          </Suspense>
        </LiveProvider>
      </QueryClientProvider>
    </CSPProvider>
  </StrictMode>,
);
