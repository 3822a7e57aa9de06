/** Hosts as storage drivers see them: list and page. */
import { AppLink } from "../../components/AppLink.tsx";
import { SimpleTable } from "../../components/SimpleTable.tsx";
import { formatCount } from "../../format/numbers.ts";
import { paths } from "../../paths.ts";
import { Section } from "../../ui/Facts.tsx";
import { deletingState, type ObjectPage, readyState } from "../object-page.ts";

const useText = ({ used, limit }: { used: number; limit: number | null }) =>
  limit === null ? formatCount(used) : `${formatCount(used)} of ${formatCount(limit)}`;

export const csiNodePage: ObjectPage<"csi-node"> = {
  noun: "csi-node",
  placeholder: "Search by host or driver",
  hints: [{ word: "driver:", detail: "By driver" }],
  states: {
    ready: readyState,
    "no-driver": { word: "No driver", tone: "attention" },
    deleting: deletingState,
  },
  columns: [
    {
      id: "attached",
      header: "Attached",
      align: "end",
      track: "90px",
      cell: ({ facts }) => formatCount(facts.attached),
      csv: ({ facts }) => facts.attached,
    },
    {
      id: "drivers",
      header: "By driver",
      track: "minmax(220px,2.4fr)",
      cell: ({ facts }) => (
        <span className="tabular truncate">
          {facts.drivers.map((driver) => `${driver.name}: ${useText(driver)}`).join(", ") || "–"}
        </span>
      ),
      csv: ({ facts }) => facts.drivers.map((driver) => `${driver.name}: ${driver.used}`).join(", "),
    },
  ],
  empty:
    "A storage driver has a part on each host, which says how many volumes it can hold. No host has one yet.",
  narrow: (facts) => [`${formatCount(facts.attached)} attached`],
  Overview: ({ detail: { row, detail } }) => (
    <Section
      title="Drivers on this host"
      aside={
        <AppLink
          to={`${paths.objects("volume-attachment", undefined)}?q=host:${encodeURIComponent(row.name)}`}
        >
          Volumes attached here
        </AppLink>
      }
    >
      <SimpleTable
        label="Drivers"
        columns={["Driver", "Attached volumes", "Name of the host there", "Parts of the cluster by"]}
        rows={detail.drivers.map((driver) => ({
          key: driver.name,
          cells: [
            <AppLink
              key="driver"
              to={paths.object({ ref: { noun: "csi-driver" }, name: driver.name })}
              look="plain"
            >
              {driver.name}
            </AppLink>,
            useText(driver),
            driver.nodeId,
            driver.topologyKeys.join(", ") || "–",
          ],
        }))}
      />
    </Section>
  ),
  deletion: () =>
    "The host's drivers report it again by themselves. Until then nothing new is attached there.",
};
