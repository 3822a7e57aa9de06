/** Choosing the file of an image that waits for one; the upload goes on when the page is left. */
import type { ImageRow } from "@kubev/api-types/images";
import { useQueryClient } from "@tanstack/react-query";
import { type ChangeEvent, useRef } from "react";
import { urlOf } from "../../api/client.ts";
import { uploads } from "../../uploads/use-uploads.ts";

export const waitsForFile = ({ state }: ImageRow) =>
  state.status === "awaiting-upload" || state.status === "failed";

/** `input` belongs on the page, `choose` opens it. */
export function useImageFile({ project, name }: ImageRow) {
  const cache = useQueryClient();
  const picker = useRef<HTMLInputElement>(null);
  const start = (event: ChangeEvent<HTMLInputElement>) => {
    const file = event.target.files?.[0];
    event.target.value = "";
    if (file === undefined) return;
    const params = { project, name };
    uploads.start({ ...params, file, url: urlOf("uploadImage", { params, query: {} }) }, () => {
      void cache.invalidateQueries({ queryKey: ["listImages"] });
      void cache.invalidateQueries({ queryKey: ["getImage"] });
    });
  };
  return {
    input: <input ref={picker} type="file" hidden onChange={start} />,
    choose: () => picker.current?.click(),
  };
}
