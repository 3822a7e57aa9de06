/** The machine's YAML. */
import { useQueryClient } from "@tanstack/react-query";
import { call } from "../../api/client.ts";
import { keyOf, read } from "../../api/queries.ts";
import { disabledReason } from "../../components/reason-of.ts";
import { useNamed } from "../../components/use-place.ts";
import { useTitle } from "../../components/use-title.ts";
import { ObjectTextPanel } from "../../editor/ObjectTextPanel.tsx";
import { useVm } from "./use-vm.ts";

export default function YamlTab() {
  const params = useNamed();
  const { row } = useVm();
  useTitle(`YAML of ${params.name}`);
  const cache = useQueryClient();
  return (
    <ObjectTextPanel
      what="machine"
      text={read("getVmYaml", { params })}
      check={(body) => call("checkVmYaml", { params, body })}
      save={(body) => call("putVmYaml", { params, body })}
      onSaved={() => cache.invalidateQueries({ queryKey: keyOf("getVm", { params }) })}
      editRefused={disabledReason(row.actions.edit)}
    />
  );
}
