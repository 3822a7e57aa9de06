/** One disk: its header, what can be done with it, its tabs, and the tab that is open. */
import type { DiskDetail } from "@kubev/api-types/disk-detail";
import { useQuery } from "@tanstack/react-query";
import { Outlet } from "@tanstack/react-router";
import { useState } from "react";
import { useLiveFeed } from "../../api/live/use-live.ts";
import { call } from "../../api/client.ts";
import { read } from "../../api/queries.ts";
import { ButtonLink } from "../../components/ButtonLink.tsx";
import { DeleteDialog } from "../../components/DeleteDialog.tsx";
import { DetailFrame, DetailHeader, DetailLoader, DetailTabs } from "../../components/DetailFrame.tsx";
import { DiskAttachDialog } from "../../components/DiskAttachDialog.tsx";
import { DiskResizeDialog } from "../../components/DiskResizeDialog.tsx";
import { disabledReason } from "../../components/reason-of.ts";
import { useGo, useNamed } from "../../components/use-place.ts";
import { useFramingTitle } from "../../components/use-title.ts";
import { diskStateWords } from "../../components/disk-words.ts";
import { formatBytes, formatPercent } from "../../format/numbers.ts";
import { paths } from "../../paths.ts";
import { reasonText } from "../../reasons/reason-text.ts";
import { Button } from "../../ui/Button.tsx";
import { useWaitingFile, waitsForFile } from "../../uploads/use-waiting-file.tsx";
import { StatusMark } from "../../ui/Status.tsx";
import { ShownDisk } from "./shown-disk.ts";

export default function DiskLayout() {
  const { project, name } = useNamed();
  useFramingTitle(name);
  useLiveFeed("disk", project, name);
  const query = useQuery(read("getDisk", { params: { project, name } }));
  return (
    <DetailLoader
      query={query}
      missing={`There is no disk ${name} in ${project}`}
      failed="The disk could not be loaded."
      back={<ButtonLink to={paths.disks(project)}>Disks</ButtonLink>}
    >
      {(detail) => (
        <ShownDisk value={detail}>
          <DetailFrame
            header={<Header detail={detail} />}
            tabs={
              <DetailTabs
                label="Parts of this disk"
                tabs={[
                  { label: "Overview", to: paths.disk(project, name) },
                  { label: "Events", to: paths.disk(project, name, "events") },
                  { label: "YAML", to: paths.disk(project, name, "yaml") },
                  { label: "Activity", to: paths.disk(project, name, "activity") },
                ]}
              />
            }
          >
            <Outlet />
          </DetailFrame>
        </ShownDisk>
      )}
    </DetailLoader>
  );
}

function Header({ detail }: { detail: DiskDetail }) {
  const { row } = detail;
  const { project, name } = row;
  const go = useGo();
  const file = useWaitingFile("disk", row);
  // what others left half sent takes a file too, though it does not say that it waits
  const offersFile = detail.source?.kind === "upload" && (waitsForFile(row) || row.actions.upload.allowed);
  const [open, setOpen] = useState<"attach" | "delete" | "resize" | null>(null);
  const close = () => setOpen(null);
  return (
    <>
      {file.input}
      <DetailHeader
        name={name}
        status={
          <StatusMark
            tone={row.state.tone}
            detail={row.progressPercent === null ? undefined : formatPercent(row.progressPercent)}
          >
            {diskStateWords[row.state.status]}
          </StatusMark>
        }
        line={row.state.reason === undefined ? undefined : reasonText(row.state.reason)}
        actions={
          <>
            {offersFile ? (
              <Button
                tone="primary"
                disabledReason={disabledReason(row.actions.upload)}
                onClick={file.choose}
              >
                Upload its file
              </Button>
            ) : null}
            <Button disabledReason={disabledReason(row.actions.attach)} onClick={() => setOpen("attach")}>
              Attach
            </Button>
            <Button disabledReason={disabledReason(row.actions.resize)} onClick={() => setOpen("resize")}>
              Grow
            </Button>
            <ButtonLink
              to={paths.objectCreate("volume-snapshot", project)}
              search={{ disk: name }}
              disabledReason={disabledReason(row.actions.snapshot)}
            >
              Snapshot
            </ButtonLink>
            <ButtonLink
              to={paths.diskCreate(project)}
              search={{ disk: name }}
              disabledReason={disabledReason(row.actions.clone)}
            >
              Copy
            </ButtonLink>
            <Button disabledReason={disabledReason(row.actions.delete)} onClick={() => setOpen("delete")}>
              Delete
            </Button>
          </>
        }
      />
      {open === "attach" ? <DiskAttachDialog disk={row} onClose={close} /> : null}
      {open === "resize" ? <DiskResizeDialog detail={detail} onClose={close} /> : null}
      {open === "delete" ? (
        <DeleteDialog
          name={name}
          verb="Delete disk"
          run={() => call("deleteDisk", { params: { project, name } })}
          shownBy={["listDisks"]}
          onClose={close}
          onDeleted={() => go(paths.disks(project))}
          consequence={<Consequence detail={detail} />}
        />
      ) : null}
    </>
  );
}

function Consequence({ detail: { row, goes, snapshots } }: { detail: DiskDetail }) {
  const size = row.sizeBytes === null ? "" : ` of ${formatBytes(row.sizeBytes)}`;
  const kinds = goes.map(({ kind, name }) => `${kind} ${name}`).join(", ");
  return (
    <>
      {`The disk${size} and everything on it are deleted for good: ${kinds}.`}
      {snapshots.length === 0 ? "" : " Its snapshots stay."}
    </>
  );
}
