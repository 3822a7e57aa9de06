/** Where messages appear; loaded after the first screen is up. */
import { Toaster } from "sonner";

export default function Toasts() {
  return <Toaster position="bottom-right" offset={{ bottom: 56, right: 20 }} visibleToasts={4} closeButton />;
}
