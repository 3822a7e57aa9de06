/** One image: its header, what can be done with it, its tabs, and the tab that is open. */
import type { ImageRow } from "@kubev/api-types/images";
import { useQuery } from "@tanstack/react-query";
import { Outlet } from "@tanstack/react-router";
import { useState } from "react";
import { useLiveFeed } from "../../api/live/use-live.ts";
import { read } from "../../api/queries.ts";
import { ButtonLink } from "../../components/ButtonLink.tsx";
import { DetailFrame, DetailHeader, DetailLoader, DetailTabs } from "../../components/DetailFrame.tsx";
import { ImageAccessDialog } from "../../components/ImageAccessDialog.tsx";
import { disabledReason } from "../../components/reason-of.ts";
import { useGo, useNamed } from "../../components/use-place.ts";
import { useFramingTitle } from "../../components/use-title.ts";
import { paths } from "../../paths.ts";
import { Button } from "../../ui/Button.tsx";
import { Badge } from "../../ui/Status.tsx";
import { ImageDelete } from "./ImageDelete.tsx";
import { ImageEditDialog } from "./ImageEditDialog.tsx";
import { ImageStatus } from "./image-columns.tsx";
import { useWaitingFile, waitsForFile } from "../../uploads/use-waiting-file.tsx";
import { ShownImage } from "./shown-image.ts";

export default function ImageLayout() {
  const { project, name } = useNamed();
  useFramingTitle(name);
  useLiveFeed("image", project, name);
  const query = useQuery(read("getImage", { params: { project, name } }));
  return (
    <DetailLoader
      query={query}
      missing={`There is no image ${name} in ${project}`}
      failed="The image could not be loaded."
      back={<ButtonLink to={paths.images(project)}>Images</ButtonLink>}
    >
      {(detail) => (
        <ShownImage value={detail}>
          <DetailFrame
            header={<Header image={detail.row} />}
            tabs={
              <DetailTabs
                label="Parts of this image"
                tabs={[
                  { label: "Overview", to: paths.image(project, name) },
                  { label: "Events", to: paths.image(project, name, "events") },
                  { label: "YAML", to: paths.image(project, name, "yaml") },
                  { label: "Activity", to: paths.image(project, name, "activity") },
                ]}
              />
            }
          >
            <Outlet />
          </DetailFrame>
        </ShownImage>
      )}
    </DetailLoader>
  );
}

/** Where a machine of it is made: beside it, or for a shared image in a project of the reader's own. */
function useProjectForMachines({ project, shared }: ImageRow): string {
  const projects = useQuery({ ...read("listProjects", { query: { pageSize: 200 } }), enabled: shared }).data;
  const open = projects?.rows.filter((row) => row.actions.createVirtualMachine.allowed) ?? [];
  return (open.find((row) => row.name === project) ?? open[0])?.name ?? project;
}

function Header({ image }: { image: ImageRow }) {
  const { project, name, displayName, actions } = image;
  const go = useGo();
  const file = useWaitingFile("image", image);
  const [open, setOpen] = useState<"edit" | "access" | "delete" | null>(null);
  const close = () => setOpen(null);
  const into = useProjectForMachines(image);
  return (
    <>
      {file.input}
      <DetailHeader
        name={displayName}
        status={
          <span className="flex min-w-0 items-center gap-3">
            <ImageStatus image={image} />
            {image.shared ? <Badge>Shared</Badge> : null}
          </span>
        }
        line={displayName === name ? undefined : name}
        actions={
          <>
            <ButtonLink
              tone="primary"
              to={paths.vmCreate(into)}
              search={{ source: image.media === "iso" ? "iso" : "image", image: `${project}/${name}` }}
              disabledReason={disabledReason(actions.createVirtualMachine)}
            >
              Create a machine
            </ButtonLink>
            {waitsForFile(image) ? (
              <Button disabledReason={disabledReason(actions.upload)} onClick={file.choose}>
                Upload its file
              </Button>
            ) : null}
            <Button disabledReason={disabledReason(actions.edit)} onClick={() => setOpen("edit")}>
              Edit
            </Button>
            <Button onClick={() => setOpen("access")}>Who may copy</Button>
            <Button disabledReason={disabledReason(actions.delete)} onClick={() => setOpen("delete")}>
              Delete
            </Button>
          </>
        }
      />
      {open === "edit" ? <ImageEditDialog image={image} onClose={close} /> : null}
      {open === "access" ? <ImageAccessDialog project={project} onClose={close} /> : null}
      {open === "delete" ? (
        <ImageDelete image={image} onClose={close} onDeleted={() => go(paths.images(project))} />
      ) : null}
    </>
  );
}
