/** How networks hang together: a picture, and a table that says the same. Of one VPC, of the platform, or of a project. */
import type { TopologyVpc } from "@kubev/api-types/topology";
import { useQuery } from "@tanstack/react-query";
import { useLiveFeed } from "../../api/live/use-live.ts";
import { readList } from "../../api/queries.ts";
import { AppLink } from "../../components/AppLink.tsx";
import { LoadFailed } from "../../components/LoadFailed.tsx";
import { PageFrame } from "../../components/PageFrame.tsx";
import { SimpleTable } from "../../components/SimpleTable.tsx";
import { useProject, useSetUrlSearch, useUrlSearch } from "../../components/use-place.ts";
import { useTitle } from "../../components/use-title.ts";
import { formatCount } from "../../format/numbers.ts";
import { Section } from "../../ui/Facts.tsx";
import { Select } from "../../ui/Select.tsx";
import { EmptyState, Notice } from "../../ui/States.tsx";
import { SkeletonLines } from "../../ui/Progress.tsx";
import { errorText } from "../../reasons/error-text.ts";
import { TopologyCanvas } from "./TopologyCanvas.tsx";
import { subnetPath, wayOutPath, wayOutWords } from "./topology-words.ts";

export default function TopologyPage() {
  useTitle("Topology");
  const project = useProject();
  const vpc = useUrlSearch()["vpc"] ?? "";
  const setSearch = useSetUrlSearch();
  useLiveFeed("networks");
  const query = useQuery(readList("getTopology", { query: project === undefined ? {} : { project } }));
  const { vpcs: all, allWaysOut = false } = query.data ?? {};
  if (all === undefined)
    return (
      <PageFrame title="Topology">
        {query.error === null ? (
          <SkeletonLines lines={8} label="Loading the topology" />
        ) : (
          <LoadFailed
            what="The topology could not be loaded."
            error={query.error}
            onRetry={() => void query.refetch()}
          />
        )}
      </PageFrame>
    );
  const vpcs = vpc === "" ? all : all.filter((one) => one.name === vpc);
  return (
    <PageFrame title="Topology">
      {query.error === null ? null : (
        <Notice tone="attention">{`${errorText(query.error, "The topology could not be loaded again.").title} What is shown may be old.`}</Notice>
      )}
      {all.length === 0 ? (
        <EmptyState title="There is no network to show">Nothing of yours lies on a VPC.</EmptyState>
      ) : (
        <>
          <Select
            label="VPC"
            className="w-64 max-w-full"
            value={vpc}
            onChange={(name) => setSearch({ vpc: name === "" ? undefined : name })}
            choices={[{ value: "", label: "All" }, ...all.map(({ name }) => ({ value: name, label: name }))]}
          />
          <TopologyCanvas vpcs={vpcs} project={project} />
          <Section title="The same as a table">
            <SimpleTable
              label="Topology"
              columns={["VPC", "Subnet", "CIDR", "Machines", "Ways out of the VPC"]}
              rows={vpcs.flatMap((one) => rowsOf(one, project, allWaysOut))}
            />
          </Section>
        </>
      )}
    </PageFrame>
  );
}

/** @param all whether the reader may see every way out that there is */
function rowsOf(vpc: TopologyVpc, project: string | undefined, all: boolean) {
  const ways =
    vpc.waysOut.length === 0 ? (
      all ? (
        "None"
      ) : (
        "Not visible to you"
      )
    ) : (
      <ul>
        {vpc.waysOut.map((way) => (
          <li key={`${way.kind}-${way.name}`}>
            {wayOutWords[way.kind]}{" "}
            {project === undefined ? <AppLink to={wayOutPath(way)}>{way.name}</AppLink> : way.name}{" "}
            <span className="tabular text-secondary">{way.addresses.join(", ")}</span>
          </li>
        ))}
        {all ? null : <li className="text-secondary">Others, if there are any, are not visible to you</li>}
      </ul>
    );
  if (vpc.subnets.length === 0) return [{ key: vpc.name, cells: [vpc.name, "None", "–", "–", ways] }];
  return vpc.subnets.map((subnet, at) => ({
    key: `${vpc.name}/${subnet.name}`,
    cells: [
      vpc.name,
      <AppLink key="subnet" to={subnetPath(subnet, project)} look="plain">
        {subnet.name}
      </AppLink>,
      subnet.cidrs.join(", "),
      formatCount(subnet.machineCount),
      at === 0 ? ways : "As above",
    ],
  }));
}
