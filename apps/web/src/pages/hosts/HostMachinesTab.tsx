/** What runs on the host: its machines, then every pod. */
import { useQuery } from "@tanstack/react-query";
import { read } from "../../api/queries.ts";
import { AppLink } from "../../components/AppLink.tsx";
import { LoadFailed } from "../../components/LoadFailed.tsx";
import { SimpleTable } from "../../components/SimpleTable.tsx";
import { TabBody } from "../../components/TabBody.tsx";
import { useTitle } from "../../components/use-title.ts";
import { VmStatus } from "../../components/VmStatus.tsx";
import { formatBytes, formatCores, formatCount, formatNumber } from "../../format/numbers.ts";
import { paths } from "../../paths.ts";
import { Section } from "../../ui/Facts.tsx";
import { SkeletonLines } from "../../ui/Progress.tsx";
import { useHost } from "./use-host.ts";

const everyMs = 5000;

export default function HostMachinesTab() {
  const detail = useHost();
  const { name } = detail.row;
  useTitle(`Machines of ${name}`);
  return (
    <TabBody>
      <Machines host={name} />
      <Section title={`Pods (${formatCount(detail.podsTotal)})`}>
        {detail.podsTotal === 0 ? (
          <p className="text-secondary">No pod runs here.</p>
        ) : (
          <SimpleTable
            label="Pods"
            columns={["Pod", "Project", "Phase", "Kept by", "CPU", "Memory"]}
            endAligned={["CPU", "Memory"]}
            rows={detail.pods.map((pod) => ({
              key: `${pod.project}/${pod.name}`,
              cells: [
                pod.name,
                pod.project,
                pod.phase,
                pod.owner.kind === "" ? "Nothing" : `${pod.owner.kind} ${pod.owner.name}`,
                `${formatNumber(pod.cpuCores)} cores`,
                formatBytes(pod.memoryBytes),
              ],
            }))}
          />
        )}
        {detail.pods.length < detail.podsTotal ? (
          <p className="text-secondary">Only the first {formatCount(detail.pods.length)} are shown.</p>
        ) : null}
      </Section>
    </TabBody>
  );
}

function Machines({ host }: { host: string }) {
  const { data, error, refetch } = useQuery({
    ...read("listVms", { query: { q: `host:${host}`, pageSize: 200 } }),
    refetchInterval: everyMs,
  });
  if (data === undefined)
    return error ? (
      <LoadFailed error={error} what="The machines could not be loaded." onRetry={() => void refetch()} />
    ) : (
      <SkeletonLines label="Loading machines" />
    );
  return (
    <Section
      title={`Machines (${formatCount(data.total)})`}
      aside={
        <AppLink to={paths.vms(undefined)} search={{ q: `host:${host}` }}>
          As a list
        </AppLink>
      }
    >
      {data.rows.length === 0 ? (
        <p className="text-secondary">No machine runs here.</p>
      ) : (
        <SimpleTable
          label="Machines"
          columns={["Machine", "Project", "Status", "CPU", "Memory"]}
          endAligned={["CPU", "Memory"]}
          rows={data.rows.map((vm) => ({
            key: `${vm.project}/${vm.name}`,
            cells: [
              <AppLink key="name" to={paths.vm(vm.project, vm.name)} look="plain" className="font-medium">
                {vm.name}
              </AppLink>,
              vm.project,
              <VmStatus key="status" state={vm.state} />,
              formatCores(vm.cpuCores),
              formatBytes(vm.memoryBytes),
            ],
          }))}
        />
      )}
    </Section>
  );
}
