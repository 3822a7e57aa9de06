/** Deleting an image, after saying what stays. */
import type { ImageRow } from "@kubev/api-types/images";
import { call } from "../../api/client.ts";
import { DeleteDialog } from "../../components/DeleteDialog.tsx";
import { formatPlural } from "../../format/numbers.ts";

interface ImageDeleteProps {
  image: ImageRow;
  onClose: () => void;
  onDeleted?: () => void;
}

export const deleteImage = async ({ project, name }: ImageRow) =>
  call("deleteImage", { params: { project, name } });

export function ImageDelete({ image, onClose, onDeleted }: ImageDeleteProps) {
  const kept =
    image.usedBy > 0
      ? ` ${formatPlural(image.usedBy, "machine that was made from it keeps its own disk.", "machines that were made from it keep their own disks.")}`
      : "";
  return (
    <DeleteDialog
      name={image.name}
      verb="Delete image"
      run={() => deleteImage(image)}
      shownBy={["listImages"]}
      onClose={onClose}
      onDeleted={onDeleted}
      consequence={`The image is deleted for good. New machines can no longer be made from it.${kept}`}
    />
  );
}
