/** The image of a volume. A scenario's volumes get theirs when they are first needed, so that a demo of forty starts at once. */
import { demoDiskImage } from "../guest/boot-sector.ts";
import type { DiskImage, DiskImages } from "../machines/disk-images.ts";
import { volumeKind } from "./kinds.ts";
import { parseQuantity } from "./quantity.ts";
import type { TypedStore } from "./typed-store.ts";

/** On a PersistentVolume of a scenario: what is on it, `demo-guest` or `blank`. */
export const contentAnnotation = "kubesim.kubev.io/content";

export async function volumeImage(
  store: TypedStore,
  images: DiskImages,
  volume: string,
): Promise<DiskImage | undefined> {
  const image = images.get(volume);
  if (image) return image;
  const object = store.get(volumeKind, undefined, volume);
  const content = object?.metadata.annotations?.[contentAnnotation];
  const capacityBytes = parseQuantity(object?.spec.capacity?.storage);
  if (content === "demo-guest") return images.createFilled(volume, demoDiskImage(), capacityBytes);
  return content === "blank" ? images.createBlank(volume, capacityBytes) : undefined;
}
