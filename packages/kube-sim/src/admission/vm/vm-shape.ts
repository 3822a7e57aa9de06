/** The fields of a VirtualMachine that admission reads. Clients may send anything; rules check before they trust. */

export interface Disk {
  name: string;
  bootOrder?: number;
  serial?: string;
  disk?: { bus?: string };
  cdrom?: { bus?: string };
  lun?: { bus?: string };
}

export interface Interface {
  name: string;
  model?: string;
  macAddress?: string;
  bootOrder?: number;
  ports?: { port?: number }[];
  bridge?: object;
  masquerade?: object;
  sriov?: object;
  binding?: object;
  macvtap?: object;
  slirp?: object;
  passt?: object;
  passtBinding?: object;
}

export interface Network {
  name: string;
  pod?: object;
  multus?: { networkName?: string; default?: boolean };
}

export interface CloudInit {
  userData?: string;
  userDataBase64?: string;
  secretRef?: object;
  networkData?: string;
  networkDataBase64?: string;
  networkDataSecretRef?: object;
}

export interface Volume {
  name: string;
  cloudInitNoCloud?: CloudInit;
  cloudInitConfigDrive?: CloudInit;
  dataVolume?: { name?: string };
  persistentVolumeClaim?: { claimName?: string };
  serviceAccount?: { serviceAccountName?: string };
  [source: string]: unknown;
}

export interface Domain {
  cpu?: {
    cores?: number;
    sockets?: number;
    threads?: number;
    maxSockets?: number;
    dedicatedCpuPlacement?: boolean;
    isolateEmulatorThread?: boolean;
  };
  memory?: { guest?: string; maxGuest?: string; hugepages?: { pageSize?: string } };
  resources?: { requests?: Record<string, string | number>; limits?: Record<string, string | number> };
  machine?: { type?: string };
  features?: { smm?: { enabled?: boolean } };
  firmware?: {
    uuid?: string;
    serial?: string;
    bootloader?: { efi?: { secureBoot?: boolean }; bios?: object };
  };
  devices?: {
    disks?: Disk[];
    interfaces?: Interface[];
    hostDevices?: unknown[];
    gpus?: unknown[];
  };
}

export interface VmiTemplateSpec {
  domain?: Domain;
  networks?: Network[];
  volumes?: Volume[];
  hostname?: string;
  subdomain?: string;
  architecture?: string;
  evictionStrategy?: string;
  startStrategy?: string;
  dnsPolicy?: string;
  dnsConfig?: { nameservers?: string[] };
  livenessProbe?: Record<string, unknown>;
  readinessProbe?: Record<string, unknown>;
  accessCredentials?: AccessCredential[];
}

export interface AccessCredential {
  sshPublicKey?: { propagationMethod?: Record<string, unknown> };
  userPassword?: { propagationMethod?: Record<string, unknown> };
}

export interface Matcher {
  name?: string;
  kind?: string;
  inferFromVolume?: string;
  inferFromVolumeFailurePolicy?: string;
  revisionName?: string;
}

export interface DataVolumeTemplate {
  metadata?: { name?: string };
  spec?: { source?: object; sourceRef?: object; pvc?: object; storage?: object };
}

export interface VmSpec {
  running?: boolean;
  runStrategy?: string;
  instancetype?: Matcher;
  preference?: Matcher;
  dataVolumeTemplates?: DataVolumeTemplate[];
  template?: {
    metadata?: { labels?: Record<string, string>; annotations?: Record<string, string> };
    spec?: VmiTemplateSpec;
  };
}

/** Collects what is wrong. */
export type Report = (reason: string, field: string, message: string) => void;
