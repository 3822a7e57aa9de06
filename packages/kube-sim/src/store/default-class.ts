/** What marks the class that is taken where none is named. */
export const defaultClassAnnotation = "storageclass.kubernetes.io/is-default-class";
export const defaultSnapshotClassAnnotation = "snapshot.storage.kubernetes.io/is-default-class";
