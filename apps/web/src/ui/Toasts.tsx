/** Where messages appear, and what puts them there; loaded after the first screen is up. */
import { toast, Toaster } from "sonner";

/** From this module: a chunk of its own would be asked for with the first message, which may be that the network is gone. */
export const sonner = toast;

export default function Toasts() {
  return <Toaster position="bottom-right" offset={{ bottom: 56, right: 20 }} visibleToasts={4} closeButton />;
}
