/** The host at a glance: whether it runs machines, what it offers, what was asked of it and promised, and how it is. */
import type { HostDetail } from "@kubev/api-types/hosts";
import type { UsageMeasure } from "@kubev/api-types/usage";
import { useQuery } from "@tanstack/react-query";
import { read } from "../../api/queries.ts";
import { Age } from "../../components/Age.tsx";
import { Conditions } from "../../components/Conditions.tsx";
import { kvmWords, resourceAmount, resourceName } from "../../components/host-words.ts";
import { SimpleTable } from "../../components/SimpleTable.tsx";
import { SectionColumns } from "../../components/SectionColumns.tsx";
import { TabBody } from "../../components/TabBody.tsx";
import { formatExact } from "../../format/dates.ts";
import { formatBytes, formatCores, formatCount, formatPercent } from "../../format/numbers.ts";
import { reasonWithCause } from "../../reasons/reason-text.ts";
import { Facts, Section } from "../../ui/Facts.tsx";
import { RoomBar } from "../../ui/Progress.tsx";
import { Badge, StatusMark } from "../../ui/Status.tsx";
import { useHost } from "./use-host.ts";

const everyMs = 15_000;

export default function HostOverviewTab() {
  const detail = useHost();
  return (
    <TabBody>
      <SectionColumns>
        <div className="grid gap-x-12 gap-y-7 lg:grid-cols-2">
          <Virtualisation detail={detail} />
          <System detail={detail} />
        </div>
        <Resources detail={detail} />
        <Conditions conditions={detail.conditions} />
        <div className="grid gap-x-12 gap-y-7 lg:grid-cols-2">
          <Section title="Taints">
            {detail.taints.length === 0 ? (
              <p className="text-secondary">None: whatever fits may be placed here.</p>
            ) : (
              <SimpleTable
                label="Taints"
                columns={["Key", "Value", "Effect"]}
                rows={detail.taints.map((taint) => ({
                  key: `${taint.key} ${taint.effect}`,
                  cells: [taint.key, taint.value || "–", taint.effect],
                }))}
              />
            )}
          </Section>
          <Section title="Labels">
            <span className="flex flex-wrap gap-1">
              {plainLabels(detail.labels).map(([key, value]) => (
                <Badge key={key}>{value === "" ? key : `${key}=${value}`}</Badge>
              ))}
            </span>
          </Section>
        </div>
      </SectionColumns>
    </TabBody>
  );
}

/** Those of KubeVirt's processor labels are told by name above. */
const plainLabels = (labels: HostDetail["labels"]) =>
  Object.entries(labels).filter(([key]) => !/\.node\.kubevirt\.io\//.test(key));

const nestedWords = {
  yes: "Yes: guests may run machines of their own",
  no: "No",
  unknown: "Not known: the processor was not looked at",
} as const;

function Virtualisation({ detail: { row, virtualisation: it } }: { detail: HostDetail }) {
  const { reason } = row.machines;
  return (
    <Section title="Virtualisation">
      <Facts
        facts={[
          {
            name: "Machines",
            value: row.machines.schedulable ? (
              <StatusMark tone="ok">Can run here</StatusMark>
            ) : (
              <span className="flex flex-col">
                <StatusMark tone="attention">Cannot run here</StatusMark>
                {reason === undefined ? null : (
                  <span className="text-secondary">{reasonWithCause(reason)}</span>
                )}
              </span>
            ),
          },
          {
            name: "KVM",
            value:
              it.kvmDevices.allocatable > 0
                ? `Available to ${formatCount(it.kvmDevices.allocatable)} machines`
                : "Not available (devices.kubevirt.io/kvm)",
          },
          {
            name: "Schedulable label",
            value: it.schedulableLabel === "absent" ? "Absent" : it.schedulableLabel,
          },
          {
            name: "virt-handler",
            value:
              it.heartbeatAt === "" ? (
                "Was never seen here"
              ) : (
                <span title={formatExact(it.heartbeatAt)}>
                  Seen <Age iso={it.heartbeatAt} ago />
                </span>
              ),
          },
          { name: "Nested virtualisation", value: nestedWords[it.nested] },
          { name: "Dedicated CPU", value: it.cpuManager ? "Offered (CPU manager)" : "Not offered" },
          {
            name: "Host model",
            value: [it.cpuVendor, it.hostModel].filter(Boolean).join(" ") || "Not known",
          },
          {
            name: "CPU models",
            value: <Names names={it.cpuModels} />,
          },
          { name: "CPU features", value: <Names names={it.cpuFeatures} /> },
        ]}
      />
    </Section>
  );
}

function Names({ names }: { names: readonly string[] }) {
  return names.length === 0 ? (
    "None known"
  ) : (
    <span className="flex flex-wrap gap-1">
      {names.map((name) => (
        <Badge key={name}>{name}</Badge>
      ))}
    </span>
  );
}

function System({ detail: { row, system } }: { detail: HostDetail }) {
  return (
    <Section title="Host">
      <Facts
        facts={[
          { name: "System", value: row.os },
          { name: "Kernel", value: row.kernel },
          { name: "Architecture", value: system.architecture },
          { name: "Containers", value: system.runtime },
          { name: "Kubernetes", value: row.kubelet },
          { name: "Addresses", value: system.addresses.join(", ") },
          { name: "Zone", value: row.zone || "None" },
          { name: "Hardware", value: row.hardware || "Not said" },
          {
            name: "In the cluster since",
            value: (
              <span>
                {formatExact(row.createdAt)} (<Age iso={row.createdAt} ago />)
              </span>
            ),
          },
        ]}
      />
    </Section>
  );
}

/** What is used now, by resource; empty where nothing measures. */
function useUsed(name: string): ReadonlyMap<string, number> {
  const { data } = useQuery({
    ...read("getHostUsage", { params: { name }, query: { range: "15m" } }),
    refetchInterval: everyMs,
  });
  const last = (measure: UsageMeasure): [string, number][] => {
    const value = data?.series
      .find((series) => series.measure === measure)
      ?.values.findLast((one) => one !== null);
    return value == null ? [] : [[measure === "cpuCores" ? "cpu" : "memory", value]];
  };
  return new Map([...last("cpuCores"), ...last("memoryBytes")]);
}

function Resources({ detail: { resources, promised, row } }: { detail: HostDetail }) {
  const used = useUsed(row.name);
  const kvm = kvmWords(
    resources.find(({ name }) => name === "devices.kubevirt.io/kvm")?.requested ?? row.machines.count,
    row.machines.count,
  );
  const share = (given: number, of: number) => (of > 0 ? formatPercent((given / of) * 100) : "–");
  return (
    <Section title="Resources">
      <SimpleTable
        label="Resources"
        columns={["Resource", "Used", "Requested", "Share", "Allocatable", "Capacity"]}
        endAligned={["Used", "Requested", "Allocatable", "Capacity"]}
        rows={resources.map(({ name, requested, allocatable, capacity }) => {
          const percent = allocatable > 0 ? (requested / allocatable) * 100 : 0;
          const now = used.get(name);
          return {
            key: name,
            cells: [
              resourceName(name),
              now === undefined ? "–" : resourceAmount(name, now),
              resourceAmount(name, requested),
              <span key="share" className="flex min-w-36 items-center gap-2.5">
                <RoomBar percent={percent} label={`${resourceName(name)} requested`} />
                <span className="tabular w-12 shrink-0 text-right text-secondary">
                  {formatPercent(percent)}
                </span>
              </span>,
              resourceAmount(name, allocatable),
              resourceAmount(name, capacity),
            ],
          };
        })}
      />
      <p className="text-secondary">
        Its {formatCount(row.machines.count)} machines were given {formatCores(promised.cpuCores)} (
        {share(promised.cpuCores, row.cpuCores.allocatable)} of the CPU) and{" "}
        {formatBytes(promised.memoryBytes)} of memory (
        {share(promised.memoryBytes, row.memoryBytes.allocatable)}). More than 100 % is overcommitment.
        {kvm === undefined ? "" : ` ${kvm}`}
      </p>
    </Section>
  );
}
