/** The machine's serial console; xterm.js is loaded only here. */
import { lazy, Suspense } from "react";
import { disabledReason } from "../../components/reason-of.ts";
import { useTitle } from "../../components/use-title.ts";
import { useVm } from "./use-vm.ts";

const SerialView = lazy(() => import("../../console/SerialView.tsx"));

export default function SerialTab() {
  const { row } = useVm();
  useTitle(`Serial console of ${row.name}`);
  const reason = disabledReason(row.actions.serial);
  return (
    <Suspense fallback={null}>
      <SerialView
        key={`${row.project}/${row.name}`}
        project={row.project}
        name={row.name}
        running={reason === undefined}
        offReason={reason ?? ""}
      />
    </Suspense>
  );
}
