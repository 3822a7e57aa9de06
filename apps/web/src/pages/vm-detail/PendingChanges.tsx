/** What the machine's definition says and the running machine has not got yet, and how to bring it about. */
import type { VmRow } from "@kubev/api-types/virtual-machines";
import { useQuery } from "@tanstack/react-query";
import { read } from "../../api/queries.ts";
import { SettingChanges } from "../../components/SettingChanges.tsx";
import { errorText } from "../../reasons/error-text.ts";
import { Notice } from "../../ui/States.tsx";

export function PendingChanges({ vm }: { vm: VmRow }) {
  const params = { project: vm.project, name: vm.name };
  const { data, error } = useQuery(read("getVmPending", { params }));
  const changes = data?.changes ?? [];
  if (data === undefined && error !== null) {
    const { title, upstreamText } = errorText(error);
    return (
      <Notice tone="attention">
        <p>What waits for a restart of the machine is not known now. {title}</p>
        {upstreamText === undefined ? null : <p className="font-mono text-xs break-words">{upstreamText}</p>}
      </Notice>
    );
  }
  if (changes.length === 0 && !vm.restartRequired) return null;
  const moving = changes.length > 0 && changes.every((change) => change.effect === "migration");
  return (
    <section aria-label="Pending changes" className="flex max-w-3xl flex-col gap-2">
      <Notice tone={moving ? "working" : "attention"}>
        <p>
          {moving
            ? "These changes arrive with a migration to another host."
            : "Some changes take effect only after a restart of the machine."}
        </p>
        {data === undefined || data.message === "" || changes.length > 0 ? null : (
          <p className="font-mono text-xs break-words">{data.message}</p>
        )}
      </Notice>
      {changes.length === 0 ? null : <SettingChanges changes={changes} />}
    </section>
  );
}
