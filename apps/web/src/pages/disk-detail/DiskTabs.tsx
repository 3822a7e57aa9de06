/** The tabs of a disk. */
import type { DiskDetail } from "@kubev/api-types/disk-detail";
import { useQueryClient } from "@tanstack/react-query";
import { call } from "../../api/client.ts";
import { keyOf, read } from "../../api/queries.ts";
import { ActivityFeed } from "../../components/ActivityFeed.tsx";
import { Age } from "../../components/Age.tsx";
import { AppLink } from "../../components/AppLink.tsx";
import { ButtonLink } from "../../components/ButtonLink.tsx";
import { ClusterCauses } from "../../components/ClusterCauses.tsx";
import { Conditions } from "../../components/Conditions.tsx";
import { DiskOrigin } from "../../components/DiskOrigin.tsx";
import { EventsPanel } from "../../components/EventsPanel.tsx";
import { SimpleTable } from "../../components/SimpleTable.tsx";
import { SectionColumns } from "../../components/SectionColumns.tsx";
import { TabBody } from "../../components/TabBody.tsx";
import { useTitle } from "../../components/use-title.ts";
import { ObjectTextPanel } from "../../editor/ObjectTextPanel.tsx";
import { formatExact } from "../../format/dates.ts";
import { formatBytes } from "../../format/numbers.ts";
import { paths } from "../../paths.ts";
import { type Fact, Facts, Section } from "../../ui/Facts.tsx";
import { StatusMark } from "../../ui/Status.tsx";
import { disabledReason } from "../../components/reason-of.ts";
import { useShownDisk } from "./shown-disk.ts";

export function DiskOverviewTab() {
  const detail = useShownDisk();
  return (
    <TabBody>
      <ClusterCauses tone={detail.row.state.tone} causes={detail.causes} />
      <SectionColumns>
        <div className="grid gap-x-12 gap-y-7 lg:grid-cols-2">
          <Section title="Disk">
            <Facts facts={diskFacts(detail)} />
          </Section>
          <Section title="Storage">
            <Facts facts={storageFacts(detail)} />
          </Section>
        </div>
        <Users detail={detail} />
        <Snapshots detail={detail} />
        <Reported detail={detail} />
      </SectionColumns>
    </TabBody>
  );
}

function diskFacts(detail: DiskDetail): Fact[] {
  const { row, claim } = detail;
  const waits = claim !== null && claim.capacityBytes > 0 && claim.requestBytes > claim.capacityBytes;
  return [
    {
      name: "Size",
      value:
        row.sizeBytes === null
          ? "Not known yet"
          : waits
            ? `${formatBytes(claim.capacityBytes)}, growing to ${formatBytes(claim.requestBytes)}`
            : formatBytes(row.sizeBytes),
    },
    {
      name: "Made from",
      value:
        detail.source === null ? (
          "Nothing: it was made as an empty claim"
        ) : (
          <DiskOrigin source={detail.source} />
        ),
    },
    { name: "Access", value: row.accessModes.join(", ") || "Left to the storage profile" },
    { name: "Volume mode", value: row.volumeMode || "Not known yet" },
    {
      name: "Created",
      value: (
        <span>
          {formatExact(row.createdAt)} (<Age iso={row.createdAt} ago />)
        </span>
      ),
    },
  ];
}

function storageFacts({ row, claim, volume, storageClass }: DiskDetail): Fact[] {
  return [
    {
      name: "Storage class",
      value:
        row.storageClass === ""
          ? "None"
          : storageClass === null
            ? `${row.storageClass}, which does not exist`
            : row.storageClass,
    },
    ...(storageClass === null
      ? []
      : [
          {
            name: "It can",
            value:
              [
                storageClass.accessModes.includes("ReadWriteMany") ? "be shared by hosts" : "",
                storageClass.expandable ? "grow" : "",
                storageClass.snapshots ? "be snapshotted" : "",
              ]
                .filter(Boolean)
                .join(", ") || "None of: share, grow, snapshot",
          },
        ]),
    { name: "Volume", value: claim?.volumeName || "None yet" },
    ...(volume === null
      ? []
      : [
          { name: "Driver", value: volume.driver || "Not a CSI volume" },
          { name: "Name in the storage", value: <span className="break-all">{volume.handle || "–"}</span> },
          {
            name: "When the disk is deleted",
            value: volume.reclaimPolicy === "Retain" ? "Its volume is kept" : "Its volume is deleted",
          },
        ]),
  ];
}

function Users({ detail: { row, machines, images } }: { detail: DiskDetail }) {
  const hidden = machines.length === 0 && row.usedBy.length > 0;
  return (
    <Section title="Used by">
      {machines.length === 0 && images.length === 0 ? (
        <p className="text-secondary">
          {hidden ? "Something that you may not see." : "Nothing uses it now."}
        </p>
      ) : (
        <ul className="flex flex-col gap-1.5">
          {machines.map(({ name, running }) => (
            <li key={name}>
              Machine <AppLink to={paths.vm(row.project, name)}>{name}</AppLink>
              {running ? ", which is running" : ", which is stopped"}
            </li>
          ))}
          {images.map(({ project, name }) => (
            <li key={`${project}/${name}`}>
              Image <AppLink to={paths.image(project, name)}>{name}</AppLink>
            </li>
          ))}
        </ul>
      )}
    </Section>
  );
}

function Snapshots({ detail: { row, snapshots } }: { detail: DiskDetail }) {
  return (
    <Section
      title="Snapshots"
      aside={
        <ButtonLink
          size="sm"
          to={paths.objectCreate("volume-snapshot", row.project)}
          search={{ disk: row.name }}
          disabledReason={disabledReason(row.actions.snapshot)}
        >
          Take a snapshot
        </ButtonLink>
      }
    >
      {snapshots.length === 0 ? (
        <p className="text-secondary">{disabledReason(row.actions.snapshot) ?? "There are none yet."}</p>
      ) : (
        <SimpleTable
          label="Snapshots"
          columns={["Name", "State", "Size", ""]}
          rows={snapshots.map((snapshot) => ({
            key: snapshot.name,
            cells: [
              <AppLink
                key="name"
                look="plain"
                to={paths.object({
                  ref: { noun: "volume-snapshot" },
                  project: row.project,
                  name: snapshot.name,
                })}
              >
                {snapshot.name}
              </AppLink>,
              <StatusMark key="state" tone={snapshot.ready ? "ok" : "working"}>
                {snapshot.ready ? "Ready" : "Being taken"}
              </StatusMark>,
              snapshot.restoreBytes === 0 ? "–" : formatBytes(snapshot.restoreBytes),
              snapshot.ready ? (
                <AppLink
                  key="restore"
                  to={`${paths.diskCreate(row.project)}?snapshot=${encodeURIComponent(snapshot.name)}`}
                >
                  Restore to a new disk
                </AppLink>
              ) : (
                ""
              ),
            ],
          }))}
        />
      )}
    </Section>
  );
}

function Reported({ detail: { claim, dataVolume } }: { detail: DiskDetail }) {
  const all = [
    ...(dataVolume?.conditions ?? []).map((one) => ({ ...one, type: `DataVolume ${one.type}` })),
    ...(claim?.conditions ?? []).map((one) => ({ ...one, type: `PersistentVolumeClaim ${one.type}` })),
  ];
  return (
    <Conditions conditions={all}>
      <Facts
        facts={[
          { name: "Claim", value: claim?.phase ?? "None yet" },
          ...(dataVolume === null
            ? []
            : [
                {
                  name: "DataVolume",
                  value:
                    dataVolume.restarts === 0
                      ? dataVolume.phase || "Not started"
                      : `${dataVolume.phase}, tried again ${dataVolume.restarts} times`,
                },
              ]),
        ]}
      />
    </Conditions>
  );
}

function useShownParams() {
  const { row } = useShownDisk();
  return { row, params: { project: row.project, name: row.name } };
}

export function DiskEventsTab() {
  const { params } = useShownParams();
  useTitle(`Events of ${params.name}`);
  return <EventsPanel events={read("listDiskEvents", { params })} />;
}

export function DiskYamlTab() {
  const { row, params } = useShownParams();
  useTitle(`YAML of ${params.name}`);
  const cache = useQueryClient();
  return (
    <ObjectTextPanel
      what="disk"
      text={read("getDiskYaml", { params })}
      check={(body) => call("checkDiskYaml", { params, body })}
      save={(body) => call("putDiskYaml", { params, body })}
      onSaved={() => cache.invalidateQueries({ queryKey: keyOf("getDisk", { params }) })}
      editRefused={disabledReason(row.actions.edit)}
    />
  );
}

export function DiskActivityTab() {
  const { params } = useShownParams();
  useTitle(`Activity of ${params.name}`);
  return (
    <TabBody>
      <ActivityFeed query={{ ...params, noun: "disk" }} />
    </TabBody>
  );
}
