/** The storage controllers that look at many objects at once instead of one by one. */
import type { ControllerContext } from "./controller.ts";
import { startCsiController } from "./csi-controller.ts";
import { startDataImportCrons } from "./data-import-cron-controller.ts";
import { startStorageProfiles } from "./storage-profile-controller.ts";
import type { TypedStore } from "./typed-store.ts";

/** Starts them; returns the way to stop. */
export function startStorageReports(
  context: ControllerContext,
  storeOf: (manager: string) => TypedStore,
): () => void {
  const stops = [
    startCsiController(context, storeOf("attachdetach-controller")),
    startDataImportCrons(context, storeOf("cdi-controller")),
    startStorageProfiles(storeOf("cdi-controller"), context.clock),
  ];
  return () => {
    for (const stop of stops) stop();
  };
}
