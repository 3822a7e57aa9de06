/** How the platform itself is: its parts with their versions and gates, what they run as, and OVN's health. */
import type { PlatformPart, PlatformStatus } from "@kubev/api-types/platform-status";
import { useQuery } from "@tanstack/react-query";
import { read } from "../../api/queries.ts";
import { LoadFailed } from "../../components/LoadFailed.tsx";
import { PageFrame } from "../../components/PageFrame.tsx";
import { partWords } from "../../components/part-words.ts";
import { SectionColumns } from "../../components/SectionColumns.tsx";
import { SimpleTable } from "../../components/SimpleTable.tsx";
import { useTitle } from "../../components/use-title.ts";
import { formatCount } from "../../format/numbers.ts";
import { reasonWithCause } from "../../reasons/reason-text.ts";
import { Section } from "../../ui/Facts.tsx";
import { SkeletonLines } from "../../ui/Progress.tsx";
import { Notice } from "../../ui/States.tsx";
import { Badge, StatusMark } from "../../ui/Status.tsx";
import { OvnHealth } from "./OvnHealth.tsx";

const everyMs = 15_000;

export default function PlatformStatusPage() {
  useTitle("Platform status");
  const { data, error, refetch } = useQuery({ ...read("getPlatformStatus", {}), refetchInterval: everyMs });
  return (
    <PageFrame title="Platform status">
      {data === undefined ? (
        error ? (
          <LoadFailed error={error} what="The status could not be loaded." onRetry={() => void refetch()} />
        ) : (
          <SkeletonLines label="Loading status" />
        )
      ) : (
        <Body data={data} />
      )}
    </PageFrame>
  );
}

function Body({ data }: { data: PlatformStatus }) {
  const kubeVirt = data.parts.find(({ name }) => name === "KubeVirt");
  return (
    <SectionColumns>
      <Section title="Parts">
        <SimpleTable
          label="Parts"
          columns={["Part", "State", "Version", "What there is to know"]}
          rows={data.parts.map((part) => ({
            key: part.name,
            cells: [
              <span key="name" className="font-medium">
                {part.name}
              </span>,
              <StatusMark key="state" tone={part.tone}>
                {part.phase === "" || part.tone !== "ok" ? partWords[part.tone] : part.phase}
              </StatusMark>,
              part.targetVersion === "" ? part.version || "–" : `${part.version} → ${part.targetVersion}`,
              knownOf(part) === "" ? null : (
                <span key="know" className="text-secondary">
                  {knownOf(part)}
                </span>
              ),
            ],
          }))}
        />
      </Section>
      {kubeVirt === undefined || kubeVirt.reason !== undefined ? null : (
        <Section title="KubeVirt's feature gates">
          {kubeVirt.featureGates.length === 0 ? (
            <p className="text-secondary">
              None is switched on beyond those that this version has on by itself.
            </p>
          ) : (
            <span className="flex flex-wrap gap-1">
              {kubeVirt.featureGates.map((gate) => (
                <Badge key={gate}>{gate}</Badge>
              ))}
            </span>
          )}
          {kubeVirt.disabledFeatureGates.length === 0 ? null : (
            <p className="text-secondary">Switched off: {kubeVirt.disabledFeatureGates.join(", ")}.</p>
          )}
        </Section>
      )}
      <OvnHealth ovn={data.ovn} />
      <Section title="What they run as">
        {data.workloadsReason === undefined ? null : (
          <Notice tone="attention">{reasonWithCause(data.workloadsReason)}</Notice>
        )}
        {data.workloads.length === 0 ? (
          <p className="text-secondary">No workload of the platform was found.</p>
        ) : (
          <SimpleTable
            label="Workloads"
            columns={["Workload", "Part", "Project", "Ready"]}
            rows={data.workloads.map((one) => ({
              key: `${one.project}/${one.kind}/${one.name}`,
              cells: [
                <span key="name">
                  {one.name} <span className="text-tertiary">{one.kind}</span>
                </span>,
                one.part,
                one.project,
                <StatusMark key="ready" tone={one.tone}>
                  {`${formatCount(one.ready)} of ${formatCount(one.desired)}`}
                </StatusMark>,
              ],
            }))}
          />
        )}
      </Section>
    </SectionColumns>
  );
}

/** Why a part is not there or not well, in its own words. */
function knownOf(part: PlatformPart): string {
  if (part.reason !== undefined) return reasonWithCause(part.reason);
  return part.conditions
    .filter(({ tone }) => tone !== "ok" && tone !== "off")
    .map(({ type, reason, message }) => `${type}: ${[reason, message].filter(Boolean).join(": ")}`)
    .join(" ");
}
