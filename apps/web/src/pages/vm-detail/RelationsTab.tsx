/** What the machine needs and what needs it, as a small tree: each thing with its state, what is missing marked. */
import type { RelatedKind, VmRelated } from "@kubev/api-types/vm-relations";
import { useQuery } from "@tanstack/react-query";
import { read } from "../../api/queries.ts";
import { AppLink } from "../../components/AppLink.tsx";
import { LoadFailed } from "../../components/LoadFailed.tsx";
import { TabBody } from "../../components/TabBody.tsx";
import { useTitle } from "../../components/use-title.ts";
import { paths } from "../../paths.ts";
import { reasonText } from "../../reasons/reason-text.ts";
import { SkeletonLines } from "../../ui/Progress.tsx";
import { Notice } from "../../ui/States.tsx";
import { StatusMark } from "../../ui/Status.tsx";
import { useVm } from "./use-vm.ts";

/** Most of what is looked at has no feed of its own. */
const lookAgainMs = 15_000;

const kindWords: Record<RelatedKind, string> = {
  "instance-type": "Instance type",
  preference: "Preference",
  disk: "Disk",
  image: "Image",
  secret: "Secret",
  subnet: "Subnet",
  vpc: "VPC",
  "network-attachment": "Network attachment",
  host: "Host",
  snapshot: "Snapshot",
  service: "Service",
};

type Leaf = VmRelated["needs"][number];

/** The page of a thing; undefined where it has none. */
function pageOf({ kind, name, project }: Leaf, machine: string): string | undefined {
  switch (kind) {
    case "instance-type":
    case "preference":
      return project === ""
        ? paths.object({ ref: { noun: kind }, name })
        : paths.object({ ref: { noun: `project-${kind}` }, project, name });
    case "disk":
      return paths.disk(project, name);
    case "image":
      return paths.image(project, name);
    case "subnet":
      return paths.subnet(undefined, name);
    case "vpc":
      return paths.vpc(name);
    case "host":
      return paths.host(name);
    case "snapshot":
      return paths.vm(project, machine, "snapshots");
    case "secret":
      return paths.secret(project, name);
    case "service":
    case "network-attachment":
      return paths.object({ ref: { noun: kind }, project, name });
    default:
      return undefined;
  }
}

export default function RelationsTab() {
  const { row } = useVm();
  useTitle(`Dependencies of ${row.name}`);
  const query = useQuery({
    ...read("getVmRelations", { params: { project: row.project, name: row.name } }),
    refetchInterval: lookAgainMs,
  });
  if (query.data === undefined)
    return query.error ? (
      <LoadFailed
        error={query.error}
        what="The dependencies could not be loaded."
        onRetry={() => void query.refetch()}
      />
    ) : (
      <div className="px-5 py-6">
        <SkeletonLines lines={6} label="Loading the dependencies" />
      </div>
    );
  const { needs, neededBy, warnings } = query.data;
  return (
    <TabBody>
      {warnings.map(({ reason }) => (
        <Notice key={String(reason.params?.["resource"])} tone="attention">
          {reasonText(reason)}
        </Notice>
      ))}
      <div className="grid gap-x-10 gap-y-8 lg:grid-cols-2">
        <Branch title="It needs" nothing="It needs nothing but a host." things={needs} machine={row.name} />
        <Branch
          title="It is needed by"
          nothing="No snapshot and no service of this project depends on it."
          things={neededBy}
          machine={row.name}
        />
      </div>
    </TabBody>
  );
}

interface BranchProps {
  title: string;
  nothing: string;
  things: readonly VmRelated[];
  machine: string;
}

function Branch({ title, nothing, things, machine }: BranchProps) {
  return (
    <section className="flex min-w-0 flex-col gap-2">
      <h2 className="border-b border-stroke pb-1.5 text-base font-semibold">{title}</h2>
      {things.length === 0 ? <p className="text-secondary">{nothing}</p> : null}
      <ul className="flex flex-col">
        {things.map((thing) => (
          <li key={`${thing.kind}/${thing.project}/${thing.name}`}>
            <Thing thing={thing} machine={machine} />
            {thing.needs.length === 0 ? null : (
              <ul className="ml-2 border-l border-stroke pl-4">
                {thing.needs.map((inner) => (
                  <li key={`${inner.kind}/${inner.project}/${inner.name}`}>
                    <Thing thing={inner} machine={machine} />
                  </li>
                ))}
              </ul>
            )}
          </li>
        ))}
      </ul>
    </section>
  );
}

function Thing({ thing, machine }: { thing: Leaf; machine: string }) {
  const page = thing.presence === "there" ? pageOf(thing, machine) : undefined;
  return (
    <div className="flex min-h-8 flex-wrap items-center gap-x-3 gap-y-0.5 py-1">
      <span className="w-full shrink-0 text-xs text-secondary sm:w-28 sm:text-sm">
        {kindWords[thing.kind]}
      </span>
      <span className="min-w-0 flex-1 basis-40 font-medium wrap-anywhere">
        {page === undefined ? (
          thing.name
        ) : (
          <AppLink to={page} look="plain">
            {thing.name}
          </AppLink>
        )}
      </span>
      {thing.presence === "missing" ? (
        <StatusMark tone="error">Missing</StatusMark>
      ) : thing.presence === "unknown" ? (
        <span className="text-tertiary">You may not look at it</span>
      ) : thing.presence === "failing" ? (
        <span className="text-tertiary">Cannot be read now</span>
      ) : thing.state === "" ? null : (
        <StatusMark tone={thing.tone}>{sentenceCase(thing.state)}</StatusMark>
      )}
    </div>
  );
}

/** The server's words for states of its own nouns are lower case. */
function sentenceCase(word: string): string {
  const text = word.replaceAll("-", " ");
  return text.charAt(0).toUpperCase() + text.slice(1);
}
