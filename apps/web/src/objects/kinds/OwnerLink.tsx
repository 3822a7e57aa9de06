/** What made a pod: its machine, its workload, or nothing that has a page. */
import type { ObjectNoun } from "@kubev/api-types/object-catalog";
import { AppLink } from "../../components/AppLink.tsx";
import { paths } from "../../paths.ts";

const nouns: Readonly<Record<string, ObjectNoun>> = {
  ReplicaSet: "deployment",
  StatefulSet: "stateful-set",
  DaemonSet: "daemon-set",
  Job: "job",
};

interface Owned {
  ownerKind: string;
  workload: string;
  machine: string;
}

export function OwnerLink({ facts, project }: { facts: Owned; project: string }) {
  if (facts.machine !== "")
    return (
      <AppLink to={paths.vm(project, facts.machine)} look="plain" className="truncate">
        {facts.machine}
      </AppLink>
    );
  if (facts.workload === "") return <span className="text-tertiary">Nothing</span>;
  const noun = nouns[facts.ownerKind];
  return noun === undefined ? (
    <span className="truncate">{facts.workload}</span>
  ) : (
    <AppLink
      to={paths.object({ ref: { noun }, project, name: facts.workload })}
      look="plain"
      className="truncate"
    >
      {facts.workload}
    </AppLink>
  );
}
