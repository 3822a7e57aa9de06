/** The tabs of an image. */
import type { ImageDetail } from "@kubev/api-types/image-detail";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { call } from "../../api/client.ts";
import { read } from "../../api/queries.ts";
import { ActivityFeed } from "../../components/ActivityFeed.tsx";
import { Age } from "../../components/Age.tsx";
import { AppLink } from "../../components/AppLink.tsx";
import { ClusterCauses } from "../../components/ClusterCauses.tsx";
import { Conditions } from "../../components/Conditions.tsx";
import { DiskOrigin } from "../../components/DiskOrigin.tsx";
import { EventsPanel } from "../../components/EventsPanel.tsx";
import { disabledReason } from "../../components/reason-of.ts";
import { TabBody } from "../../components/TabBody.tsx";
import { useTitle } from "../../components/use-title.ts";
import { ObjectTextPanel } from "../../editor/ObjectTextPanel.tsx";
import { formatExact } from "../../format/dates.ts";
import { formatBytes, formatCount } from "../../format/numbers.ts";
import { paths } from "../../paths.ts";
import { reasonText } from "../../reasons/reason-text.ts";
import { type Fact, Facts, Section } from "../../ui/Facts.tsx";
import { imageStateWords } from "./image-columns.tsx";
import { useShownImage } from "./shown-image.ts";

export function ImageOverviewTab() {
  const detail = useShownImage();
  const { state, shared, project, name } = detail.row;
  return (
    <TabBody>
      <ClusterCauses tone={state.tone} causes={detail.causes} />
      <div className="grid gap-x-12 gap-y-7 lg:grid-cols-2">
        <Section title="Image">
          <Facts facts={imageFacts(detail)} />
        </Section>
        <Section title="Storage">
          <Facts facts={storageFacts(detail)} />
        </Section>
      </div>
      <div className="grid gap-x-12 gap-y-7 lg:grid-cols-2">
        <MadeOf
          title="Machines made from it"
          made={detail.machines}
          to={paths.vm}
          all={`${paths.vms(shared ? undefined : project)}?q=${encodeURIComponent(`image:${project}/${name}`)}`}
        />
        <MadeOf title="Disks made from it" made={detail.disks} to={paths.disk} />
      </div>
      <MayCopy detail={detail} />
      <Conditions conditions={detail.conditions} />
    </TabBody>
  );
}

function imageFacts({ row, source, schedule }: ImageDetail): Fact[] {
  const { state } = row;
  return [
    {
      name: "State",
      value: (
        <>
          {imageStateWords[state.status]}
          {state.reason === undefined ? "" : `. ${reasonText(state.reason)}`}
        </>
      ),
    },
    {
      name: "Kind",
      value: row.media === "iso" ? "Installer ISO, inserted as a CD-ROM" : "Disk that boots by itself",
    },
    { name: "Made from", value: source === null ? "Not known any more" : <DiskOrigin source={source} /> },
    ...(schedule === null
      ? []
      : [
          {
            name: "Kept up to date by",
            value: (
              <AppLink
                to={paths.object({ ref: { noun: "data-import-cron" }, project: row.project, name: schedule })}
              >
                {schedule}
              </AppLink>
            ),
          },
        ]),
    {
      name: "Instance type",
      value:
        row.defaultInstanceType === undefined ? (
          "None is proposed"
        ) : (
          <AppLink to={paths.object({ ref: { noun: "instance-type" }, name: row.defaultInstanceType })}>
            {row.defaultInstanceType}
          </AppLink>
        ),
    },
    {
      name: "Preference",
      value:
        row.defaultPreference === undefined ? (
          "None is proposed"
        ) : (
          <AppLink to={paths.object({ ref: { noun: "preference" }, name: row.defaultPreference })}>
            {row.defaultPreference}
          </AppLink>
        ),
    },
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

const contentWords: Record<string, string> = { kubevirt: "A disk", archive: "Files of an archive" };

function holder({ held }: ImageDetail): Fact["value"] {
  if (held === null) return "Nothing yet";
  const { kind, project, name, shown } = held;
  const what = kind === "disk" ? "The disk" : "The volume snapshot";
  const to =
    kind === "disk"
      ? paths.disk(project, name)
      : paths.object({ ref: { noun: "volume-snapshot" }, project, name });
  return (
    <>
      {what} {shown ? <AppLink to={to}>{name}</AppLink> : name}
    </>
  );
}

function storageFacts(detail: ImageDetail): Fact[] {
  const { row, contentType, volumeMode, accessModes } = detail;
  return [
    { name: "Size", value: row.sizeBytes === null ? "Not known yet" : formatBytes(row.sizeBytes) },
    { name: "Held by", value: holder(detail) },
    ...(contentType === "" ? [] : [{ name: "Content", value: contentWords[contentType] ?? contentType }]),
    { name: "Storage class", value: row.storageClass || "None" },
    { name: "Volume mode", value: volumeMode || "Not known yet" },
    { name: "Access", value: accessModes.join(", ") || "Not known yet" },
  ];
}

interface MadeOfProps {
  title: string;
  made: ImageDetail["machines"];
  to: (project: string, name: string) => string;
  /** The list, where more are than are named and it can show them alone. */
  all?: string;
}

function MadeOf({ title, made, to, all }: MadeOfProps) {
  const and = `and ${formatCount(made.total - made.named.length)} more`;
  return (
    <Section title={`${title}${made.total === 0 ? "" : ` (${formatCount(made.total)})`}`}>
      {made.total === 0 ? (
        <p className="text-secondary">None that you may see.</p>
      ) : (
        <ul className="flex flex-col gap-1.5">
          {made.named.map(({ project, name }) => (
            <li key={`${project}/${name}`} className="flex min-w-0 justify-between gap-3">
              <AppLink to={to(project, name)} className="truncate">
                {name}
              </AppLink>
              <span className="truncate text-secondary">{project}</span>
            </li>
          ))}
          {made.total === made.named.length ? null : (
            <li className="text-secondary">{all === undefined ? and : <AppLink to={all}>{and}</AppLink>}</li>
          )}
        </ul>
      )}
    </Section>
  );
}

const namedAtMost = 12;

/** Who can make disks of it from other projects, by the rights of its project. */
function MayCopy({ detail: { row } }: { detail: ImageDetail }) {
  const access = useQuery({
    ...read("getImageAccess", { params: { project: row.project } }),
    retry: false,
  });
  const grants = access.data?.grants;
  return (
    <Section title="Who may copy it">
      <p className="text-secondary">
        {row.shared
          ? "The operator shares the images of this project: everybody who has a project sees it."
          : `Whoever may make disks in ${row.project}.`}
      </p>
      {grants === undefined ? (
        access.error === null ? null : (
          <p className="text-secondary">You may not see who else may copy it.</p>
        )
      ) : grants.length === 0 ? (
        <p className="text-secondary">Nobody from other projects.</p>
      ) : (
        <ul className="flex flex-col gap-1">
          {grants.slice(0, namedAtMost).map((one) => (
            <li
              key={`${one.binding}-${one.kind}-${one.name}`}
              className="flex max-w-xl min-w-0 justify-between gap-3"
            >
              <span className="truncate">{one.name}</span>
              <span className="truncate text-secondary">
                {one.clusterWide ? `${one.role}, in all projects` : one.role}
              </span>
            </li>
          ))}
          {grants.length > namedAtMost ? (
            <li className="text-secondary">{`and ${formatCount(grants.length - namedAtMost)} more`}</li>
          ) : null}
        </ul>
      )}
    </Section>
  );
}

function useShownParams() {
  const { row } = useShownImage();
  return { row, params: { project: row.project, name: row.name } };
}

export function ImageEventsTab() {
  const { params } = useShownParams();
  useTitle(`Events of ${params.name}`);
  return <EventsPanel events={read("listImageEvents", { params })} />;
}

export function ImageYamlTab() {
  const { row, params } = useShownParams();
  useTitle(`YAML of ${params.name}`);
  const cache = useQueryClient();
  return (
    <ObjectTextPanel
      what="image"
      text={read("getImageYaml", { params })}
      check={(body) => call("checkImageYaml", { params, body })}
      save={(body) => call("putImageYaml", { params, body })}
      onSaved={() => cache.invalidateQueries({ queryKey: ["getImage"] })}
      editRefused={disabledReason(row.actions.edit)}
    />
  );
}

export function ImageActivityTab() {
  const { params } = useShownParams();
  useTitle(`Activity of ${params.name}`);
  return (
    <TabBody>
      <ActivityFeed query={{ ...params, noun: "image" }} />
    </TabBody>
  );
}
