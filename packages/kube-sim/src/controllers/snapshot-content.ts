/** Where the data of a volume snapshot lies: under the handle that its content tells, as a storage system would name it. */
import { volumeSnapshotContentKind, volumeSnapshotKind } from "./kinds.ts";
import type { VolumeSnapshotContent } from "./storage-shapes.ts";
import type { TypedStore } from "./typed-store.ts";

/** Key of the image that holds a content's data. */
export const snapshotHandleOf = (content: VolumeSnapshotContent): string =>
  content.status?.snapshotHandle ?? content.spec.source.snapshotHandle ?? content.metadata.name;

/** Key of the image behind a snapshot, and its size as text; undefined until it is ready to use. */
export function snapshotData(
  store: TypedStore,
  namespace: string | undefined,
  name: string,
): { image: string; restoreSize: string } | undefined {
  const { status } = store.get(volumeSnapshotKind, namespace, name) ?? {};
  if (status?.readyToUse !== true) return undefined;
  const contentName = status.boundVolumeSnapshotContentName ?? "";
  const content = store.get(volumeSnapshotContentKind, undefined, contentName);
  return content && { image: snapshotHandleOf(content), restoreSize: status.restoreSize ?? "0" };
}
