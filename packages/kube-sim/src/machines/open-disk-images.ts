/** Placeholder until disk images arrive: has none. */
import type { DiskImages } from "./disk-images.ts";

export async function openDiskImages(_options: {
  dir: string;
  log: (message: string, fields?: Record<string, unknown>) => void;
}): Promise<DiskImages> {
  const none = (): Promise<never> => Promise.reject(new Error("no disk images in this build"));
  return {
    get: () => undefined,
    createBlank: none,
    clone: none,
    receiveUpload: none,
    resize: none,
    remove: async () => {},
  };
}
