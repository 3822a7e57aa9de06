/** What can I do here, and why not: each deed of a project with the cluster's answer and the right it asks for. */
import type { ProjectDeed } from "@kubev/api-types/project-deeds";
import { useQuery } from "@tanstack/react-query";
import { read } from "../../api/queries.ts";
import { AppLink } from "../../components/AppLink.tsx";
import { LoadFailed } from "../../components/LoadFailed.tsx";
import { PageFrame } from "../../components/PageFrame.tsx";
import { SimpleTable } from "../../components/SimpleTable.tsx";
import { useNamed } from "../../components/use-place.ts";
import { useSession } from "../../components/use-session.ts";
import { useTitle } from "../../components/use-title.ts";
import { formatPlural } from "../../format/numbers.ts";
import { paths } from "../../paths.ts";
import { SkeletonLines } from "../../ui/Progress.tsx";
import { Section } from "../../ui/Facts.tsx";
import { StatusMark } from "../../ui/Status.tsx";

const groups: readonly { title: string; deeds: Partial<Record<ProjectDeed, string>> }[] = [
  {
    title: "Machines",
    deeds: {
      "see-machines": "See machines",
      "create-machine": "Create machines",
      "change-machine": "Change their settings",
      "power-machine": "Start, stop and restart them",
      "open-screen": "Open their screens",
      "open-serial": "Open their serial consoles",
      "migrate-machine": "Move them between hosts",
      "snapshot-machine": "Take snapshots",
      "restore-machine": "Restore snapshots",
      "delete-machine": "Delete machines",
    },
  },
  {
    title: "Disks, images and networks",
    deeds: {
      "create-disk": "Create disks",
      "upload-image": "Upload images",
      "snapshot-disk": "Take snapshots of disks",
      "publish-service": "Publish services",
      "write-network-policy": "Write network policies",
    },
  },
  {
    title: "Containers",
    deeds: {
      "run-workload": "Run workloads",
      "read-logs": "Read what containers wrote",
      "read-secrets": "Read secrets",
      "write-secrets": "Create secrets",
    },
  },
  {
    title: "The project itself",
    deeds: {
      "see-members": "See who is a member",
      "add-members": "Add members",
      "change-quota": "Change its quota",
      "edit-project": "Change its name and labels",
      "delete-project": "Delete it",
    },
  },
];

export default function ProjectRightsPage() {
  const { project } = useNamed();
  const { user } = useSession();
  useTitle("What you can do here");
  const { data, error, refetch } = useQuery(read("getProjectDeeds", { params: { project } }));
  const denied = data?.deeds.filter(({ decision }) => !decision.allowed).length ?? 0;
  const maySeeMembers =
    data?.deeds.some(({ deed, decision }) => deed === "see-members" && decision.allowed) ?? false;
  return (
    <PageFrame title="What you can do here">
      <div className="flex max-w-4xl flex-col gap-7">
        {data === undefined ? (
          error ? (
            <LoadFailed
              error={error}
              what="Your rights could not be asked for."
              onRetry={() => void refetch()}
            />
          ) : (
            <SkeletonLines label="Asking the cluster" />
          )
        ) : (
          <>
            <p className="text-secondary">
              The cluster says so of {user.name} in {project}.{" "}
              {denied === 0
                ? "Nothing is missing."
                : `${formatPlural(denied, "right is", "rights are")} missing; an administrator of the project gives rights under `}
              {denied === 0 ? null : maySeeMembers ? (
                <AppLink to={paths.objects("role-binding", project)}>Members</AppLink>
              ) : (
                "Members"
              )}
              {denied === 0 ? null : "."}
            </p>
            {groups.map(({ title, deeds }) => (
              <Section key={title} title={title}>
                <SimpleTable
                  label={title}
                  columns={["Deed", "You may", "Right"]}
                  rows={data.deeds
                    .filter(({ deed }) => deeds[deed] !== undefined)
                    .map(({ deed, decision, verb, resource }) => ({
                      key: deed,
                      cells: [
                        deeds[deed],
                        <StatusMark key="may" tone={decision.allowed ? "ok" : "off"}>
                          {decision.allowed ? "Yes" : "No"}
                        </StatusMark>,
                        <span key="right" className="font-mono text-xs break-all text-secondary">
                          {verb} {resource}
                        </span>,
                      ],
                    }))}
                />
              </Section>
            ))}
          </>
        )}
      </div>
    </PageFrame>
  );
}
