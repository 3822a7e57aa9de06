/** The images a project may use: its own and the shared ones. */
import type { ImageRow } from "@kubev/api-types/images";
import { useQuery } from "@tanstack/react-query";
import { Disc3, Plus, Upload } from "lucide-react";
import { useState } from "react";
import { rowKey } from "../../api/live/list-window.ts";
import { capabilitiesQuery, readList } from "../../api/queries.ts";
import { AppLink } from "../../components/AppLink.tsx";
import { ButtonLink } from "../../components/ButtonLink.tsx";
import { ImageAccessDialog } from "../../components/ImageAccessDialog.tsx";
import { disabledReason } from "../../components/reason-of.ts";
import { useGo } from "../../components/use-place.ts";
import { useProjectActions } from "../../components/use-project-actions.ts";
import { formatBytes, formatPlural } from "../../format/numbers.ts";
import { paths } from "../../paths.ts";
import { BulkDelete } from "../../table/BulkDelete.tsx";
import { ListPage } from "../../table/ListPage.tsx";
import { DeleteItem, RowMenu } from "../../table/RowMenu.tsx";
import { NarrowRow } from "../../table/NarrowRow.tsx";
import { StateFacets } from "../../table/StateFacets.tsx";
import { useList } from "../../table/use-list.ts";
import { useSelection } from "../../table/use-selection.ts";
import { Button } from "../../ui/Button.tsx";
import { MenuItem } from "../../ui/Menu.tsx";
import { EmptyState } from "../../ui/States.tsx";
import { deleteImage, ImageDelete } from "./ImageDelete.tsx";
import { ImageEditDialog } from "./ImageEditDialog.tsx";
import { ImageStatus, imageColumns, imageHints, imageStateTones, imageStateWords } from "./image-columns.tsx";
import { useWaitingFile, waitsForFile } from "../../uploads/use-waiting-file.tsx";

const icon = { size: 16, strokeWidth: 1.5, "aria-hidden": true } as const;

const shownWords = { status: imageStateWords };

export default function ImageListPage() {
  const list = useList("images");
  const { project } = list;
  const { uploadRefused } = useProjectActions(project);
  const go = useGo();
  const [deleting, setDeleting] = useState<ImageRow | null>(null);
  const [editing, setEditing] = useState<ImageRow | null>(null);
  const [sharing, setSharing] = useState(false);
  const selection = useSelection<ImageRow>(list);
  const upload =
    project === undefined ? null : (
      <ButtonLink
        to={paths.imageUpload(project)}
        tone="primary"
        disabledReason={uploadRefused}
        icon={<Upload {...icon} />}
      >
        Upload image
      </ButtonLink>
    );
  const actions =
    project === undefined ? null : (
      <span className="flex flex-wrap gap-2">
        <Button onClick={() => setSharing(true)}>Who may copy</Button>
        <ButtonLink to={paths.imageImport(project)} disabledReason={uploadRefused}>
          Import image
        </ButtonLink>
        {upload}
      </span>
    );
  return (
    <>
      <ListPage<ImageRow>
        tableId={project === undefined ? "platform-images" : "images"}
        title="Images"
        failed="The list of images could not be loaded."
        placeholder="Search, e.g. debian status:ready"
        hints={imageHints}
        words={shownWords}
        columns={imageColumns}
        list={list}
        keyOf={rowKey}
        selection={selection}
        bulkBar={
          <BulkDelete
            selection={selection}
            one="image"
            many="images"
            consequence={() =>
              "The images are deleted for good. New machines can no longer be made from them; machines that were keep their own disks."
            }
            run={deleteImage}
            shownBy={["listImages"]}
          />
        }
        onOpen={(image) => go(paths.image(image.project, image.name))}
        nameOf={(image) => image.name}
        action={actions}
        facets={(reply, q, setQ) => (
          <>
            <StateFacets
              reply={reply}
              words={imageStateWords}
              tones={imageStateTones}
              q={q}
              onChange={setQ}
            />
            {project === undefined ? null : <SharedImages project={project} />}
          </>
        )}
        empty={
          <EmptyState
            title={project === undefined ? "There are no images" : "This project has no images of its own"}
            icon={<Disc3 size={28} strokeWidth={1.25} aria-hidden />}
            action={upload}
          >
            An image is what a machine starts from: a disk with a system on it, or an installer ISO. Upload a
            file from your computer, or import one from an address.
            {project === undefined ? null : <SharedImages project={project} />}
          </EmptyState>
        }
        renderNarrow={(image) => (
          <NarrowRow
            name={image.displayName === "" ? image.name : image.displayName}
            to={paths.image(image.project, image.name)}
            status={<ImageStatus image={image} />}
            facts={[
              image.shared ? "Shared" : "",
              image.sizeBytes === null ? "" : formatBytes(image.sizeBytes),
            ]}
          />
        )}
        renderActions={(image) => (
          <ImageMenu
            image={image}
            project={project}
            onEdit={() => setEditing(image)}
            onDelete={() => setDeleting(image)}
          />
        )}
      />
      {editing === null ? null : (
        <ImageEditDialog key={editing.ref.uid} image={editing} onClose={() => setEditing(null)} />
      )}
      {sharing && project !== undefined ? (
        <ImageAccessDialog project={project} onClose={() => setSharing(false)} />
      ) : null}
      {deleting === null ? null : <ImageDelete image={deleting} onClose={() => setDeleting(null)} />}
    </>
  );
}

/** What can be used all the same: the images that every project shares. */
function SharedImages({ project }: { project: string }) {
  const shared = useQuery(capabilitiesQuery()).data?.sharedImagesProject;
  const count = useQuery({
    ...readList("listImages", { query: { project: shared ?? "", pageSize: 1 } }),
    enabled: shared !== undefined && shared !== project,
  }).data?.total;
  return count === undefined || count === 0 ? null : (
    <p className="mt-2 text-secondary">
      {formatPlural(count, "shared image can be used here.", "shared images can be used here.")}{" "}
      <AppLink to={paths.vmCreate(project)} className="underline underline-offset-2">
        Create a machine from one
      </AppLink>
    </p>
  );
}

function ImageMenu({
  image,
  project,
  onEdit,
  onDelete,
}: {
  image: ImageRow;
  project: string | undefined;
  onEdit: () => void;
  onDelete: () => void;
}) {
  const go = useGo();
  const file = useWaitingFile("image", image);
  return (
    <>
      {file.input}
      <RowMenu name={image.name}>
        <MenuItem
          icon={<Plus {...icon} />}
          disabledReason={disabledReason(image.actions.createVirtualMachine)}
          onSelect={() =>
            go(paths.vmCreate(project ?? image.project), {
              source: image.media === "iso" ? "iso" : "image",
              image: `${image.project}/${image.name}`,
            })
          }
        >
          Create a machine from it
        </MenuItem>
        {waitsForFile(image) ? (
          <MenuItem
            icon={<Upload {...icon} />}
            disabledReason={disabledReason(image.actions.upload)}
            onSelect={file.choose}
          >
            Upload its file
          </MenuItem>
        ) : null}
        <MenuItem disabledReason={disabledReason(image.actions.edit)} onSelect={onEdit}>
          Edit
        </MenuItem>
        <DeleteItem verb="Delete image" decision={image.actions.delete} onSelect={onDelete} />
      </RowMenu>
    </>
  );
}
