/** Deployments, StatefulSets and DaemonSets: lists and pages. */
import type { ObjectDetail } from "@kubev/api-types/objects";
import { AppLink } from "../../components/AppLink.tsx";
import { Conditions } from "../../components/Conditions.tsx";
import { SimpleTable } from "../../components/SimpleTable.tsx";
import { formatCount } from "../../format/numbers.ts";
import { paths } from "../../paths.ts";
import { Facts, Section } from "../../ui/Facts.tsx";
import { deletingState, type ObjectPage, readyState } from "../object-page.ts";
import { WorkloadDeedButtons } from "./WorkloadDeeds.tsx";

type WorkloadNoun = "deployment" | "stateful-set" | "daemon-set";

/** Containers of a template, as a workload's page shows them. */
export function TemplateContainers({
  containers,
}: {
  containers: readonly { name: string; image: string; cpu: string; memory: string }[];
}) {
  return (
    <Section title="Containers of each pod">
      <SimpleTable
        label="Containers of each pod"
        columns={["Name", "Image", "CPU", "Memory"]}
        rows={containers.map((one) => ({
          key: one.name,
          cells: [
            one.name,
            <span key="image" className="font-mono text-xs break-all">
              {one.image}
            </span>,
            one.cpu || "–",
            one.memory || "–",
          ],
        }))}
      />
    </Section>
  );
}

function Overview({ detail: { row, detail } }: { detail: ObjectDetail<WorkloadNoun> }) {
  const pods = `${paths.objects("pod", row.project)}?q=${encodeURIComponent(`workload:${row.name}`)}`;
  return (
    <>
      <Section title="Pods" aside={<AppLink to={pods}>Its pods</AppLink>}>
        <Facts
          facts={[
            { name: "Ready", value: `${formatCount(row.facts.ready)} of ${formatCount(row.facts.desired)}` },
            { name: "Of the newest template", value: formatCount(row.facts.updated) },
            { name: "Available", value: formatCount(row.facts.available) },
            { name: "Rollout", value: row.facts.paused ? "Halted" : detail.strategy },
            {
              name: "Selects",
              value:
                Object.entries(detail.selector)
                  .map(([key, value]) => `${key}=${value}`)
                  .join(", ") || "–",
            },
          ]}
        />
      </Section>
      <TemplateContainers containers={detail.containers} />
      <Conditions conditions={detail.conditions} />
    </>
  );
}

function workloadPage(noun: WorkloadNoun, empty: string): Omit<ObjectPage<WorkloadNoun>, "noun"> {
  return {
    fromText: true,
    placeholder: "Search by name or image",
    hints: [
      { word: "status:not-ready", detail: "By state" },
      { word: "label:app=web", detail: "By a label" },
    ],
    states: {
      ready: readyState,
      "rolling-out": { word: "Rolling out", tone: "working" },
      "not-ready": { word: "Not all ready", tone: "attention" },
      failing: { word: "Stuck", tone: "error" },
      "scaled-to-zero": { word: "No pods wanted", tone: "off" },
      deleting: deletingState,
    },
    columns: [
      {
        id: "ready",
        header: "Ready",
        sortKey: "ready",
        align: "end",
        track: "80px",
        cell: ({ facts }) => `${facts.ready}/${facts.desired}`,
        glow: ({ facts }) => `${facts.ready}/${facts.desired}`,
        csv: ({ facts }) => `${facts.ready}/${facts.desired}`,
      },
      {
        id: "images",
        header: "Images",
        track: "minmax(200px,2fr)",
        cell: ({ facts }) => <span className="truncate font-mono text-xs">{facts.images.join(", ")}</span>,
        csv: ({ facts }) => facts.images.join(" "),
      },
    ],
    empty,
    narrow: (facts) => [`${facts.ready} of ${facts.desired} ready`],
    Overview,
    Actions: ({ detail }) => <WorkloadDeedButtons noun={noun} detail={detail} />,
    deletion: () => "Its pods end with it. Disks and services stay.",
  };
}

export const deploymentPage: ObjectPage<"deployment"> = {
  noun: "deployment",
  ...workloadPage(
    "deployment",
    "A deployment keeps a number of like pods running and replaces them in turn: the usual way to run a service beside the machines.",
  ),
};
export const statefulSetPage: ObjectPage<"stateful-set"> = {
  noun: "stateful-set",
  ...workloadPage(
    "stateful-set",
    "A stateful set keeps numbered pods running, each with a name and disks of its own, as databases want it.",
  ),
};
export const daemonSetPage: ObjectPage<"daemon-set"> = {
  noun: "daemon-set",
  ...workloadPage(
    "daemon-set",
    "A daemon set keeps one pod running on each host that fits, such as an agent that watches it.",
  ),
};
