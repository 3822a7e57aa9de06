/** The objects of one kind, by name. */
import type { AnyObjects } from "@kubev/api-types/any-objects";
import { useQuery } from "@tanstack/react-query";
import { Plus } from "lucide-react";
import { read } from "../../api/queries.ts";
import { Age } from "../../components/Age.tsx";
import { AppLink } from "../../components/AppLink.tsx";
import { ButtonLink } from "../../components/ButtonLink.tsx";
import { LoadFailed } from "../../components/LoadFailed.tsx";
import { PageFrame } from "../../components/PageFrame.tsx";
import { PageSearch, usePageSearch } from "../../components/PageSearch.tsx";
import { SimpleTable } from "../../components/SimpleTable.tsx";
import { useTitle } from "../../components/use-title.ts";
import { type KindPlace, paths } from "../../paths.ts";
import { reasonText } from "../../reasons/reason-text.ts";
import { SkeletonLines } from "../../ui/Progress.tsx";
import { EmptyState, Notice } from "../../ui/States.tsx";
import { kindParams } from "./kind-place.ts";

interface KindObjectsProps {
  kind: KindPlace;
  project: string | undefined;
}

export function KindObjectsPage({ kind, project }: KindObjectsProps) {
  const query = project === undefined ? {} : { project };
  const { data, error, refetch } = useQuery(read("listAnyObjects", { params: kindParams(kind), query }));
  const title = data?.kind ?? kind.plural;
  useTitle(title);
  const create = (
    <ButtonLink to={paths.textCreate(project)} icon={<Plus size={16} strokeWidth={1.5} aria-hidden />}>
      Create from YAML
    </ButtonLink>
  );
  return (
    <PageFrame title={title} aside={create}>
      {data === undefined ? (
        error ? (
          <LoadFailed
            error={error}
            what={`The list of ${kind.plural} could not be loaded.`}
            onRetry={() => void refetch()}
            action={<ButtonLink to={paths.kinds(project)}>All kinds</ButtonLink>}
          />
        ) : (
          <SkeletonLines lines={6} label="Loading the objects" />
        )
      ) : (
        <>
          {data.warnings.map(({ reason }) => (
            <Notice key={reason.code} tone="attention">
              {reasonText(reason)}
            </Notice>
          ))}
          {data.objects.length === 0 ? (
            <EmptyState title={`There is no ${data.kind} here`}>
              {project === undefined ? "The cluster" : "This project"} holds none.
            </EmptyState>
          ) : (
            <ObjectTable kind={kind} project={project} found={data} />
          )}
        </>
      )}
    </PageFrame>
  );
}

function ObjectTable({ kind, project, found }: KindObjectsProps & { found: AnyObjects }) {
  const q = usePageSearch();
  const text = q.toLowerCase();
  const shown = found.objects.filter(({ name }) => name.toLowerCase().includes(text));
  const withProject = found.namespaced && project === undefined;
  const cut = found.warnings.some(({ reason }) => reason.code === "result-cut");
  return (
    <>
      <PageSearch placeholder="Name" />
      {shown.length === 0 ? (
        <EmptyState
          title={cut ? "No name of those that were read matches this" : "No name matches this"}
          action={
            cut && (!found.namespaced || project !== undefined) && /^[\w.:-]+$/.test(q) ? (
              <ButtonLink to={paths.kind(project, kind, q)}>Open {q}</ButtonLink>
            ) : null
          }
        >
          {cut
            ? `There are more than the ${found.objects.length} that were read.`
            : `${found.objects.length} are listed in all.`}
        </EmptyState>
      ) : (
        <SimpleTable
          label={found.kind}
          columns={["Name", ...(withProject ? ["Project"] : []), "Age"]}
          endAligned={["Age"]}
          rows={shown.map((one) => ({
            key: `${one.project}/${one.name}`,
            cells: [
              <AppLink
                key="n"
                to={paths.kind(one.project || undefined, kind, one.name)}
                look="plain"
                className="font-medium break-all"
              >
                {one.name}
              </AppLink>,
              ...(withProject ? [one.project] : []),
              <Age key="a" iso={one.createdAt} />,
            ],
          }))}
        />
      )}
    </>
  );
}
