/** The navigation on narrow screens: slides over the page, closes when a page is chosen. */
import { Dialog } from "@base-ui/react/dialog";
import { Navigation } from "./Navigation.tsx";

export default function NavigationDrawer({ onClose }: { onClose: () => void }) {
  return (
    <Dialog.Root open onOpenChange={onClose}>
      <Dialog.Portal>
        <Dialog.Backdrop className="fixed inset-0 z-overlay bg-backdrop" />
        <Dialog.Popup
          aria-label="Navigation"
          className="fixed inset-y-0 left-0 z-overlay w-[264px] border-r border-stroke bg-sunken shadow-overlay outline-none"
        >
          <Navigation />
        </Dialog.Popup>
      </Dialog.Portal>
    </Dialog.Root>
  );
}
