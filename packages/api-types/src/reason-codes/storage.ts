/** Images and disks. */
export const storageReasons = [
  // Images and disks.
  "image-awaiting-upload",
  "image-uploading",
  "image-already-filled",
  "image-upload-cut", // received, expected: bytes
  "image-upload-refused", // the upload service's words in upstreamText
  "image-file-unlike", // looks: what the file seems to be, '' where that is not known
  "image-upload-not-ready",
  "image-import-failed",
  "image-source-missing",
  "image-not-ready",
  "image-is-deleting",
  "grant-not-ours", // it gives more than copying
  "image-managed", // a DataImportCron keeps it
  "image-larger-than-disk", // fileBytes, diskBytes
  "image-not-iso",
  "image-not-disk",
  "upload-too-large", // limitBytes
  "upload-service-unknown",
  "upload-length-missing",
  "upload-length-differs", // declared, expected: bytes
  "disk-in-use", // by: names, comma separated
  "disk-of-image", // image
  "disk-fill-failed",
  "disk-takes-no-file",
  "disk-waiting-for-consumer",
  "disk-pending",
  "disk-lost",
  "disk-is-deleting",
  "disk-not-owned",
  "disk-of-the-definition", // was there when the machine was made: leaves with an edit and a restart only
  "disk-attached-already",
  "cdrom-full",
  "cdrom-empty",
  "nic-of-pod-network",
  "nic-not-pluggable", // binding
  "nic-is-leaving",
  "network-attachment-missing", // name
  "network-attachments-absent",
  "disk-kept-shared", // by

  "disk-not-ready", // name
  "disk-not-bound",
  "disk-shrinks", // currentBytes
  "disk-class-fixed", // storageClass: it does not grow volumes
  "disk-smaller-than-source", // diskBytes, sourceBytes
  "clone-right-missing", // project
  "machine-clone-right-missing", // project, from: KubeVirt copies as the project's service account
  "clone-source-in-use", // by?
  "source-url-wrong",
  "source-url-credentials", // they would stand in the object for everybody to read
  "source-registry-wrong",
  "source-checksum-wrong",
  "storage-mode-unlisted", // storageClass, mode
  "storage-waits-for-consumer", // storageClass
  "snapshots-absent", // the cluster has no snapshot controller
  "storage-class-no-snapshots", // storageClass
  "snapshot-missing", // name
  "snapshot-failed", // the snapshotter's words in upstreamText
  "snapshot-immutable",
  "csi-node-no-driver",
  "storage-capacity-none",
  "volume-attach-failed", // the driver's words in upstreamText
  "volume-attachment-managed",
  "import-cron-outdated", // CDI's words in upstreamText
  "cron-syntax",
  "snapshot-not-ready", // name
] as const;
