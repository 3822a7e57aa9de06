/** Keeps what the screen shows as a PNG file. */
import type RFB from "@novnc/novnc";
import { toast } from "../ui/toast.ts";
import { offerFile } from "../table/csv.ts";

export function saveScreenshot(client: RFB | null, machine: string): void {
  if (client === null) return;
  client.toBlob((blob) => {
    if (blob === null) {
      toast.error("The screen could not be saved.");
      return;
    }
    const stamp = new Date().toISOString().slice(0, 19).replaceAll(":", "-");
    offerFile(`${machine}-${stamp}.png`, [blob], "image/png");
  }, "image/png");
}
