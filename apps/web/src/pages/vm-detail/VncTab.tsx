/** The machine's screen; noVNC is loaded only here. */
import { lazy, Suspense } from "react";
import { useTitle } from "../../components/use-title.ts";
import { offWords } from "../../console/off-words.ts";
import { useVm } from "./use-vm.ts";

const VncView = lazy(() => import("../../console/VncView.tsx"));

export default function VncTab() {
  const { row } = useVm();
  useTitle(`Screen of ${row.name}`);
  const off = offWords(row.actions.vnc, "vnc");
  return (
    <Suspense fallback={null}>
      <VncView
        key={`${row.project}/${row.name}`}
        project={row.project}
        name={row.name}
        running={off === null}
        off={off}
      />
    </Suspense>
  );
}
