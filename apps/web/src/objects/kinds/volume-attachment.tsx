/** Volumes at hosts: list and page. */
import { AppLink } from "../../components/AppLink.tsx";
import { paths } from "../../paths.ts";
import { formatExact } from "../../format/dates.ts";
import { Facts, Section } from "../../ui/Facts.tsx";
import { deletingState, type ObjectPage } from "../object-page.ts";

const errorText = (message: string, at: string) =>
  message === "" ? "None" : `${message}${at === "" ? "" : ` (${formatExact(at)})`}`;

export const volumeAttachmentPage: ObjectPage<"volume-attachment"> = {
  noun: "volume-attachment",
  placeholder: "Search by volume or host, e.g. status:failed",
  hints: [
    { word: "status:failed", detail: "Those with an error" },
    { word: "host:", detail: "At one host" },
    { word: "driver:", detail: "By driver" },
  ],
  states: {
    attached: { word: "Attached", tone: "ok" },
    attaching: { word: "Being attached", tone: "working" },
    failed: { word: "Failed", tone: "error" },
    deleting: { ...deletingState, word: "Being detached" },
  },
  columns: [
    {
      id: "volume",
      header: "Volume",
      sortKey: "volume",
      track: "minmax(180px,1.6fr)",
      cell: ({ facts }) => <span className="truncate">{facts.volume}</span>,
      csv: ({ facts }) => facts.volume,
    },
    {
      id: "host",
      header: "Host",
      sortKey: "host",
      track: "minmax(100px,0.8fr)",
      cell: ({ facts }) => <span className="truncate">{facts.host}</span>,
      csv: ({ facts }) => facts.host,
    },
    {
      id: "driver",
      header: "Driver",
      sortKey: "driver",
      track: "minmax(140px,1fr)",
      cell: ({ facts }) => <span className="truncate text-secondary">{facts.driver}</span>,
      csv: ({ facts }) => facts.driver,
    },
    {
      id: "error",
      header: "Error",
      track: "minmax(160px,1.6fr)",
      cell: ({ facts }) => (
        <span className="truncate text-secondary" title={facts.error}>
          {facts.error || "–"}
        </span>
      ),
      csv: ({ facts }) => facts.error,
    },
  ],
  empty: "A volume is attached to a host for as long as something there uses it. None is attached now.",
  narrow: (facts) => [facts.host, facts.volume],
  Overview: ({ detail: { row, detail } }) => (
    <Section title="Attachment">
      <Facts
        facts={[
          { name: "Volume", value: row.facts.volume },
          {
            name: "Disk",
            value:
              detail.disk === null ? (
                "None, or not visible to you"
              ) : (
                <AppLink to={paths.disk(detail.disk.project, detail.disk.name)}>
                  {`${detail.disk.project}/${detail.disk.name}`}
                </AppLink>
              ),
          },
          {
            name: "Host",
            value: (
              <AppLink to={paths.object({ ref: { noun: "csi-node" }, name: row.facts.host })}>
                {row.facts.host}
              </AppLink>
            ),
          },
          { name: "Driver", value: row.facts.driver },
          { name: "Error when attaching", value: errorText(detail.attachError, detail.attachErrorAt) },
          { name: "Error when detaching", value: errorText(detail.detachError, detail.detachErrorAt) },
        ]}
      />
    </Section>
  ),
  deletion: () => "The volume is detached, and attached again where something uses it.",
};
