/** The machine's serial console; xterm.js is loaded only here. */
import { lazy, Suspense } from "react";
import { useTitle } from "../../components/use-title.ts";
import { offWords } from "../../console/off-words.ts";
import { useVm } from "./use-vm.ts";

const SerialView = lazy(() => import("../../console/SerialView.tsx"));

export default function SerialTab() {
  const { row } = useVm();
  useTitle(`Serial console of ${row.name}`);
  const off = offWords(row.actions.serial, "serial");
  return (
    <Suspense fallback={null}>
      <SerialView
        key={`${row.project}/${row.name}`}
        project={row.project}
        name={row.name}
        running={off === null}
        off={off}
      />
    </Suspense>
  );
}
