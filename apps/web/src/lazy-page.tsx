/** Pages that are loaded when somebody goes there. One that cannot be loaded is an error of that page, never of the whole app. */
import { type ReactNode, use } from "react";
import { loadSentences } from "./reasons/reason-text.ts";

type Shown = () => ReactNode;
type Page = Shown & { preload: () => Promise<void> };

/**
 * A component that waits for its module. A failed load is thrown to the error boundary and tried again the next time;
 * nothing reloads the document by itself: without a network that would take away even what is there.
 */
export function lazyPage<Module extends object>(
  load: () => Promise<Module>,
  name: keyof Module = "default" as keyof Module, // as: a page module exports its page so, or is asked by name
  /** False for the first screens: what they say of reasons is there already. */
  withSentences = true,
): Page {
  let loading: Promise<Module> | null = null;
  const start = () => {
    loading ??= Promise.all([load(), withSentences ? loadSentences() : undefined]).then(
      ([module]) => module,
      (error: unknown) => {
        loading = null;
        throw error;
      },
    );
    return loading;
  };
  function LazyPage() {
    const Loaded = use(start())[name] as Shown; // as: routes.tsx names pages only
    return <Loaded />;
  }
  LazyPage.preload = async () => {
    await start();
  };
  return LazyPage;
}
