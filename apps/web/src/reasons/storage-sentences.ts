/** Images, disks and storage classes. */
import type { Sentence } from "./params.ts";

export const storageSentences = {
  "image-awaiting-upload": () => "Its file has not been uploaded yet.",
  "image-uploading": () => "Its file is being uploaded.",
  "image-already-filled": () => "It already has its content. Make a new one to upload another file.",
  "image-upload-cut": (p) =>
    p.has("expected")
      ? `The upload was cut off: ${p.bytes("received")} of ${p.bytes("expected")} arrived. Upload the file again.`
      : "The upload was cut off. Upload the file again.",
  "image-upload-refused": () =>
    "The upload service did not accept this file as a disk image. Use a qcow2, raw, ISO, xz or gzip file.",
  "image-file-unlike": (p) =>
    p.text("looks", "") === ""
      ? "The beginning of this file shows no disk image. Choose a qcow2, raw or ISO file."
      : `This is ${p.text("looks")}, not a disk image. Choose a qcow2, raw or ISO file.`,
  "image-upload-not-ready": () => "The cluster is not ready to receive the file yet. Try again in a moment.",
  "image-import-failed": () => "Importing this image failed.",
  "image-source-missing": () => "The volume behind this image does not exist.",
  "image-not-ready": () => "The image is not ready yet.",
  "image-is-deleting": () => "The image is being deleted.",
  "grant-not-ours": () =>
    "It comes from a role that gives more than this. Change the members of the project instead.",
  "image-managed": () => "A scheduled import keeps this image up to date; it would come back.",
  "image-larger-than-disk": (p) =>
    `The image does not fit: it needs ${p.bytes("fileBytes")}, the disk has ${p.bytes("diskBytes")}.`,
  "image-not-iso": () => "This image is not an installer ISO.",
  "image-not-disk": () => "This image is an installer ISO; it cannot be copied to a disk that boots.",
  "upload-too-large": (p) => `The file is larger than the ${p.bytes("limitBytes")} that this console takes.`,
  "upload-service-unknown": () =>
    "The address of the cluster's upload service is not known. Ask an operator.",
  "upload-length-missing": () => "The length of the file was not sent.",
  "upload-length-differs": (p) =>
    `The file has ${p.bytes("declared")}, but ${p.bytes("expected")} were announced. Choose the file again.`,
  "disk-in-use": (p) => `The disk is used by ${p.text("by", "a machine")}.`,
  "disk-of-image": (p) => `The disk belongs to the image ${p.text("image")}.`,
  "disk-takes-no-file": () => "The disk does not wait for a file.",
  "disk-fill-failed": () => "Filling the disk failed.",
  "disk-waiting-for-consumer": () => "The volume is made when a machine first uses the disk.",
  "disk-pending": () => "The volume is not there yet.",
  "disk-lost": () => "The volume behind this disk is lost.",
  "disk-is-deleting": () => "The disk is being deleted.",
  "disk-of-the-definition": () =>
    "It has been part of the machine from its start: take it out in the YAML, and restart the machine.",
  "disk-attached-already": () => "The machine has this disk already.",
  "disk-not-owned": () => "The disk does not belong to this machine; it stays.",
  "disk-kept-shared": (p) => `The disk stays because ${p.text("by", "another machine")} uses it.`,
  "storage-class-missing": (p) => `There is no storage class ${p.text("name")}.`,
  "storage-class-no-default": () => "The cluster has no default storage class. Choose one.",
  "storage-profile-missing": (p) =>
    `The storage class ${p.text("storageClass")} has no storage profile, so disks on it would never be filled.`,
  "storage-driver-unknown": (p) =>
    `The cluster has no CSI driver ${p.text("provisioner", "of this name")}. Unless something else provisions for it, disks of this class wait for ever.`,
  "disk-name-taken-by-old": (p) =>
    `The project has a disk ${p.text("name", "of the name that this machine's would get")} already, and the machine would get that one with all that is on it. Choose another name, or take it as the machine's existing disk, or delete it if nobody needs it.`,
  "disk-name-taken-in-use": (p) =>
    `The machine ${p.text("by", "of another name")} uses a disk ${p.text("name", "of the name that this machine's would get")}. Choose another name.`,
  "storage-profile-empty": (p) =>
    `The storage profile of ${p.text("storageClass")} names no access mode. Ask an operator to complete it.`,
  "storage-waits-for-machine": (p) =>
    `On ${p.text("storageClass")} the volume is made when the machine first starts.`,
  "disk-smaller-than-image": (p) =>
    `The disk of ${p.bytes("diskBytes")} is smaller than its image, which needs ${p.bytes("imageBytes")}.`,
  "disk-missing": (p) => `There is no disk ${p.text("name")} in this project.`,
  "disk-not-ready": (p) => `The disk ${p.text("name")} is not ready yet.`,
  "disk-not-bound": () => "The disk has no volume yet.",
  "disk-shrinks": (p) => `A disk can only grow; it has ${p.bytes("currentBytes")} now.`,
  "disk-class-fixed": (p) => `The storage class ${p.text("storageClass")} does not grow volumes.`,
  "disk-smaller-than-source": (p) =>
    `The disk of ${p.bytes("diskBytes")} is smaller than its source, which has ${p.bytes("sourceBytes")}.`,
  "clone-right-missing": (p) =>
    `You may not copy disks out of ${p.text("project")}. Ask one of its administrators for the right.`,
  "machine-clone-right-missing": (p) =>
    `KubeVirt copies disks in the name of the project ${p.text("project")}, which may not copy out of ${p.text("from")}. An administrator of ${p.text("from")} can let it, on the page of its images.`,
  "clone-source-in-use": (p) =>
    p.has("by")
      ? `The copy begins when ${p.text("by")} no longer runs on the source.`
      : "The copy begins when no machine runs on the source.",
  "source-url-wrong": () => "Give a whole address that begins with https:// or http://.",
  "source-url-credentials": () =>
    "Leave the user and password out of the address: everybody who may read the disk could read them.",
  "source-registry-wrong": () => "Give the image as docker://host/name:tag.",
  "source-checksum-wrong": () => "Give the checksum as sha256: and 64 hexadecimal digits.",
  "storage-mode-unlisted": (p) =>
    `The storage profile of ${p.text("storageClass")} does not name ${p.text("mode")}. The volume may never be made.`,
  "storage-waits-for-consumer": (p) =>
    `On ${p.text("storageClass")} the volume is made and filled when a machine first uses the disk.`,
  "snapshots-absent": () => "This cluster has no volume snapshots: their controller is not installed.",
  "storage-class-no-snapshots": (p) =>
    `No snapshot class fits the driver of ${p.text("storageClass")}, so its disks cannot be snapshotted.`,
  "snapshot-failed": () => "The snapshot could not be taken.",
  "snapshot-immutable": () => "A snapshot cannot be changed. Take another one.",
  "csi-node-no-driver": () => "No storage driver runs on this host, so no volume can be attached there.",
  "storage-capacity-none": () => "There is no space left in this part of the cluster.",
  "volume-attach-failed": () => "The storage driver could not do it.",
  "volume-attachment-managed": () =>
    "The cluster attaches and detaches volumes by itself; stop the machine to detach one.",
  "import-cron-outdated": () => "The image is not up to date with its source.",
  "cron-syntax": () => "Give five fields: minute, hour, day of month, month, day of week.",
  "snapshot-missing": (p) => `There is no snapshot ${p.text("name")} in this project.`,
  "snapshot-not-ready": (p) => `The snapshot ${p.text("name")} is not ready yet.`,
  "image-missing": (p) => `There is no image ${p.text("name")}.`,
} satisfies Record<string, Sentence>;
