/** All kinds that the cluster serves: those with pages of their own lead there, the others to their objects. */
import type { ServedKind } from "@kubev/api-types/any-objects";
import { isObjectNoun } from "@kubev/api-types/object-catalog";
import type { Noun } from "@kubev/api-types/resource-ref";
import { useQuery } from "@tanstack/react-query";
import { read } from "../../api/queries.ts";
import { AppLink } from "../../components/AppLink.tsx";
import { LoadFailed } from "../../components/LoadFailed.tsx";
import { PageFrame } from "../../components/PageFrame.tsx";
import { PageSearch, usePageSearch } from "../../components/PageSearch.tsx";
import { SimpleTable } from "../../components/SimpleTable.tsx";
import { useTitle } from "../../components/use-title.ts";
import { formatList } from "../../format/numbers.ts";
import { paths } from "../../paths.ts";
import { SkeletonLines } from "../../ui/Progress.tsx";
import { EmptyState, Notice } from "../../ui/States.tsx";

/** The list of a noun that is not catalogued. */
function ownListOf(noun: Noun, project: string | undefined): string | undefined {
  if (isObjectNoun(noun)) return noun === "subnet" ? paths.subnets(project) : paths.objects(noun, project);
  switch (noun) {
    case "virtual-machine":
      return paths.vms(project);
    case "disk":
      return paths.disks(project);
    case "image":
      return paths.images(project);
    case "project":
      return paths.projects();
    case "host":
      return paths.hosts();
    default:
      return undefined;
  }
}

const matches = ({ kind, group, plural }: ServedKind, text: string) =>
  [kind, group, plural].some((word) => word.toLowerCase().includes(text));

export function KindListPage({ project }: { project: string | undefined }) {
  useTitle("All kinds");
  const { data, error, refetch } = useQuery({ ...read("listKinds", {}), staleTime: 60_000 });
  return (
    <PageFrame title="All kinds">
      {data === undefined ? (
        error ? (
          <LoadFailed error={error} what="The kinds could not be loaded." onRetry={() => void refetch()} />
        ) : (
          <SkeletonLines lines={8} label="Loading the kinds" />
        )
      ) : (
        <>
          <p className="max-w-3xl text-secondary">
            Everything that the cluster keeps
            {project === undefined ? "" : ` in projects`}, by kind. What has no page of its own is read,
            changed and deleted as YAML, with your own rights.
          </p>
          {data.unread.length === 0 ? null : (
            <Notice tone="attention">
              The cluster cannot say at the moment which kinds there are in {formatList(data.unread)}.
            </Notice>
          )}
          <KindTable
            kinds={data.kinds.filter(({ namespaced }) => project === undefined || namespaced)}
            project={project}
          />
        </>
      )}
    </PageFrame>
  );
}

function KindTable({ kinds, project }: { kinds: readonly ServedKind[]; project: string | undefined }) {
  const text = usePageSearch().toLowerCase();
  const shown = kinds.filter((kind) => text === "" || matches(kind, text));
  return (
    <>
      <PageSearch placeholder="Kind or group" />
      {shown.length === 0 ? (
        <EmptyState title={kinds.length === 0 ? "The cluster names no kinds" : "No kind matches this"}>
          {kinds.length === 0
            ? "You may not read what it serves, or it serves nothing."
            : `There are ${kinds.length} in all.`}
        </EmptyState>
      ) : (
        <SimpleTable
          label="Kinds"
          columns={["Kind", "Group", "Version", ...(project === undefined ? ["Lies in"] : []), "Opens"]}
          rows={shown.map((kind) => {
            const own = kind.noun === null ? undefined : ownListOf(kind.noun, project);
            return {
              key: `${kind.group}/${kind.plural}`,
              cells: [
                <AppLink
                  key="k"
                  to={own ?? paths.kind(project, kind)}
                  look="plain"
                  className="font-medium break-all"
                >
                  {kind.kind}
                </AppLink>,
                <span key="g" className="font-mono text-xs break-all text-secondary">
                  {kind.group || "core"}
                </span>,
                <span key="v" className="font-mono text-xs text-secondary">
                  {kind.version}
                </span>,
                ...(project === undefined ? [kind.namespaced ? "A project" : "The cluster"] : []),
                own === undefined ? "Its objects as YAML" : "Its own page",
              ],
            };
          })}
        />
      )}
    </>
  );
}
