/** Storage drivers: list and page. */
import { AppLink } from "../../components/AppLink.tsx";
import { SimpleTable } from "../../components/SimpleTable.tsx";
import { formatCount } from "../../format/numbers.ts";
import { paths } from "../../paths.ts";
import { Facts, Section } from "../../ui/Facts.tsx";
import { deletingState, type ObjectPage, readyState } from "../object-page.ts";

const yesNo = (value: boolean) => (value ? "Yes" : "No");

export const csiDriverPage: ObjectPage<"csi-driver"> = {
  noun: "csi-driver",
  placeholder: "Search by name",
  hints: [],
  states: { ready: readyState, deleting: deletingState },
  columns: [
    {
      id: "classes",
      header: "Storage classes",
      track: "minmax(150px,1.4fr)",
      cell: ({ facts }) => <span className="truncate">{facts.storageClasses.join(", ") || "None"}</span>,
      csv: ({ facts }) => facts.storageClasses.join(" "),
    },
    {
      id: "hosts",
      header: "Hosts",
      align: "end",
      track: "80px",
      cell: ({ facts }) => formatCount(facts.hosts),
      csv: ({ facts }) => facts.hosts,
    },
    {
      id: "attach",
      header: "Attaches",
      track: "100px",
      cell: ({ facts }) => yesNo(facts.attachRequired),
      csv: ({ facts }) => String(facts.attachRequired),
    },
    {
      id: "capacity",
      header: "Tells its capacity",
      track: "minmax(120px,0.8fr)",
      cell: ({ facts }) => yesNo(facts.storageCapacity),
      csv: ({ facts }) => String(facts.storageCapacity),
    },
  ],
  empty:
    "A storage driver (CSI) makes, attaches and mounts volumes. The cluster's administrators install them.",
  narrow: (facts) => [facts.storageClasses.join(", ")],
  Overview: ({ detail: { row, detail } }) => (
    <>
      <Section title="Driver">
        <Facts
          facts={[
            { name: "Storage classes", value: row.facts.storageClasses.join(", ") || "None" },
            { name: "Volumes are attached to hosts", value: yesNo(row.facts.attachRequired) },
            { name: "Tells its capacity", value: yesNo(row.facts.storageCapacity) },
            { name: "Volumes live", value: row.facts.lifecycleModes.join(", ") },
            { name: "Ownership of files", value: row.facts.fsGroupPolicy || "Left to Kubernetes" },
            { name: "Gets facts of pods", value: yesNo(detail.podInfoOnMount) },
          ]}
        />
      </Section>
      <Section title="Hosts">
        {detail.hosts.length === 0 ? (
          <p className="text-secondary">It runs on no host, so no volume of it can be used anywhere.</p>
        ) : (
          <SimpleTable
            label="Hosts"
            columns={["Host", "Attached volumes", "At most"]}
            rows={detail.hosts.map(({ host, limit, used }) => ({
              key: host,
              cells: [
                <AppLink key="host" to={paths.object({ ref: { noun: "csi-node" }, name: host })} look="plain">
                  {host}
                </AppLink>,
                formatCount(used),
                limit === null ? "No limit" : formatCount(limit),
              ],
            }))}
          />
        )}
      </Section>
    </>
  ),
  deletion: () =>
    "Kubernetes forgets how to attach volumes of this driver. Machines that use them cannot start again.",
};
