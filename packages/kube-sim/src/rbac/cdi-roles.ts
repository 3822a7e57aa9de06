/** The ClusterRoles that CDI installs for people. */
import { type DefaultRole, rule } from "./default-role.ts";

const LABELS = { "operator.cdi.kubevirt.io": "", "app.kubernetes.io/component": "storage" };

export const cdiRoles: readonly DefaultRole[] = [
  {
    name: "cdi.kubevirt.io:admin",
    aggregateTo: "admin",
    labels: LABELS,
    rules: [
      rule(
        "*",
        "cdi.kubevirt.io",
        "datavolumes dataimportcrons datasources volumeimportsources volumeuploadsources volumeclonesources",
      ),
      rule("create", "cdi.kubevirt.io", "datavolumes/source"),
      rule("*", "upload.cdi.kubevirt.io", "uploadtokenrequests"),
    ],
  },
  {
    name: "cdi.kubevirt.io:edit",
    aggregateTo: "edit",
    labels: LABELS,
    rules: [
      rule(
        "*",
        "cdi.kubevirt.io",
        "datavolumes dataimportcrons datasources volumeimportsources volumeuploadsources volumeclonesources",
      ),
      rule("create", "cdi.kubevirt.io", "datavolumes/source"),
      rule("*", "upload.cdi.kubevirt.io", "uploadtokenrequests"),
    ],
  },
  {
    name: "cdi.kubevirt.io:view",
    aggregateTo: "view",
    labels: LABELS,
    rules: [
      rule(
        "get list watch",
        "cdi.kubevirt.io",
        "cdiconfigs dataimportcrons datasources datavolumes objecttransfers storageprofiles volumeimportsources volumeuploadsources volumeclonesources",
      ),
      rule("create", "cdi.kubevirt.io", "datavolumes/source"),
    ],
  },
  {
    name: "cdi.kubevirt.io:config-reader",
    labels: LABELS,
    toEverybody: true,
    rules: [rule("get list watch", "cdi.kubevirt.io", "cdiconfigs storageprofiles")],
  },
];
