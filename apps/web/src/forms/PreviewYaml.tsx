/** What would be stored, beside a form. */
import { lazy, Suspense } from "react";
import { CopyButton } from "../ui/CopyButton.tsx";

const YamlViewer = lazy(() => import("../editor/YamlViewer.tsx"));

/** Nothing while there is none. */
export function PreviewYaml({ yaml }: { yaml: string }) {
  if (yaml === "") return null;
  return (
    <section className="flex flex-col gap-1.5">
      <div className="flex items-center justify-between">
        <h2 className="text-xs text-tertiary">YAML</h2>
        <CopyButton text={yaml} label="Copy YAML" size="sm" />
      </div>
      <div className="h-[60vh] overflow-hidden rounded-md border border-stroke">
        <Suspense fallback={null}>
          <YamlViewer text={yaml} />
        </Suspense>
      </div>
    </section>
  );
}
