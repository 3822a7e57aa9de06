/** The ClusterRoles that KubeVirt v1.9 installs for people. */
import { type DefaultRole, rule } from "./default-role.ts";

export const kubevirtRoles: readonly DefaultRole[] = [
  {
    name: "kubevirt.io:default",
    labels: { "kubevirt.io": "", "kubernetes.io/bootstrapping": "rbac-defaults" },
    toEverybody: true,
    rules: [
      rule("get list", "kubevirt.io", "kubevirts"),
      rule("get list", "subresources.kubevirt.io", "version guestfs"),
    ],
  },
  {
    name: "kubevirt.io:admin",
    aggregateTo: "admin",
    labels: { "kubevirt.io": "" },
    toEverybody: false,
    rules: [
      rule(
        "get",
        "subresources.kubevirt.io",
        "virtualmachineinstances/console virtualmachineinstances/vnc virtualmachineinstances/vnc/screenshot virtualmachineinstances/portforward virtualmachineinstances/guestosinfo virtualmachineinstances/filesystemlist virtualmachineinstances/userlist virtualmachineinstances/sev/fetchcertchain virtualmachineinstances/sev/querylaunchmeasurement virtualmachineinstances/usbredir virtualmachines/objectgraph virtualmachineinstances/objectgraph",
      ),
      rule(
        "update",
        "subresources.kubevirt.io",
        "virtualmachineinstances/pause virtualmachineinstances/unpause virtualmachineinstances/addvolume virtualmachineinstances/removevolume virtualmachineinstances/freeze virtualmachineinstances/unfreeze virtualmachineinstances/softreboot virtualmachineinstances/reset virtualmachineinstances/sev/setupsession virtualmachineinstances/sev/injectlaunchsecret virtualmachineinstances/evacuate/cancel",
      ),
      rule("get", "subresources.kubevirt.io", "virtualmachines/expand-spec virtualmachines/portforward"),
      rule(
        "update",
        "subresources.kubevirt.io",
        "virtualmachines/start virtualmachines/stop virtualmachines/restart virtualmachines/addvolume virtualmachines/removevolume virtualmachines/memorydump virtualmachines/removememorydump virtualmachines/evacuate/cancel",
      ),
      rule("update", "subresources.kubevirt.io", "expand-vm-spec"),
      rule(
        "get delete create update patch list watch deletecollection",
        "kubevirt.io",
        "virtualmachines virtualmachineinstances virtualmachineinstancepresets virtualmachineinstancereplicasets",
      ),
      rule("get list watch", "kubevirt.io", "virtualmachineinstancemigrations"),
      rule(
        "get delete create update patch list watch deletecollection",
        "snapshot.kubevirt.io",
        "virtualmachinesnapshots virtualmachinesnapshotcontents virtualmachinerestores",
      ),
      rule(
        "get delete create update patch list watch deletecollection",
        "backup.kubevirt.io",
        "virtualmachinebackups virtualmachinebackuptrackers",
      ),
      rule("get delete create update patch list watch deletecollection", "plugin.kubevirt.io", "plugins"),
      rule(
        "get delete create update patch list watch deletecollection",
        "export.kubevirt.io",
        "virtualmachineexports",
      ),
      rule(
        "get delete create update patch list watch deletecollection",
        "clone.kubevirt.io",
        "virtualmachineclones",
      ),
      rule(
        "get delete create update patch list watch deletecollection",
        "instancetype.kubevirt.io",
        "virtualmachineinstancetypes virtualmachineclusterinstancetypes virtualmachinepreferences virtualmachineclusterpreferences",
      ),
      rule(
        "get delete create update patch list watch deletecollection",
        "pool.kubevirt.io",
        "virtualmachinepools",
      ),
      rule("get list watch", "migrations.kubevirt.io", "migrationpolicies"),
    ],
  },
  {
    name: "kubevirt.io:edit",
    aggregateTo: "edit",
    labels: { "kubevirt.io": "" },
    toEverybody: false,
    rules: [
      rule(
        "get",
        "subresources.kubevirt.io",
        "virtualmachineinstances/console virtualmachineinstances/vnc virtualmachineinstances/portforward virtualmachineinstances/guestosinfo virtualmachineinstances/filesystemlist virtualmachineinstances/userlist virtualmachineinstances/sev/fetchcertchain virtualmachineinstances/sev/querylaunchmeasurement virtualmachineinstances/usbredir virtualmachines/objectgraph virtualmachineinstances/objectgraph",
      ),
      rule(
        "update",
        "subresources.kubevirt.io",
        "virtualmachineinstances/pause virtualmachineinstances/unpause virtualmachineinstances/addvolume virtualmachineinstances/removevolume virtualmachineinstances/freeze virtualmachineinstances/unfreeze virtualmachineinstances/softreboot virtualmachineinstances/reset virtualmachineinstances/sev/setupsession virtualmachineinstances/sev/injectlaunchsecret virtualmachineinstances/evacuate/cancel",
      ),
      rule("get", "subresources.kubevirt.io", "virtualmachines/expand-spec virtualmachines/portforward"),
      rule(
        "update",
        "subresources.kubevirt.io",
        "virtualmachines/start virtualmachines/stop virtualmachines/restart virtualmachines/addvolume virtualmachines/removevolume virtualmachines/memorydump virtualmachines/removememorydump virtualmachines/evacuate/cancel",
      ),
      rule("update", "subresources.kubevirt.io", "expand-vm-spec"),
      rule(
        "get delete create update patch list watch",
        "kubevirt.io",
        "virtualmachines virtualmachineinstances virtualmachineinstancepresets virtualmachineinstancereplicasets",
      ),
      rule("get list watch", "kubevirt.io", "virtualmachineinstancemigrations"),
      rule(
        "get delete create update patch list watch",
        "snapshot.kubevirt.io",
        "virtualmachinesnapshots virtualmachinesnapshotcontents virtualmachinerestores",
      ),
      rule(
        "get delete create update patch list watch",
        "backup.kubevirt.io",
        "virtualmachinebackups virtualmachinebackuptrackers",
      ),
      rule("get delete create update patch list watch", "export.kubevirt.io", "virtualmachineexports"),
      rule("get delete create update patch list watch", "clone.kubevirt.io", "virtualmachineclones"),
      rule(
        "get delete create update patch list watch",
        "instancetype.kubevirt.io",
        "virtualmachineinstancetypes virtualmachineclusterinstancetypes virtualmachinepreferences virtualmachineclusterpreferences",
      ),
      rule("get delete create update patch list watch", "pool.kubevirt.io", "virtualmachinepools"),
      rule("get list", "kubevirt.io", "kubevirts"),
      rule("get list watch", "migrations.kubevirt.io", "migrationpolicies"),
    ],
  },
  {
    name: "kubevirt.io:view",
    aggregateTo: "view",
    labels: { "kubevirt.io": "" },
    toEverybody: false,
    rules: [
      rule("get list", "kubevirt.io", "kubevirts"),
      rule(
        "get",
        "subresources.kubevirt.io",
        "virtualmachines/expand-spec virtualmachineinstances/guestosinfo virtualmachineinstances/filesystemlist virtualmachineinstances/userlist virtualmachineinstances/sev/fetchcertchain virtualmachineinstances/sev/querylaunchmeasurement virtualmachines/objectgraph virtualmachineinstances/objectgraph",
      ),
      rule("update", "subresources.kubevirt.io", "expand-vm-spec"),
      rule(
        "get list watch",
        "kubevirt.io",
        "virtualmachines virtualmachineinstances virtualmachineinstancepresets virtualmachineinstancereplicasets virtualmachineinstancemigrations",
      ),
      rule(
        "get list watch",
        "snapshot.kubevirt.io",
        "virtualmachinesnapshots virtualmachinesnapshotcontents virtualmachinerestores",
      ),
      rule("get list watch", "backup.kubevirt.io", "virtualmachinebackups virtualmachinebackuptrackers"),
      rule("get list watch", "export.kubevirt.io", "virtualmachineexports"),
      rule("get list watch", "clone.kubevirt.io", "virtualmachineclones"),
      rule(
        "get list watch",
        "instancetype.kubevirt.io",
        "virtualmachineinstancetypes virtualmachineclusterinstancetypes virtualmachinepreferences virtualmachineclusterpreferences",
      ),
      rule("get list watch", "pool.kubevirt.io", "virtualmachinepools"),
      rule("get list watch", "migrations.kubevirt.io", "migrationpolicies"),
      rule("get list watch", "plugin.kubevirt.io", "plugins"),
    ],
  },
  {
    name: "instancetype.kubevirt.io:view",
    labels: { "kubevirt.io": "" },
    toEverybody: true,
    rules: [
      rule(
        "get list watch",
        "instancetype.kubevirt.io",
        "virtualmachineclusterinstancetypes virtualmachineclusterpreferences",
      ),
    ],
  },
  {
    name: "kubevirt.io:migrate",
    labels: { "kubevirt.io": "" },
    toEverybody: false,
    rules: [
      rule("update", "subresources.kubevirt.io", "virtualmachines/migrate"),
      rule(
        "get delete create update patch list watch deletecollection",
        "kubevirt.io",
        "virtualmachineinstancemigrations",
      ),
    ],
  },
];
