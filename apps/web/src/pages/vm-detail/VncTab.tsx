/** The machine's screen; noVNC is loaded only here. */
import { lazy, Suspense } from "react";
import { disabledReason } from "../../components/reason-of.ts";
import { useTitle } from "../../components/use-title.ts";
import { useVm } from "./use-vm.ts";

const VncView = lazy(() => import("../../console/VncView.tsx"));

export default function VncTab() {
  const { row } = useVm();
  useTitle(`Screen of ${row.name}`);
  const reason = disabledReason(row.actions.vnc);
  return (
    <Suspense fallback={null}>
      <VncView
        key={`${row.project}/${row.name}`}
        project={row.project}
        name={row.name}
        running={reason === undefined}
        offReason={reason ?? ""}
      />
    </Suspense>
  );
}
